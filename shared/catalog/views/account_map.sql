-- Account ids and their last known names, for dashboards that join account_map on usage_account_id.
SELECT account_id, max_by(account_name, usage_period) AS account_name
FROM accounts
GROUP BY account_id

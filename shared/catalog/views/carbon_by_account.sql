-- carbon_latest with account name, state, OU path and tags (JSON text) as they were in that month, from the newest snapshot of the organization not after the month's end. Months before the first snapshot take the first one: metadata_as_of says when it was made. Accounts in no snapshot have no name.
WITH snapshot_month AS (
  SELECT
    m.usage_period,
    coalesce(
      max(CASE WHEN s.usage_period <= m.usage_period THEN s.usage_period END),
      min(s.usage_period)
    ) AS snapshot_period
  FROM (SELECT DISTINCT usage_period FROM carbon_versions) m
  CROSS JOIN (SELECT DISTINCT usage_period FROM accounts) s
  GROUP BY m.usage_period
)
SELECT
  e.*,
  a.account_name,
  a.state AS account_state,
  a.ou_path,
  a.tags,
  a.joined,
  a.has_left = 'true' AS has_left,
  a.metadata_as_of
FROM carbon_latest e
LEFT JOIN snapshot_month m ON m.usage_period = e.usage_period
LEFT JOIN accounts a
  ON a.usage_period = m.snapshot_period
  AND a.account_id = e.usage_account_id

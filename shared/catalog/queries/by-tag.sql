-- Emissions by the value of one tag of accounts in AWS Organizations, as accounts were tagged in each month; null holds accounts without the tag (MTCO2e). For tags of usage in the bills see by-breakdown.
-- Exports of AWS have no location-based totals before June 2025 and no scopes before October 2025. lbm_months and scope_months count the months in which all values are known. Sums contain only known values.
-- parameter tag_key = team: key of the account tag
-- parameter first_month = 2000-01: first month that counts
-- parameter last_month = 2099-12: last month that counts
SELECT
  tag_value,
  count(DISTINCT usage_account_id) AS accounts,
  sum(total_lbm_emissions_value) AS total_lbm,
  sum(total_mbm_emissions_value) AS total_mbm,
  sum(total_scope_1_emissions_value) AS scope_1,
  sum(total_scope_2_lbm_emissions_value) AS scope_2_lbm,
  sum(total_scope_2_mbm_emissions_value) AS scope_2_mbm,
  sum(total_scope_3_lbm_emissions_value) AS scope_3_lbm,
  sum(total_scope_3_mbm_emissions_value) AS scope_3_mbm,
  count(DISTINCT usage_period) AS months,
  count(DISTINCT usage_period) - count(DISTINCT CASE WHEN total_lbm_emissions_value IS NULL THEN usage_period END) AS lbm_months,
  count(DISTINCT usage_period) - count(DISTINCT CASE WHEN total_scope_1_emissions_value IS NULL THEN usage_period END) AS scope_months
FROM (
  SELECT e.*, json_extract_scalar(tags, '$["{{tag_key}}"]') AS tag_value
  FROM carbon_by_account e
) tagged
WHERE usage_period BETWEEN '{{first_month}}' AND '{{last_month}}'
GROUP BY tag_value
ORDER BY total_mbm DESC, tag_value

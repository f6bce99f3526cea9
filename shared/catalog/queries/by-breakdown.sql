-- Emissions by the value of one breakdown: a tag or cost category of usage in the bills, or the resource (run --by, by in cdk.json), in the newest version of each month (MTCO2e). Each breakdown adds up to the export. For tags of whole accounts see by-tag.
-- Exports of AWS have no location-based totals before June 2025 and no scopes before October 2025. lbm_months and scope_months count the months in which all values are known. Sums contain only known values.
-- parameter split_by = first: breakdown, such as tag:team, cost-category:Unit or resource; first is the first one by name
-- parameter first_month = 2000-01: first month that counts
-- parameter last_month = 2099-12: last month that counts
SELECT
  t.split_by,
  t.split_value,
  count(DISTINCT t.usage_period) AS months,
  sum(t.total_lbm_emissions_value) AS total_lbm,
  sum(t.total_mbm_emissions_value) AS total_mbm,
  sum(t.total_scope_1_emissions_value) AS scope_1,
  sum(t.total_scope_2_lbm_emissions_value) AS scope_2_lbm,
  sum(t.total_scope_2_mbm_emissions_value) AS scope_2_mbm,
  sum(t.total_scope_3_lbm_emissions_value) AS scope_3_lbm,
  sum(t.total_scope_3_mbm_emissions_value) AS scope_3_mbm,
  count(DISTINCT t.usage_period) - count(DISTINCT CASE WHEN t.total_lbm_emissions_value IS NULL THEN t.usage_period END) AS lbm_months,
  count(DISTINCT t.usage_period) - count(DISTINCT CASE WHEN t.total_scope_1_emissions_value IS NULL THEN t.usage_period END) AS scope_months
FROM carbon_by_tag t
JOIN carbon_versions v
  ON v.usage_period = t.usage_period
  AND v.carbon_model_version = t.carbon_model_version
WHERE v.version_rank = 1
  AND t.usage_period BETWEEN '{{first_month}}' AND '{{last_month}}'
  AND t.split_by = CASE
    WHEN '{{split_by}}' = 'first' THEN (SELECT min(split_by) FROM carbon_by_tag)
    ELSE '{{split_by}}'
  END
GROUP BY t.split_by, t.split_value
ORDER BY total_mbm DESC, t.split_value

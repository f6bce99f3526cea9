-- Emissions by calendar quarter; months is how many of its three are published (MTCO2e).
-- Exports of AWS have no location-based totals before June 2025 and no scopes before October 2025. lbm_months and scope_months count the months in which all values are known. Sums contain only known values.
SELECT
  usage_quarter,
  count(DISTINCT usage_period) AS months,
  sum(total_lbm_emissions_value) AS total_lbm,
  sum(total_mbm_emissions_value) AS total_mbm,
  sum(total_scope_1_emissions_value) AS scope_1,
  sum(total_scope_2_lbm_emissions_value) AS scope_2_lbm,
  sum(total_scope_2_mbm_emissions_value) AS scope_2_mbm,
  sum(total_scope_3_lbm_emissions_value) AS scope_3_lbm,
  sum(total_scope_3_mbm_emissions_value) AS scope_3_mbm,
  count(DISTINCT usage_period) - count(DISTINCT CASE WHEN total_lbm_emissions_value IS NULL THEN usage_period END) AS lbm_months,
  count(DISTINCT usage_period) - count(DISTINCT CASE WHEN total_scope_1_emissions_value IS NULL THEN usage_period END) AS scope_months
FROM (
  SELECT
    e.*,
    substr(usage_period, 1, 4) || '-Q' || CAST((CAST(substr(usage_period, 6, 2) AS integer) + 2) / 3 AS varchar) AS usage_quarter
  FROM carbon_latest e
) quarters
GROUP BY usage_quarter
ORDER BY usage_quarter

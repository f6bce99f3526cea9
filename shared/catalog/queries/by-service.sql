-- Emissions by service (MTCO2e).
-- Exports of AWS have no location-based totals before June 2025 and no scopes before October 2025. lbm_months and scope_months count the months in which all values are known. Sums contain only known values.
-- parameter first_month = 2000-01: first month that counts
-- parameter last_month = 2099-12: last month that counts
SELECT
  product_code,
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
FROM carbon_latest
WHERE usage_period BETWEEN '{{first_month}}' AND '{{last_month}}'
GROUP BY product_code
ORDER BY total_mbm DESC, product_code

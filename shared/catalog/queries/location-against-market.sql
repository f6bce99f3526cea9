-- Location-based against market-based emissions by month: the difference is the effect of contracts and certificates (MTCO2e). Where AWS did not deliver location-based emissions of all rows, as before June 2025, total_lbm, difference and share are null, and rows_without_lbm counts these rows.
-- parameter first_month = 2000-01: first month that counts
-- parameter last_month = 2099-12: last month that counts
SELECT
  usage_period,
  carbon_model_version,
  total_lbm,
  total_mbm,
  total_lbm - total_mbm AS difference,
  CASE WHEN total_lbm > 0 THEN (total_lbm - total_mbm) / total_lbm END AS share_of_lbm,
  rows_without_lbm
FROM (
  SELECT
    usage_period,
    carbon_model_version,
    CASE WHEN count(total_lbm_emissions_value) = count(*) THEN sum(total_lbm_emissions_value) END AS total_lbm,
    sum(total_mbm_emissions_value) AS total_mbm,
    count(*) - count(total_lbm_emissions_value) AS rows_without_lbm
  FROM carbon_latest
  WHERE usage_period BETWEEN '{{first_month}}' AND '{{last_month}}'
  GROUP BY usage_period, carbon_model_version
) months
ORDER BY usage_period

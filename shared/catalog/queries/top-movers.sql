-- Accounts and services whose market-based emissions changed most against the month before (MTCO2e).
-- parameter month = newest: month YYYY-MM, or newest
-- parameter count = 20: number of rows
SELECT
  usage_period,
  usage_account_id,
  product_code,
  previous_total_mbm_emissions_value AS previous_mbm,
  total_mbm_emissions_value AS total_mbm,
  change_total_mbm_emissions_value AS change_mbm,
  previous_model_version,
  carbon_model_version
FROM carbon_month_over_month
WHERE change_total_mbm_emissions_value IS NOT NULL
  AND usage_period = CASE
    WHEN '{{month}}' = 'newest' THEN (SELECT max(usage_period) FROM carbon_versions)
    ELSE '{{month}}'
  END
ORDER BY abs(change_total_mbm_emissions_value) DESC, usage_account_id, product_code
LIMIT {{count:integer}}

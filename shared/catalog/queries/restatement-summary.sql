-- What newer model versions changed, month by month (MTCO2e).
SELECT
  usage_period,
  old_model_version,
  new_model_version,
  sum(old_total_lbm_emissions_value) AS old_lbm,
  sum(new_total_lbm_emissions_value) AS new_lbm,
  sum(old_total_mbm_emissions_value) AS old_mbm,
  sum(new_total_mbm_emissions_value) AS new_mbm
FROM carbon_restatement
GROUP BY usage_period, old_model_version, new_model_version
ORDER BY usage_period, new_model_version

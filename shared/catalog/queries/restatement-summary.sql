-- What newer model versions changed, month by month (MTCO2e). A total of which AWS did not deliver a part is null.
SELECT
  usage_period,
  old_model_version,
  new_model_version,
  CASE WHEN count(old_total_lbm_emissions_value) = count(*) THEN sum(old_total_lbm_emissions_value) END AS old_lbm,
  CASE WHEN count(new_total_lbm_emissions_value) = count(*) THEN sum(new_total_lbm_emissions_value) END AS new_lbm,
  CASE WHEN count(old_total_mbm_emissions_value) = count(*) THEN sum(old_total_mbm_emissions_value) END AS old_mbm,
  CASE WHEN count(new_total_mbm_emissions_value) = count(*) THEN sum(new_total_mbm_emissions_value) END AS new_mbm
FROM carbon_restatement
GROUP BY usage_period, old_model_version, new_model_version
ORDER BY usage_period, new_model_version

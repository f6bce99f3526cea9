-- The newest model version of each month: read it for sums, because a restated month exists in several versions.
SELECT e.*
FROM carbon_emissions e
JOIN carbon_versions v
  ON v.usage_period = e.usage_period
  AND v.carbon_model_version = e.carbon_model_version
WHERE v.version_rank = 1

-- Scope 3 by month and category of the GHG Protocol, of months whose newest version counts it (MTCO2e). Category 2: IT hardware, buildings and equipment; 3: fuel- and energy-related activities, location- and market-based; 4: upstream transport.
-- parameter first_month = 2000-01: first month that counts
-- parameter last_month = 2099-12: last month that counts
SELECT
  s.usage_period,
  s.carbon_model_version,
  sum(s.ghgp_category_2_value) AS category_2,
  sum(s.ghgp_category_3_lbm_value) AS category_3_lbm,
  sum(s.ghgp_category_3_mbm_value) AS category_3_mbm,
  sum(s.ghgp_category_4_value) AS category_4,
  sum(s.ghgp_category_2_value + s.ghgp_category_3_lbm_value + s.ghgp_category_4_value) AS scope_3_lbm,
  sum(s.ghgp_category_2_value + s.ghgp_category_3_mbm_value + s.ghgp_category_4_value) AS scope_3_mbm
FROM carbon_scope_3 s
JOIN carbon_versions v
  ON v.usage_period = s.usage_period
  AND v.carbon_model_version = s.carbon_model_version
WHERE v.version_rank = 1
  AND s.usage_period BETWEEN '{{first_month}}' AND '{{last_month}}'
GROUP BY s.usage_period, s.carbon_model_version
ORDER BY s.usage_period

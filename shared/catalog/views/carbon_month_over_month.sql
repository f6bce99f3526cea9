-- Each month against the month before, per account and service, in the newest version of both. A service that was not used counts as 0. A value that AWS did not deliver is null, and so is a change against it. Where the month before is not published, previous and change are null; where model versions differ, part of the change is due to the method.
WITH month AS (
  SELECT usage_period, carbon_model_version, month_number FROM carbon_versions WHERE version_rank = 1
),
month_pair AS (
  SELECT
    m.usage_period,
    m.month_number,
    m.carbon_model_version,
    p.carbon_model_version AS previous_model_version
  FROM month m
  LEFT JOIN month p ON p.month_number = m.month_number - 1
),
total AS (
  SELECT
    m.month_number,
    e.usage_account_id,
    e.product_code,
    CASE WHEN count(e.total_lbm_emissions_value) = count(*) THEN sum(e.total_lbm_emissions_value) END AS lbm,
    CASE WHEN count(e.total_mbm_emissions_value) = count(*) THEN sum(e.total_mbm_emissions_value) END AS mbm
  FROM carbon_latest e
  JOIN month m ON m.usage_period = e.usage_period
  GROUP BY m.month_number, e.usage_account_id, e.product_code
),
part AS (
  SELECT month_number, usage_account_id, product_code, lbm, mbm,
    CAST(0 AS double) AS previous_lbm, CAST(0 AS double) AS previous_mbm
  FROM total
  UNION ALL
  SELECT month_number + 1, usage_account_id, product_code, CAST(0 AS double), CAST(0 AS double), lbm, mbm
  FROM total
),
side_by_side AS (
  SELECT
    p.usage_period,
    p.carbon_model_version,
    p.previous_model_version,
    t.usage_account_id,
    t.product_code,
    CASE WHEN count(t.lbm) = count(*) THEN sum(t.lbm) END AS lbm,
    CASE WHEN p.previous_model_version IS NOT NULL AND count(t.previous_lbm) = count(*) THEN sum(t.previous_lbm) END AS previous_lbm,
    CASE WHEN count(t.mbm) = count(*) THEN sum(t.mbm) END AS mbm,
    CASE WHEN p.previous_model_version IS NOT NULL AND count(t.previous_mbm) = count(*) THEN sum(t.previous_mbm) END AS previous_mbm
  FROM month_pair p
  JOIN part t ON t.month_number = p.month_number
  GROUP BY p.usage_period, p.carbon_model_version, p.previous_model_version, t.usage_account_id, t.product_code
)
SELECT
  usage_period,
  usage_account_id,
  product_code,
  carbon_model_version,
  previous_model_version,
  lbm AS total_lbm_emissions_value,
  previous_lbm AS previous_total_lbm_emissions_value,
  lbm - previous_lbm AS change_total_lbm_emissions_value,
  mbm AS total_mbm_emissions_value,
  previous_mbm AS previous_total_mbm_emissions_value,
  mbm - previous_mbm AS change_total_mbm_emissions_value
FROM side_by_side

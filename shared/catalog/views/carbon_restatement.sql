-- Changes by newer model versions: every version of a month against the version before it, per account and service. A row that exists in one version only counts 0 in the other. A value that AWS did not deliver is null, and so is a change against it.
WITH version_pair AS (
  SELECT
    n.usage_period,
    o.carbon_model_version AS old_model_version,
    n.carbon_model_version AS new_model_version
  FROM carbon_versions n
  JOIN carbon_versions o
    ON o.usage_period = n.usage_period
    AND o.version_rank = n.version_rank + 1
),
total AS (
  SELECT
    usage_period,
    carbon_model_version,
    usage_account_id,
    product_code,
    CASE WHEN count(total_lbm_emissions_value) = count(*) THEN sum(total_lbm_emissions_value) END AS lbm,
    CASE WHEN count(total_mbm_emissions_value) = count(*) THEN sum(total_mbm_emissions_value) END AS mbm
  FROM carbon_emissions
  GROUP BY usage_period, carbon_model_version, usage_account_id, product_code
),
side_by_side AS (
  SELECT
    p.usage_period,
    p.old_model_version,
    p.new_model_version,
    t.usage_account_id,
    t.product_code,
    CASE WHEN count(CASE WHEN t.carbon_model_version = p.old_model_version THEN t.lbm ELSE 0 END) = count(*)
      THEN sum(CASE WHEN t.carbon_model_version = p.old_model_version THEN t.lbm ELSE 0 END) END AS old_lbm,
    CASE WHEN count(CASE WHEN t.carbon_model_version = p.new_model_version THEN t.lbm ELSE 0 END) = count(*)
      THEN sum(CASE WHEN t.carbon_model_version = p.new_model_version THEN t.lbm ELSE 0 END) END AS new_lbm,
    CASE WHEN count(CASE WHEN t.carbon_model_version = p.old_model_version THEN t.mbm ELSE 0 END) = count(*)
      THEN sum(CASE WHEN t.carbon_model_version = p.old_model_version THEN t.mbm ELSE 0 END) END AS old_mbm,
    CASE WHEN count(CASE WHEN t.carbon_model_version = p.new_model_version THEN t.mbm ELSE 0 END) = count(*)
      THEN sum(CASE WHEN t.carbon_model_version = p.new_model_version THEN t.mbm ELSE 0 END) END AS new_mbm
  FROM version_pair p
  JOIN total t
    ON t.usage_period = p.usage_period
    AND t.carbon_model_version IN (p.old_model_version, p.new_model_version)
  GROUP BY p.usage_period, p.old_model_version, p.new_model_version, t.usage_account_id, t.product_code
)
SELECT
  usage_period,
  usage_account_id,
  product_code,
  old_model_version,
  new_model_version,
  old_lbm AS old_total_lbm_emissions_value,
  new_lbm AS new_total_lbm_emissions_value,
  new_lbm - old_lbm AS change_total_lbm_emissions_value,
  old_mbm AS old_total_mbm_emissions_value,
  new_mbm AS new_total_mbm_emissions_value,
  new_mbm - old_mbm AS change_total_mbm_emissions_value
FROM side_by_side

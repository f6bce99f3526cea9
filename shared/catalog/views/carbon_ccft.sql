-- carbon_latest in the four products that AWS's Customer Carbon Footprint Tool shows: AmazonEC2, AmazonS3, AmazonCloudFront and Other. A sum with a value that AWS did not deliver is null.
SELECT
  usage_period,
  carbon_model_version,
  payer_account_id,
  usage_account_id,
  region_code,
  location,
  product_group,
  CASE WHEN count(total_lbm_emissions_value) = count(*) THEN sum(total_lbm_emissions_value) END AS total_lbm_emissions_value,
  CASE WHEN count(total_mbm_emissions_value) = count(*) THEN sum(total_mbm_emissions_value) END AS total_mbm_emissions_value,
  CASE WHEN count(total_scope_1_emissions_value) = count(*) THEN sum(total_scope_1_emissions_value) END AS total_scope_1_emissions_value,
  CASE WHEN count(total_scope_2_lbm_emissions_value) = count(*) THEN sum(total_scope_2_lbm_emissions_value) END AS total_scope_2_lbm_emissions_value,
  CASE WHEN count(total_scope_2_mbm_emissions_value) = count(*) THEN sum(total_scope_2_mbm_emissions_value) END AS total_scope_2_mbm_emissions_value,
  CASE WHEN count(total_scope_3_lbm_emissions_value) = count(*) THEN sum(total_scope_3_lbm_emissions_value) END AS total_scope_3_lbm_emissions_value,
  CASE WHEN count(total_scope_3_mbm_emissions_value) = count(*) THEN sum(total_scope_3_mbm_emissions_value) END AS total_scope_3_mbm_emissions_value
FROM (
  SELECT
    e.*,
    CASE
      WHEN product_code IN ('AmazonEC2', 'AmazonS3', 'AmazonCloudFront') THEN product_code
      ELSE 'Other'
    END AS product_group
  FROM carbon_latest e
) grouped
GROUP BY usage_period, carbon_model_version, payer_account_id, usage_account_id, region_code, location, product_group

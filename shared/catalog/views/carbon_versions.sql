-- Model versions that each month is published in; version_rank 1 is the newest by semantic version order (v10.0.0 after v9.0.0).
SELECT
  usage_period,
  carbon_model_version,
  CAST(substr(usage_period, 1, 4) AS integer) * 12 + CAST(substr(usage_period, 6, 2) AS integer) AS month_number,
  row_number() OVER (
    PARTITION BY usage_period
    -- Numbers of equal width compare as text; a pre-release comes before its release.
    ORDER BY
      lpad(coalesce(split_part(version_numbers, '.', 1), ''), 10, '0')
        || lpad(coalesce(split_part(version_numbers, '.', 2), ''), 10, '0')
        || lpad(coalesce(split_part(version_numbers, '.', 3), ''), 10, '0')
        || CASE WHEN strpos(carbon_model_version, '-') = 0 THEN '~' ELSE substr(carbon_model_version, strpos(carbon_model_version, '-')) END
        DESC
  ) AS version_rank
FROM (
  SELECT DISTINCT
    usage_period,
    carbon_model_version,
    split_part(regexp_replace(carbon_model_version, '^v', ''), '-', 1) AS version_numbers
  FROM carbon_emissions
) published

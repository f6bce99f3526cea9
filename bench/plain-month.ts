import { join } from 'node:path';
import { textLiteral } from '../shared/sql/dialect';

/** A month in SQL as one would write it by hand: nothing is checked, and sums depend on the order of threads. */
export interface PlainMonth {
  /** What the SQL finds ready: the emissions of every cluster and service, as if they were computed. */
  readonly setUp: readonly string[];
  readonly statement: string;
}

/** Returns the SQL by hand of a month over an estate's usage; it writes the columns of the export to `to`. */
export function plainMonth(inputs: string, usage: string, to: string): PlainMonth {
  const csv = (name: string): string =>
    `read_csv(${textLiteral(join(inputs, name))}, all_varchar = true, header = true)`;
  const from = `read_parquet(${textLiteral(usage)})`;
  return {
    setUp: [
      `CREATE TEMP TABLE emission AS SELECT c.cluster_id, c.region_code, c.location, s.product_code, s.basis, 1234.5 / 7 AS s1, 5432.1 / 7 AS s2l, 4321.5 / 7 AS s2m
       FROM ${csv('clusters.csv')} c CROSS JOIN ${csv('services.csv')} s`,
      `CREATE TEMP TABLE internal AS SELECT account_id FROM ${csv('internal_accounts.csv')}`,
    ],
    statement: `
COPY (
WITH used AS (
  SELECT u.usage_account_id, u.cluster_id, u.product_code, any_value(e.region_code) AS region_code, any_value(e.location) AS location,
    any_value(e.s1) AS s1, any_value(e.s2l) AS s2l, any_value(e.s2m) AS s2m,
    SUM(CASE WHEN e.basis = 'physical' THEN u.usage_quantity ELSE u.usage_revenue END) AS amount
  FROM ${from} u JOIN emission e ON e.cluster_id = u.cluster_id AND e.product_code = u.product_code
  WHERE u.usage_account_id NOT IN (SELECT account_id FROM internal)
  GROUP BY 1, 2, 3 HAVING amount > 0),
total AS (SELECT cluster_id, product_code, SUM(amount) AS total FROM used GROUP BY 1, 2),
allocated AS (
  SELECT u.usage_account_id, u.region_code, u.location, u.product_code,
    SUM(s1 * amount / total) / 1000 AS s1, SUM(s2l * amount / total) / 1000 AS s2l, SUM(s2m * amount / total) / 1000 AS s2m
  FROM used u JOIN total t ON t.cluster_id = u.cluster_id AND t.product_code = u.product_code
  GROUP BY 1, 2, 3, 4)
SELECT TIMESTAMP '2026-11-20' AS last_refresh_timestamp, location, 'v2.0.0' AS model_version, '900000000001' AS payer_account_id,
  product_code, region_code, 'MTCO2e' AS u1, s1 + s2l AS v1, 'MTCO2e' AS u2, s1 + s2m AS v2, s1, 'MTCO2e' AS u3, s2l, 'MTCO2e' AS u4,
  s2m, 'MTCO2e' AS u5, CAST(0 AS DOUBLE) AS v6, 'MTCO2e' AS u6, CAST(0 AS DOUBLE) AS v7, 'MTCO2e' AS u7, usage_account_id,
  TIMESTAMP '2026-11-01' AS usage_period_end, TIMESTAMP '2026-10-01' AS usage_period_start
FROM allocated ORDER BY usage_account_id, region_code, product_code
) TO ${textLiteral(to)} (FORMAT parquet, COMPRESSION snappy)`,
  };
}

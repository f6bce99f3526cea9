import type { LineCosts } from '../../compute/aws-totals/bill-costs';
import type { CarbonRows } from '../../compute/aws-totals/carbon-rows';
import type { Breakdown } from '../../exports/breakdown';
import { textLiteral } from '../../sql/dialect';
import type { DuckSession } from '../../sql/duck-session';
import type { Relation } from '../../sql/relation';
import { NAMED_PRODUCTS } from './exact/naive-split';
import { valueOfNothing } from './exact/breakdown-value';
import { VALUE_COLUMNS } from './published-rows';

/*
 * The split of AWS's rows in the engine, by separate SQL. Costs are summed in exact decimals; shares and values are doubles,
 * whose error is below 1e-12 of a value.
 */

/** AWS's rows and the costs of usage lines, as the run reads them. */
export interface SplitSources {
  readonly carbon: CarbonRows;
  /** Absent where the month has no bills: AWS's rows stay whole. */
  readonly costs: LineCosts | undefined;
  readonly breakdown: Breakdown | undefined;
}

/** Columns of a row's key in the relations of this file, with the columns of the data file. */
export const SPLIT_KEY = {
  account: 'usage_account_id',
  payer: 'payer_account_id',
  region: 'region_code',
  product: 'product_code',
  part: 'split_value',
} as const;

/** Names of the key's columns. */
export const SPLIT_KEY_NAMES = Object.keys(SPLIT_KEY).join(', ');

/** The split of AWS's rows. */
export interface ExpectedSplit {
  /**
   * One row per key: the number of rows with it, their location, whether a value is below 0, and the sums of the values,
   * MTCO2e.
   */
  readonly rows: Relation;
  /** `row_id` of AWS's rows that are split over costs. */
  readonly splitIds: Relation;
}

/** Returns AWS's rows split over the costs of the same account, place and group of services. */
export async function expectedSplit(session: DuckSession, sources: SplitSources): Promise<ExpectedSplit> {
  const { carbon, breakdown } = sources;
  const shares = await session.tableOf(sharesSql(sources));
  const splitIds = await session.tableOf(`SELECT DISTINCT row_id FROM ${shares.table}`);
  const whole = breakdown === undefined ? '' : valueOfNothing(breakdown);
  const portions = `
    SELECT a.*, s.service AS product, s.part, s.share FROM ${shares.table} s JOIN ${carbon.table} a ON a.row_id = s.row_id
    UNION ALL
    SELECT a.*, coalesce(a.product_code, '') AS product, ${textLiteral(whole)} AS part, CAST(1 AS DOUBLE) AS share
    FROM ${carbon.table} a WHERE a.row_id NOT IN (SELECT row_id FROM ${splitIds.table})`;
  const values = VALUE_COLUMNS.map((column) => `SUM(${column} * share) AS ${column}`);
  const rows = await session.tableOf(
    `SELECT usage_account_id AS account, payer_account_id AS payer, coalesce(region_code, '') AS region, product, part,
       COUNT(*) AS n, MIN(coalesce(location, '')) AS location,
       coalesce(bool_or(least(${VALUE_COLUMNS.join(', ')}) < 0), false) AS has_negative, ${values.join(', ')}
     FROM (${portions}) p GROUP BY 1, 2, 3, 4, 5`,
  );
  return { rows, splitIds };
}

/** SQL of the share of each service, and part of it, in AWS's rows. Only costs above 0 take part. */
function sharesSql({ carbon, costs, breakdown }: SplitSources): string {
  if (costs === undefined) {
    return `SELECT row_id, '' AS service, '' AS part, CAST(1 AS DOUBLE) AS share FROM ${carbon.table} WHERE false`;
  }
  const part = breakdown === undefined ? `''` : `coalesce(part, '')`;
  const named = NAMED_PRODUCTS.map(textLiteral).join(', ');
  return `
WITH line AS (SELECT account_id AS account, payer_id AS payer, ${placeSql('region')} AS place, product_code AS service, ${part} AS part, cost FROM ${costs.table}),
placed AS (SELECT * FROM line UNION ALL
  SELECT account, payer, 'global' AS place, service, part, cost FROM line WHERE service = 'AmazonCloudFront' AND place <> 'global'),
cost AS (SELECT account, payer, place, service, part, SUM(cost) AS cost,
  CASE WHEN service IN (${named}) OR service IN (SELECT service_group FROM ${carbon.table}) THEN service ELSE 'Other' END AS product
  FROM placed GROUP BY account, payer, place, service, part),
portion AS (SELECT a.row_id, c.service, c.part, SUM(c.cost) AS cost
  FROM ${carbon.table} a
  JOIN cost c ON c.account = a.usage_account_id AND c.place = ${placeSql('a.region_code')} AND c.product = a.service_group
  WHERE c.payer IS NULL OR c.payer = a.payer_account_id
  GROUP BY a.row_id, c.service, c.part HAVING SUM(c.cost) > 0)
SELECT row_id, service, part,
  CAST(cost AS DOUBLE) / CAST(SUM(cost) OVER (PARTITION BY row_id) AS DOUBLE) AS share
FROM portion`;
}

function placeSql(region: string): string {
  return `CASE WHEN coalesce(${region}, '') = '' OR lower(${region}) = 'global' THEN 'global' ELSE ${region} END`;
}

import { EMISSIONS, valueColumn } from '../../exports/emissions';
import { DUCK } from '../../sql/dialect';
import type { DuckSession } from '../../sql/duck-session';
import { orderedSum } from '../../sql/ordered-sum';
import type { Relation } from '../../sql/relation';
import type { ServiceCosts } from './bill-costs';
import type { CarbonRows } from './carbon-rows';

const SHARE_COLUMNS = {
  row_id: 'INTEGER',
  product_code: 'VARCHAR',
  part: 'VARCHAR',
  /** Cost of the part and of all parts of the row. */
  cost: 'DOUBLE',
  total: 'DOUBLE',
  /** 1 for the largest part of a row. */
  place_of_size: 'BIGINT',
} as const;

/** The parts of AWS's rows whose cost is above 0. */
export type Shares = Relation<typeof SHARE_COLUMNS>;

const SPLIT_ROW_COLUMNS = {
  row_id: 'INTEGER',
  product_code: 'VARCHAR',
  part: 'VARCHAR',
  /** False for a row that stays whole. */
  is_split: 'BOOLEAN',
} as const;

/** The rows of the export: parts of AWS's rows with AWS's values, MTCO2e. */
export type SplitRows = Relation<typeof SPLIT_ROW_COLUMNS>;

const VALUES = EMISSIONS.map(valueColumn);

/**
 * Returns the services that each of AWS's rows is split over, by the bills of the row's payer and those that name no payer.
 * Services whose cost is not above 0 take nothing.
 */
export function shares(session: DuckSession, carbon: CarbonRows, costs: ServiceCosts): Promise<Shares> {
  return session.table(
    SHARE_COLUMNS,
    `SELECT row_id, product_code, part, CAST(cost AS DOUBLE) AS cost,
  CAST(SUM(cost) OVER (PARTITION BY row_id) AS DOUBLE) AS total,
  row_number() OVER (PARTITION BY row_id ORDER BY cost DESC, product_code, part) AS place_of_size
FROM (
  SELECT a.row_id, c.product_code, c.part, SUM(c.cost) AS cost
  FROM ${carbon.table} a
  JOIN ${costs.table} c ON c.account_id = a.usage_account_id AND c.place = a.place AND c.service_group = a.service_group
  WHERE c.payer_id IS NULL OR c.payer_id = a.payer_account_id
  GROUP BY a.row_id, c.product_code, c.part
) s
WHERE cost > 0`,
  );
}

/**
 * Returns the parts of every row. Each is the row's value times its share of the cost; the largest part takes the rest, so
 * that the parts add up to AWS's row. A row without a matching cost stays whole under AWS's product.
 */
export function splitRows(session: DuckSession, carbon: CarbonRows, parts: Shares): Promise<SplitRows> {
  // The division goes first: a value times a cost could leave the range of doubles.
  const partOf = (column: string): string => `a.${column} * (s.cost / s.total)`;
  const others = VALUES.map((column) => `${orderedSum(DUCK, partOf(column))} AS ${column}`);
  const values = VALUES.map(
    (column) =>
      `CASE WHEN s.place_of_size = 1 THEN a.${column} - coalesce(o.${column}, 0) ELSE ${partOf(column)} END AS ${column}`,
  );
  return session.table(
    { ...SPLIT_ROW_COLUMNS, ...Object.fromEntries(VALUES.map((column) => [column, 'DOUBLE'])) },
    `SELECT s.row_id, s.product_code, s.part, true AS is_split, ${values.join(', ')}
FROM ${parts.table} s
JOIN ${carbon.table} a ON a.row_id = s.row_id
LEFT JOIN (
  SELECT s.row_id, ${others.join(', ')}
  FROM ${parts.table} s JOIN ${carbon.table} a ON a.row_id = s.row_id
  WHERE s.place_of_size > 1
  GROUP BY s.row_id
) o ON o.row_id = s.row_id
UNION ALL
SELECT a.row_id, a.product_code, CAST(NULL AS VARCHAR) AS part, false AS is_split, ${VALUES.map((column) => `a.${column}`).join(', ')}
FROM ${carbon.table} a
WHERE a.row_id NOT IN (SELECT row_id FROM ${parts.table})`,
  );
}

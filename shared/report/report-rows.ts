import { figureColumn, FIGURES, type Figure } from '../exports/emissions';
import type { Manifest } from '../exports/manifest';
import { dataFileRelation } from '../exports/read-data-file';
import { literalPath } from '../sql/dialect';
import type { DuckSession } from '../sql/duck-session';
import type { Relation } from '../sql/relation';
import type { ObjectStore } from '../stores/object-store';

/** Amounts are added as integers of this many parts of a MTCO2e, so that no sum depends on the order of its rows. */
export const PARTS_PER_MTCO2E = 1e18;

/** Types of a figure's column per figure. The cast is safe: the entries have these names. */
const FIGURE_TYPES = Object.fromEntries(FIGURES.map((figure) => [figure, 'HUGEINT'])) as Readonly<
  Record<Figure, 'HUGEINT'>
>;

const ROW_COLUMNS = {
  /** Place of the month and version in the list of periods. */
  period: 'INTEGER',
  account: 'VARCHAR',
  region: 'VARCHAR',
  location: 'VARCHAR',
  service: 'VARCHAR',
  value: 'VARCHAR',
  ...FIGURE_TYPES,
} as const;

/** Rows of published months, without their payers; null where AWS did not deliver a value. */
export type ReportRows = Relation<typeof ROW_COLUMNS>;

/** A month's manifest with the place of its period. */
export interface PlacedManifest {
  readonly period: number;
  readonly manifest: Manifest;
}

/** Returns SQL of the sum of a column that is unknown where one of its values is unknown. */
export function knownSum(column: string): string {
  return `CASE WHEN count(${column}) = count(*) THEN sum(${column}) END`;
}

/**
 * Reads the data files of an export.
 *
 * @param isBrokenDown true where the rows are broken down by a tag, a cost category or the resource
 */
export async function readReportRows(
  session: DuckSession,
  exports: ObjectStore,
  months: readonly PlacedManifest[],
  isBrokenDown: boolean,
): Promise<ReportRows> {
  const parts: ReportRows[] = [];
  for (const { period, manifest } of months) {
    const copy = await exports.localCopy(manifest.file.key);
    try {
      const parameters = [literalPath(copy.path), String(period)];
      parts.push(await session.table(ROW_COLUMNS, rowsSql(copy.path, isBrokenDown), parameters));
    } finally {
      await copy.release();
    }
  }
  const all = await session.table(
    ROW_COLUMNS,
    parts.map(({ table }) => `SELECT * FROM ${table}`).join(' UNION ALL '),
  );
  for (const part of parts) await session.drop(part);
  return all;
}

function rowsSql(path: string, isBrokenDown: boolean): string {
  const key = [
    'usage_account_id AS account',
    `coalesce(region_code, '') AS region`,
    `coalesce(location, '') AS location`,
    `coalesce(product_code, '') AS service`,
    `${isBrokenDown ? `coalesce(split_value, '')` : `''`} AS value`,
  ];
  const amounts = FIGURES.map(
    (figure) =>
      `CAST(round(${figureColumn(figure)} * ${PARTS_PER_MTCO2E.toExponential()}) AS HUGEINT) AS ${figure}`,
  );
  const sums = FIGURES.map((figure) => `CAST(${knownSum(figure)} AS HUGEINT) AS ${figure}`);
  return `SELECT CAST($2 AS INTEGER) AS period, account, region, location, service, value, ${sums.join(', ')}
FROM (SELECT ${[...key, ...amounts].join(', ')} FROM ${dataFileRelation(path, '$1')}) read
GROUP BY ALL`;
}

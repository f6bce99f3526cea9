import { figureColumn, FIGURES, type Figure } from '../exports/emissions';
import type { Manifest } from '../exports/manifest';
import { dataFileRelation } from '../exports/read-data-file';
import { literalPath, textLiteral } from '../sql/dialect';
import type { DuckSession } from '../sql/duck-session';
import type { Relation } from '../sql/relation';
import type { LocalCopy, ObjectStore } from '../stores/object-store';

/** Amounts are added as integers of this many parts of a MTCO2e, so that no sum depends on the order of its rows. */
export const PARTS_PER_MTCO2E = 1e18;

/** Types of a figure's column per figure. The cast is safe: the entries have these names. */
const FIGURE_TYPES = Object.fromEntries(FIGURES.map((figure) => [figure, 'HUGEINT'])) as Readonly<
  Record<Figure, 'HUGEINT'>
>;

export const ROW_COLUMNS = {
  /** Place of the month and version in the list of periods. */
  period: 'INTEGER',
  account: 'VARCHAR',
  region: 'VARCHAR',
  location: 'VARCHAR',
  service: 'VARCHAR',
  value: 'VARCHAR',
  ...FIGURE_TYPES,
} as const;

/** Rows of published months, one for each payer of an account; null where AWS did not deliver a value. */
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

/** SQL of the sums of all figures of a relation. */
export function figureSums(relation: string): string {
  return FIGURES.map((figure) => `CAST(${knownSum(`${relation}.${figure}`)} AS HUGEINT) AS ${figure}`).join(
    ', ',
  );
}

/**
 * Calls `work` with the rows of an export's data files. Parquet files are read again by each statement over the rows: that is
 * faster than to keep millions of texts. CSV files are read once.
 *
 * @param isBrokenDown true where the rows are broken down by a tag, a cost category or the resource
 */
export async function withReportRows<T>(
  session: DuckSession,
  exports: ObjectStore,
  { months, isBrokenDown }: { readonly months: readonly PlacedManifest[]; readonly isBrokenDown: boolean },
  work: (rows: ReportRows) => Promise<T>,
): Promise<T> {
  const copies: LocalCopy[] = [];
  try {
    const selects: string[] = [];
    for (const { period, manifest } of months) {
      const copy = await exports.localCopy(manifest.file.key);
      copies.push(copy);
      selects.push(rowsSql(copy.path, period, isBrokenDown));
    }
    const all = selects.join(' UNION ALL ');
    const isParquet = copies.every(({ path }) => path.endsWith('.parquet'));
    const rows = isParquet ? await session.view(ROW_COLUMNS, all) : await session.table(ROW_COLUMNS, all);
    const result = await work(rows);
    if (!isParquet) await session.drop(rows);
    return result;
  } finally {
    for (const copy of copies) await copy.release();
  }
}

function rowsSql(path: string, period: number, isBrokenDown: boolean): string {
  const amounts = FIGURES.map(
    (figure) => `CAST(${figureColumn(figure)} * ${PARTS_PER_MTCO2E.toExponential()} AS HUGEINT) AS ${figure}`,
  );
  return `SELECT CAST(${String(period)} AS INTEGER) AS period,
  usage_account_id AS account,
  coalesce(region_code, '') AS region,
  coalesce(location, '') AS location,
  coalesce(product_code, '') AS service,
  ${isBrokenDown ? `coalesce(split_value, '')` : `''`} AS value,
  ${amounts.join(',\n  ')}
FROM ${dataFileRelation(path, textLiteral(literalPath(path)))}`;
}

/** Columns of {@link PlaceRows}. */
const PLACE_COLUMNS = {
  period: 'INTEGER',
  region: 'VARCHAR',
  location: 'VARCHAR',
  service: 'VARCHAR',
  ...FIGURE_TYPES,
} as const;

/** Rows of the export summed over accounts. */
export type PlaceRows = Relation<typeof PLACE_COLUMNS>;

/** Sums the rows over accounts: what concerns no account is read from the few rows that are left. */
export function placeRows(session: DuckSession, { table }: ReportRows): Promise<PlaceRows> {
  return session.table(
    PLACE_COLUMNS,
    `SELECT period, region, location, service, ${figureSums('r')} FROM ${table} r GROUP BY ALL`,
  );
}

import { join } from 'node:path';
import type { ModelVersionId } from '../base/model-version-id';
import { endOf, type Month, startOf } from '../base/month';
import { type ByCategory, byCategory, CATEGORIES, type Category, TOTALS } from '../method/categories';
import { literalPath } from '../sql/dialect';
import { type DuckSession, numberIn, textIn } from '../sql/duck-session';
import type { Relation } from '../sql/relation';
import { type Breakdown, breakdownText } from './breakdown';
import { columnsOfExport, EXPORT_COLUMNS, KG_PER_MTCO2E, UNIT } from './columns';
import { type Figure, figureColumn, FIGURES } from './emissions';
import type { ExportFormat } from './layout';

/** Columns of {@link Allocation}. */
export const ALLOCATION_COLUMNS = {
  /** The account id as a number. */
  account_number: 'BIGINT',
  row_id: 'INTEGER',
  scope_1_kg: 'DOUBLE',
  scope_2_lbm_kg: 'DOUBLE',
  scope_2_mbm_kg: 'DOUBLE',
} as const;

/** The emissions of each account by row of the export, kgCO2e. */
export type Allocation = Relation<typeof ALLOCATION_COLUMNS>;

/** Columns of {@link Parts}. */
export const PART_COLUMNS = { ...ALLOCATION_COLUMNS, breakdown_value: 'VARCHAR' } as const;

/** The same by the value of a breakdown. */
export type Parts = Relation<typeof PART_COLUMNS>;

/** Columns of {@link ExportRows}. */
export const EXPORT_ROW_COLUMNS = {
  row_id: 'INTEGER',
  region_code: 'VARCHAR',
  location: 'VARCHAR',
  product_code: 'VARCHAR',
} as const;

/** The rows that an account may have in the export, numbered in the order of the export. */
export type ExportRows = Relation<typeof EXPORT_ROW_COLUMNS>;

/** Columns of {@link AccountPayers}. */
export const PAYER_COLUMNS = { account_number: 'BIGINT', payer_account_id: 'VARCHAR' } as const;

/** Who pays for the accounts that do not have the month's usual payer. */
export type AccountPayers = Relation<typeof PAYER_COLUMNS>;

/** The rows of a month's file. */
export interface MonthRows {
  readonly allocation: Allocation;
  readonly exportRows: ExportRows;
  readonly payers: AccountPayers;
  /** Written in place of `allocation` where the rows are broken down. */
  readonly breakdown?: { readonly parts: Parts; readonly by: Breakdown };
}

/** Values that are the same in every row of a month's file. */
export interface RowConstants {
  readonly month: Month;
  readonly modelVersion: ModelVersionId;
  /** Who pays for the accounts that {@link MonthRows.payers} does not name. */
  readonly payerAccountId: string;
  /** last_refresh_timestamp. */
  readonly asOf: Date;
}

/** SQL of the columns that the rows of a month have, values in MTCO2e. */
const EXPRESSIONS: Readonly<Record<string, string>> = {
  ...Object.fromEntries(FIGURES.map((figure) => [figureColumn(figure), figureSql(figure)])),
  location: 'location',
  product_code: 'product_code',
  region_code: 'region_code',
  usage_account_id: `lpad(CAST(account_number AS VARCHAR), 12, '0')`,
  model_version: 'CAST($1 AS VARCHAR)',
  payer_account_id: 'coalesce(payer, CAST($2 AS VARCHAR))',
  split_by: 'CAST($4 AS VARCHAR)',
};

/** SQL of a figure, MTCO2e: a total, a category, or 0 for a figure that the method does not compute. */
function figureSql(figure: Figure): string {
  if (figure === 'total_lbm') return TOTALS.lbm.join(' + ');
  if (figure === 'total_mbm') return TOTALS.mbm.join(' + ');
  return CATEGORIES.find((category) => category === figure) ?? 'CAST(0 AS DOUBLE)';
}

/**
 * Writes a month's data file, sorted by account, Region and product. The same rows give the same bytes, on any machine
 * and with any number of threads: the last operator before the writer is the sort.
 *
 * @returns path of the file in the session's scratch folder
 */
export async function writeDataFile(
  session: DuckSession,
  rows: MonthRows,
  constants: RowConstants,
  format: ExportFormat,
): Promise<string> {
  const path = join(session.scratch, `data-${String(constants.asOf.getTime())}.${format}`);
  const { breakdown } = rows;
  const parameters = [constants.modelVersion, constants.payerAccountId, path];
  if (breakdown !== undefined) parameters.push(breakdownText(breakdown.by));
  const columns = columnsOfExport(breakdown !== undefined).map(({ name, type }) => {
    if (type === 'timestamp') return `${instant(name, constants, format)} AS ${name}`;
    if (name.endsWith('_unit')) return `'${UNIT}' AS ${name}`;
    if (name === 'split_value') return `${breakdownValueIn(format, 'breakdown_value')} AS ${name}`;
    const expression = EXPRESSIONS[name];
    if (expression === undefined) throw new Error(`no rule for the export column ${name}`);
    return `${expression} AS ${name}`;
  });
  const order = ['account_number', 'row_id', ...(breakdown === undefined ? [] : ['breakdown_value'])];
  const query = `SELECT ${columns.join(', ')} FROM (${rowsSql(rows)}) rows ORDER BY ${order.join(', ')}`;
  await session.run(`COPY (${query}) TO $3 (${COPY_OPTIONS[format]})`, parameters);
  return path;
}

function rowsSql({ allocation, exportRows, payers, breakdown }: MonthRows): string {
  const mtco2e = (category: Category): string => `${category}_kg / ${String(KG_PER_MTCO2E)} AS ${category}`;
  return `
  SELECT a.account_number, a.row_id${breakdown === undefined ? '' : ', a.breakdown_value'}, p.payer_account_id AS payer, r.region_code, r.location, r.product_code,
    ${CATEGORIES.map(mtco2e).join(', ')}
  FROM ${(breakdown?.parts ?? allocation).table} a JOIN ${exportRows.table} r ON r.row_id = a.row_id
  LEFT JOIN ${payers.table} p ON p.account_number = a.account_number
`;
}

/** How DuckDB writes a file of each format. */
export const COPY_OPTIONS: Readonly<Record<ExportFormat, string>> = {
  parquet: 'FORMAT parquet, COMPRESSION snappy',
  csv: 'FORMAT csv, HEADER true, COMPRESSION gzip',
};

/**
 * SQL of a breakdown's value in a format. A tag can be any text, and spreadsheets open CSV: a text that a spreadsheet
 * would read as a formula gets an apostrophe in front. A text that begins with an apostrophe gets another one, so that
 * every value can be restored.
 */
export function breakdownValueIn(format: ExportFormat, value: string): string {
  if (format !== 'csv') return value;
  return `CASE WHEN regexp_matches(${value}, '^[''=+\\-@\\t\\r]') THEN '''' || ${value} ELSE ${value} END`;
}

/** A timestamp that Athena reads as such in Parquet, and the text that AWS documents for CSV. */
export function instant(
  name: string,
  { month, asOf }: Pick<RowConstants, 'month' | 'asOf'>,
  format: ExportFormat,
): string {
  const at =
    name === 'usage_period_start' ? startOf(month) : name === 'usage_period_end' ? endOf(month) : asOf;
  const text = at.toISOString().slice(0, 19).replace('T', ' ');
  return format === 'csv' ? `'${text}Z'` : `TIMESTAMP '${text}'`;
}

/** Totals of a data file, read back from it. */
export interface FileTotals {
  readonly rows: number;
  readonly accounts: number;
  /** Sums over the rows, kgCO2e. */
  readonly kg: ByCategory;
}

/**
 * Adds up a data file as it was written, so that the ledger proves the file itself. Rows are rounded
 * to 2^-61 of the month's emissions and added as integers: a sum of doubles would depend on threads.
 *
 * @param emittedKg the month's emissions, which no sum can exceed, kgCO2e
 */
export async function readFileTotals(
  session: DuckSession,
  path: string,
  emittedKg: ByCategory,
): Promise<FileTotals> {
  const units = byCategory((category) => unitsPerMtco2e(emittedKg[category]));
  const sum = (category: Category, index: number): string =>
    `CAST(coalesce(SUM(CAST(round(${figureColumn(category)} * CAST($${String(index + 2)} AS DOUBLE)) AS BIGINT)), 0) AS VARCHAR) AS ${category}`;
  const [totals] = await session.rows(
    `SELECT COUNT(*) AS n, COUNT(DISTINCT usage_account_id) AS accounts,
       ${CATEGORIES.map(sum).join(', ')}
     FROM ${dataFileRelation(path, '$1')}`,
    [literalPath(path), ...CATEGORIES.map((category) => String(units[category]))],
  );
  return {
    rows: numberIn(totals, 'n'),
    accounts: numberIn(totals, 'accounts'),
    kg: byCategory((category) => (Number(textIn(totals, category)) / units[category]) * KG_PER_MTCO2E),
  };
}

/** Smaller than any possible emission: keeps the scale finite where nothing is emitted. */
const LEAST_MTCO2E = 1e-200;

/** A power of two, so that scaling is exact, with room for the total and its rounding in 63 bits. */
function unitsPerMtco2e(emittedKg: number): number {
  const emitted = Math.max(emittedKg / KG_PER_MTCO2E, LEAST_MTCO2E);
  return 2 ** Math.floor(61 - Math.log2(emitted));
}

/** A data file of an export as a relation, by its ending; `placeholder` is the parameter that holds its path. */
export function dataFileRelation(path: string, placeholder: string): string {
  return path.endsWith('.parquet')
    ? `read_parquet(${placeholder}, hive_partitioning = false)`
    : readCsvOf(placeholder);
}

/**
 * The export's CSV with pinned column types: an account id is a text, even if it looks like a number. An export whose rows
 * are broken down has more columns, whose types the engine detects.
 */
function readCsvOf(placeholder: string): string {
  const types = EXPORT_COLUMNS.map(
    ({ name, type }) => `'${name}': '${type === 'double' ? 'DOUBLE' : 'VARCHAR'}'`,
  );
  return `read_csv(${placeholder}, types = {${types.join(', ')}}, header = true, delim = ',', quote = '"', escape = '"', compression = 'gzip', hive_partitioning = false)`;
}

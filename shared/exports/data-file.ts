import { join } from 'node:path';
import { endOf, type Month, startOf } from '../base/month';
import { type ByCategory, byCategory, type Category } from '../method/categories';
import { type DuckSession, literalPath, numberIn, textIn } from '../sql/duck-session';
import { columnsOfExport, EXPORT_COLUMNS, KG_PER_MTCO2E, UNIT } from './columns';
import type { ExportFormat } from './layout';

/** What is the same in every row of a month's file. */
export interface RowConstants {
  readonly month: Month;
  readonly modelVersion: string;
  /** Who pays for accounts that the table `account_payer` does not name. */
  readonly payerAccountId: string;
  /** last_refresh_timestamp. */
  readonly asOf: Date;
  /** Value of split_by, where the rows of the table `part` are written instead of those of `allocation`. */
  readonly splitBy?: string;
}

/** Columns of the export in MTCO2e, from the table `allocation` in kgCO2e. */
const VALUE_EXPRESSIONS: Readonly<Record<string, string>> = {
  total_lbm_emissions_value: 'scope_1 + scope_2_lbm',
  total_mbm_emissions_value: 'scope_1 + scope_2_mbm',
  total_scope_1_emissions_value: 'scope_1',
  total_scope_2_lbm_emissions_value: 'scope_2_lbm',
  total_scope_2_mbm_emissions_value: 'scope_2_mbm',
  total_scope_3_lbm_emissions_value: 'CAST(0 AS DOUBLE)',
  total_scope_3_mbm_emissions_value: 'CAST(0 AS DOUBLE)',
  location: 'location',
  product_code: 'product_code',
  region_code: 'region_code',
  usage_account_id: `lpad(CAST(account_number AS VARCHAR), 12, '0')`,
};

/**
 * Writes the rows of `allocation` and their payers (`account_payer`) as the month's data file, sorted by account, Region and product. The same rows give
 * the same bytes, on any machine and with any number of threads: the last operator before the writer is the sort.
 *
 * @returns path of the file in the session's scratch folder
 */
export async function writeDataFile(
  session: DuckSession,
  constants: RowConstants,
  format: ExportFormat,
): Promise<string> {
  const path = join(session.scratch, `data-${String(constants.asOf.getTime())}.${format}`);
  const { splitBy } = constants;
  const parameters = [constants.modelVersion, constants.payerAccountId, path];
  if (splitBy !== undefined) parameters.push(splitBy);
  const columns = columnsOfExport(splitBy !== undefined).map(({ name, type }) => {
    if (type === 'timestamp') return `${instant(name, constants, format)} AS ${name}`;
    if (name.endsWith('_unit')) return `'${UNIT}' AS ${name}`;
    if (name === 'model_version') return `CAST($1 AS VARCHAR) AS ${name}`;
    if (name === 'payer_account_id') return `coalesce(payer, CAST($2 AS VARCHAR)) AS ${name}`;
    if (name === 'split_by') return `CAST($4 AS VARCHAR) AS ${name}`;
    if (name === 'split_value') return `${breakdownValueIn(format, name)} AS ${name}`;
    const expression = VALUE_EXPRESSIONS[name];
    if (expression === undefined) throw new Error(`no rule for the export column ${name}`);
    return `${expression} AS ${name}`;
  });
  const kg = (category: Category): string => `${category}_kg / ${String(KG_PER_MTCO2E)}`;
  const query = `
SELECT ${columns.join(', ')}
FROM (
  SELECT a.account_number, a.row_id${splitBy === undefined ? '' : ', a.split_value'}, p.payer_account_id AS payer, r.region_code, r.location, r.product_code,
    ${kg('scope_1')} AS scope_1, ${kg('scope_2_lbm')} AS scope_2_lbm, ${kg('scope_2_mbm')} AS scope_2_mbm
  FROM ${splitBy === undefined ? 'allocation' : 'part'} a JOIN export_row r ON r.row_id = a.row_id
  LEFT JOIN account_payer p ON p.account_number = a.account_number
) rows
ORDER BY account_number, row_id${splitBy === undefined ? '' : ', rows.split_value'}`;
  await session.run(`COPY (${query}) TO $3 (${COPY_OPTIONS[format]})`, parameters);
  return path;
}

/** How DuckDB writes a file of each format. */
export const COPY_OPTIONS: Readonly<Record<ExportFormat, string>> = {
  parquet: 'FORMAT parquet, COMPRESSION snappy',
  csv: 'FORMAT csv, HEADER true, COMPRESSION gzip',
};

/**
 * SQL of a breakdown's value as a format holds it. Tags can be anything, and CSV is opened in spreadsheets: a text that one
 * would take for a formula gets an apostrophe in front, and so that none is mistaken for such a text, one that has an
 * apostrophe there already gets another.
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

/** What a data file holds, read back from it. */
export interface FileTotals {
  readonly rows: number;
  readonly accounts: number;
  /** Sums over the rows, kgCO2e. */
  readonly kg: ByCategory;
}

/**
 * Adds up a data file as it was written, so that the ledger proves the file and not the intention. Rows are rounded
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
  const sum = (category: Category, parameter: string): string =>
    `CAST(coalesce(SUM(CAST(round(total_${category}_emissions_value * CAST(${parameter} AS DOUBLE)) AS BIGINT)), 0) AS VARCHAR) AS ${category}`;
  const [totals] = await session.rows(
    `SELECT COUNT(*) AS n, COUNT(DISTINCT usage_account_id) AS accounts,
       ${sum('scope_1', '$2')}, ${sum('scope_2_lbm', '$3')}, ${sum('scope_2_mbm', '$4')}
     FROM ${dataFileRelation(path, '$1')}`,
    [literalPath(path), String(units.scope_1), String(units.scope_2_lbm), String(units.scope_2_mbm)],
  );
  return {
    rows: numberIn(totals, 'n'),
    accounts: numberIn(totals, 'accounts'),
    kg: byCategory((category) => (Number(textIn(totals, category)) / units[category]) * KG_PER_MTCO2E),
  };
}

/** Less than any emission there can be: keeps the scale finite where nothing is emitted. */
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
 * The export's CSV with its columns' types pinned: an account id is a text, whatever it looks like. An export whose rows
 * are broken down has more columns, which keep what the engine takes them for.
 */
function readCsvOf(placeholder: string): string {
  const types = EXPORT_COLUMNS.map(
    ({ name, type }) => `'${name}': '${type === 'double' ? 'DOUBLE' : 'VARCHAR'}'`,
  );
  return `read_csv(${placeholder}, types = {${types.join(', ')}}, header = true, delim = ',', quote = '"', escape = '"', compression = 'gzip', hive_partitioning = false)`;
}

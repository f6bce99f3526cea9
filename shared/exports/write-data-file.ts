import { join } from 'node:path';
import type { ModelVersionId } from '../base/model-version-id';
import type { AccountId } from '../base/account-id';
import { dayAndTimeOf } from '../base/instant';
import { KG_PER_MTCO2E } from '../base/mass';
import { endOf, type Month, startOf } from '../base/month';
import { CATEGORIES, type Category, TOTALS } from '../method/categories';
import type { DuckSession } from '../sql/duck-session';
import { breakdownText } from './breakdown';
import { columnsOfExport, UNIT } from './columns';
import { type Figure, figureColumn, FIGURES } from './emissions';
import type { ExportFormat } from './layout';
import type { MonthRows } from './month-rows';

/** Values that are the same in every row of a month's file. */
export interface RowConstants {
  readonly month: Month;
  readonly modelVersion: ModelVersionId;
  /** Who pays for the accounts that {@link MonthRows.payers} does not name. */
  readonly payerAccountId: AccountId;
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
 * Writes a month's data file, sorted by account, Region and product. The same rows lead to the same bytes, on any
 * machine and with any number of threads: the last operator before the writer is the sort.
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
 * Returns SQL of a breakdown's value in a format. A tag can be any text. In CSV, a text that a spreadsheet would read as a
 * formula gets an apostrophe in front. A text that begins with an apostrophe gets another one, so that every value can be
 * restored.
 */
export function breakdownValueIn(format: ExportFormat, value: string): string {
  if (format !== 'csv') return value;
  return `CASE WHEN regexp_matches(${value}, '^[''=+\\-@\\t\\r]') THEN '''' || ${value} ELSE ${value} END`;
}

/** Returns SQL of a timestamp column: a timestamp in Parquet, and in CSV the text that AWS documents. */
export function instant(
  name: string,
  { month, asOf }: Pick<RowConstants, 'month' | 'asOf'>,
  format: ExportFormat,
): string {
  const at =
    name === 'usage_period_start' ? startOf(month) : name === 'usage_period_end' ? endOf(month) : asOf;
  const text = dayAndTimeOf(at);
  return format === 'csv' ? `'${text}Z'` : `TIMESTAMP '${text}'`;
}

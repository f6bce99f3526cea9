import { join } from 'node:path';
import type { ModelVersionId } from '../base/model-version-id';
import type { AccountId } from '../base/account-id';
import { dayAndTimeOf } from '../base/instant';
import { KG_PER_MTCO2E } from '../base/mass';
import { endOf, type Month, startOf } from '../base/month';
import { type Category, CATEGORY_RULES, COMPANION_FIGURES, SCOPE_3_CATEGORIES } from '../method/categories';
import { textLiteral } from '../sql/dialect';
import type { DuckSession } from '../sql/duck-session';
import { breakdownText } from './breakdown';
import { columnsOfExport, COMPANION_COLUMNS, type ExportColumn, UNIT } from './columns';
import { figureColumn, FIGURES, figureSql } from './emissions';
import type { ExportFormat } from './layout';
import type { MonthRows } from './month-rows';
import { writeRows } from './write-rows';

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
function expressions(categories: readonly Category[]): Readonly<Record<string, string>> {
  const companion = COMPANION_FIGURES.map((figure) => {
    const parts = SCOPE_3_CATEGORIES.filter((category) => CATEGORY_RULES[category].companion === figure);
    return [`${figure}_value`, parts.join(' + ')];
  });
  return {
    ...Object.fromEntries(FIGURES.map((figure) => [figureColumn(figure), figureSql(figure, categories)])),
    ...Object.fromEntries(companion),
    location: 'location',
    product_code: 'product_code',
    region_code: 'region_code',
    usage_account_id: `lpad(CAST(account_number AS VARCHAR), 12, '0')`,
    payer_account_id: 'payer',
    split_value: 'breakdown_value',
  };
}

/**
 * Writes a month's data file, sorted by account, Region and product. The same rows lead to the same bytes, on any
 * machine and with any number of threads: DuckDB keeps the order of sorted rows in the steps up to the writer.
 *
 * @returns path of the file in the session's scratch folder
 */
export function writeDataFile(
  session: DuckSession,
  rows: MonthRows,
  constants: RowConstants,
  format: ExportFormat,
): Promise<string> {
  const columns = columnsOfExport(rows.breakdown !== undefined);
  return writeColumns(session, rows, constants, { name: 'data', format, columns });
}

/**
 * Writes the companion file: the same rows in the same order with the parts of Scope 3.
 *
 * @returns path of the file in the session's scratch folder
 */
export function writeCompanionFile(
  session: DuckSession,
  rows: MonthRows,
  constants: RowConstants,
  format: ExportFormat,
): Promise<string> {
  return writeColumns(session, rows, constants, { name: 'companion', format, columns: COMPANION_COLUMNS });
}

async function writeColumns(
  session: DuckSession,
  rows: MonthRows,
  constants: RowConstants,
  file: { readonly name: string; readonly format: ExportFormat; readonly columns: readonly ExportColumn[] },
): Promise<string> {
  const { name: fileName, format } = file;
  const path = join(session.scratch, `${fileName}-${String(constants.asOf.getTime())}.${format}`);
  const { breakdown } = rows;
  const texts: Readonly<Record<string, string>> = {
    model_version: await constantText(session, constants.modelVersion),
    ...(breakdown === undefined
      ? {}
      : { split_by: await constantText(session, breakdownText(breakdown.by)) }),
  };
  const unit = await constantText(session, UNIT);
  const known = { ...expressions(rows.allocation.categories), ...texts };
  const columns = file.columns.map(({ name, type }) => {
    if (type === 'timestamp') return `${instant(name, constants, format)} AS ${name}`;
    const expression = name.endsWith('_unit') ? unit : known[name];
    if (expression === undefined) throw new Error(`no rule for the export column ${name}`);
    return `${name === 'split_value' ? breakdownValueIn(format, expression) : expression} AS ${name}`;
  });
  const order = ['sort_key', ...(breakdown === undefined ? [] : ['breakdown_value'])];
  const from = await rowsSql(session, rows, constants.payerAccountId);
  // Constants are added to sorted rows: a sort copies every column that it gets.
  const query = `SELECT ${columns.join(', ')} FROM (SELECT * FROM (${from}) rows ORDER BY ${order.join(', ')}) sorted`;
  await writeRows(session, { query }, path, format);
  return path;
}

/** SQL of a text that is the same in every row. */
async function constantText(session: DuckSession, text: string): Promise<string> {
  const type = await session.enumOf(`SELECT ${textLiteral(text)}`);
  return `CAST(${textLiteral(text)} AS ${type})`;
}

/**
 * SQL of the rows with a number by which they are sorted. The types of texts hold those of these rows alone: a dictionary is
 * written whole, and a service without usage must not change the file.
 */
async function rowsSql(
  session: DuckSession,
  { allocation, exportRows, payers, breakdown }: MonthRows,
  payerAccountId: string,
): Promise<string> {
  const { table } = breakdown?.parts ?? allocation;
  const used = `SELECT * FROM ${exportRows.table} WHERE row_id IN (SELECT row_id FROM ${table})`;
  const typed: string[] = [];
  for (const name of ['region_code', 'location', 'product_code']) {
    const type = await session.enumOf(`SELECT ${name} FROM (${used}) r`);
    typed.push(`CAST(${name} AS ${type}) AS ${name}`);
  }
  const named = await session.tableOf(`SELECT row_id, ${typed.join(', ')} FROM (${used}) r`);
  const payerOf = `coalesce(p.payer_account_id, ${textLiteral(payerAccountId)})`;
  const paid = `FROM (SELECT DISTINCT account_number FROM ${table}) a
    LEFT JOIN ${payers.table} p ON p.account_number = a.account_number`;
  const payer = await session.enumOf(`SELECT ${payerOf} ${paid}`);
  const accounts = await session.tableOf(
    `SELECT a.account_number, CAST(${payerOf} AS ${payer}) AS payer ${paid}`,
  );
  const mtco2e = (category: Category): string => `${category}_kg / ${String(KG_PER_MTCO2E)} AS ${category}`;
  return `
  SELECT a.account_number * (SELECT COUNT(*) FROM ${exportRows.table}) + a.row_id AS sort_key, a.account_number,
    ${breakdown === undefined ? '' : 'a.breakdown_value, '}p.payer, r.region_code, r.location, r.product_code,
    ${allocation.categories.map(mtco2e).join(', ')}
  FROM ${table} a JOIN ${named.table} r ON r.row_id = a.row_id
  JOIN ${accounts.table} p ON p.account_number = a.account_number
`;
}

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

import { type DuckSession, numberIn, textIn } from '../../sql/duck-session';
import { SHOWN } from '../../base/shown';
import type { Relation } from '../../sql/relation';
import type { Sql } from '../../usage/lines/usage-source';
import { exactSumOf } from './exact-sums';
import type { PerCategory } from './exact/categories';
import { type Fraction, THOUSAND, toNumber } from './exact/rational';
import {
  type ExpectedRows,
  exactRows,
  exactValue,
  expectedValue,
  keyColumns,
  keyText,
} from './expected-rows';
import type { ProblemList } from './problem-list';
import { publishedRelation, publishedRow, valueColumns } from './published-rows';
import { checkTexts, loadTexts, type RowTexts } from './row-texts';
import { CERTAIN, differenceSql, relativeDifference, TOLERANCE } from './tolerance';

/** Counts and the largest difference of the rows of a file. */
export interface CheckedRows {
  readonly rows: number;
  readonly accounts: number;
  /** Values compared with the exact ones. */
  readonly values: number;
  /** Relative, over all values. */
  readonly largestDifference: number;
}

/** A data file of a computed month, and its expected rows. */
export interface RowsCheck {
  readonly path: string;
  readonly columns: readonly string[];
  readonly texts: RowTexts;
  /** Undefined where the month is not recomputed: then values are not compared. */
  readonly expected: ExpectedRows | undefined;
}

/**
 * Checks the rows of a file in the engine: keys unique and in order, constants, units, and every value. A row that is not
 * certainly right is checked again here, in fractions, and its differences are described.
 */
export async function checkRows(
  session: DuckSession,
  check: RowsCheck,
  problems: ProblemList,
): Promise<CheckedRows> {
  const relation = publishedRelation(check.path, check.columns);
  const checked = await checkedRows(session, check, relation);
  const [total] = await session.rows(
    `SELECT CAST(COUNT(*) AS DOUBLE) AS n, CAST(COUNT(DISTINCT account) AS DOUBLE) AS accounts,
       CAST(COUNT(difference) AS DOUBLE) AS matched, CAST(COUNT(*) FILTER (is_suspicious) AS DOUBLE) AS suspicious,
       coalesce(MAX(difference) FILTER (NOT is_suspicious), 0) AS largest FROM ${checked.table}`,
  );
  const suspicious = numberIn(total, 'suspicious');
  const difference =
    suspicious === 0
      ? 0
      : await checkSuspiciousRows(session, check, await suspiciousRows(session, check, checked), problems);
  problems.addUnlisted(Math.max(0, suspicious - SHOWN.problems));
  if (check.expected !== undefined) await addMissingRows(session, check, check.expected, problems);
  return {
    rows: numberIn(total, 'n'),
    accounts: numberIn(total, 'accounts'),
    values: numberIn(total, 'matched') * valueColumns(check.columns).length,
    largestDifference: Math.max(numberIn(total, 'largest'), difference),
  };
}

/** Returns the exact sums of the value columns of a file, kgCO2e. */
export async function exportedKg(
  session: DuckSession,
  { path, columns }: Pick<RowsCheck, 'path' | 'columns'>,
): Promise<ReadonlyMap<string, Fraction>> {
  const sums = new Map<string, Fraction>();
  for (const column of valueColumns(columns)) {
    const mtco2e = await exactSumOf(session, publishedRelation(path, columns, [column]), column);
    sums.set(column, mtco2e.mul(THOUSAND));
  }
  return sums;
}

/** Rows with their number and the key of the row before. */
function numbered({ sql }: Sql, isBrokenDown: boolean): string {
  const before = keyColumns(isBrokenDown).map(([key, column]) => `lag(${column}) OVER () AS before_${key}`);
  return `SELECT *, row_number() OVER () AS number, ${before.join(', ')} FROM (${sql}) r`;
}

/** SQL condition: the row's key is after that of the row before, in the order of bytes. */
function isAfter(isBrokenDown: boolean): string {
  const condition = keyColumns(isBrokenDown).reduceRight(
    (rest, [key, column]) => `(f.${column} > f.before_${key} OR (f.${column} = f.before_${key} AND ${rest}))`,
    'false',
  );
  return `(f.before_account IS NULL OR ${condition})`;
}

/** Returns the number, account and largest difference of each row, and whether the row needs a second check. */
async function checkedRows(
  session: DuckSession,
  { texts, expected, columns }: RowsCheck,
  relation: Sql,
): Promise<Relation> {
  const isBrokenDown = columns.includes('split_value');
  const { joins, condition } = await loadTexts(session, texts, valueColumns(columns));
  let [difference, join, isClose] = ['CAST(NULL AS DOUBLE)', '', ''];
  if (expected !== undefined) {
    const same = keyColumns(isBrokenDown).map(([key, column]) => `e.${key} = f.${column}`);
    join = `LEFT JOIN ${expected.rows.table} e ON ${same.join(' AND ')}`;
    const all = valueColumns(columns).map((column) => differenceSql(`f.${column}`, expectedValue(column)));
    difference = `CASE WHEN e.account IS NOT NULL THEN greatest(${all.join(', ')}) END`;
    isClose = ` AND difference <= ${String(CERTAIN)}`;
  }
  return session.tableOf(
    `SELECT number, account, difference, NOT coalesce(is_right${isClose}, false) AS is_suspicious
     FROM (SELECT f.number, f.usage_account_id AS account, ${difference} AS difference,
         ${condition} AND ${isAfter(isBrokenDown)} AS is_right
       FROM (${numbered(relation, isBrokenDown)}) f ${joins} ${join}) checked`,
    relation.parameters,
  );
}

/** Returns the first rows that need a second check, with the key of the row before. */
function suspiciousRows(
  session: DuckSession,
  { path, columns }: RowsCheck,
  checked: Relation,
): Promise<Relation> {
  const relation = publishedRelation(path, columns);
  return session.tableOf(
    `SELECT * FROM (${numbered(relation, columns.includes('split_value'))}) f
     WHERE number IN (SELECT number FROM ${checked.table} WHERE is_suspicious ORDER BY number LIMIT ${String(SHOWN.problems)})`,
    relation.parameters,
  );
}

/** Adds the differences of suspicious rows. Returns the largest difference of their values. */
async function checkSuspiciousRows(
  session: DuckSession,
  { columns, texts, expected }: RowsCheck,
  suspicious: Relation,
  problems: ProblemList,
): Promise<number> {
  const keys = keyColumns(columns.includes('split_value'));
  const exact = expected === undefined ? undefined : await exactRows(session, expected, suspicious);
  let largest = 0;
  for (const row of await session.rows(`SELECT * FROM ${suspicious.table} ORDER BY number`)) {
    const published = publishedRow(row, columns);
    const key = keys.map(([, column]) => published.texts[column] ?? '');
    const name = key.join(' ');
    const before = keys.map(([part]) => row[`before_${part}`]);
    problems.expect(
      isSorted(before, key),
      () =>
        `row ${name}: found after row ${before.join(' ')}, expected rows in order of their keys and each once`,
    );
    checkTexts(published, name, texts, problems);
    if (exact !== undefined) {
      const kg = exact.get(
        keyText(
          row,
          keys.map(([, column]) => column),
        ),
      );
      largest = Math.max(largest, checkValues(published.values, name, kg, problems));
    }
  }
  return largest;
}

function isSorted(before: readonly unknown[], key: readonly string[]): boolean {
  for (const [at, part] of key.entries()) {
    const other = before[at];
    if (typeof other !== 'string') return true;
    if (part !== other) return Buffer.compare(Buffer.from(part), Buffer.from(other)) > 0;
  }
  return false;
}

/** Compares a row with its exact values, kg. Returns the largest relative difference. */
function checkValues(
  values: Readonly<Record<string, number>>,
  name: string,
  kg: PerCategory | undefined,
  problems: ProblemList,
): number {
  if (kg === undefined) {
    problems.add(`row ${name}: found in the file, expected no such row from the inputs`);
    return 0;
  }
  let largest = 0;
  for (const [column, value] of Object.entries(values)) {
    const exact = toNumber(exactValue(kg, column));
    const difference = relativeDifference(value, exact);
    problems.expect(
      difference <= TOLERANCE,
      () => `row ${name}, column ${column}: found ${String(value)}, expected ${String(exact)}`,
    );
    largest = Math.max(largest, difference);
  }
  return largest;
}

async function addMissingRows(
  session: DuckSession,
  { path, columns }: RowsCheck,
  expected: ExpectedRows,
  problems: ProblemList,
): Promise<void> {
  const keys = keyColumns(columns.includes('split_value'));
  const same = keys.map(([key, column]) => `e.${key} = f.${column}`).join(' AND ');
  const { sql, parameters } = publishedRelation(path, columns);
  const missing = await session.tableOf(
    `SELECT e.* FROM ${expected.rows.table} e ANTI JOIN (${sql}) f ON ${same}`,
    parameters,
  );
  const [total] = await session.rows(`SELECT CAST(COUNT(*) AS DOUBLE) AS n FROM ${missing.table}`);
  const names = keys.map(([key]) => key);
  const list = names.join(', ');
  const rows = await session.rows(
    `SELECT ${list} FROM ${missing.table} ORDER BY ${list} LIMIT ${String(SHOWN.problems)}`,
  );
  for (const row of rows) {
    const key = names.map((column) => textIn(row, column)).join(' ');
    problems.add(`row ${key}: not found in the file, expected by the inputs`);
  }
  problems.addUnlisted(numberIn(total, 'n') - rows.length);
}

import { groupBy } from '../../base/group';
import { SHOWN } from '../../base/shown';
import type { LineCosts } from '../../compute/aws-totals/bill-costs';
import { type SplitInputs, splitMonth } from '../../compute/aws-totals/split-month';
import { type Breakdown, breakdownText } from '../../exports/breakdown';
import type { Manifest } from '../../exports/manifest';
import { type DuckSession, numberIn, textIn, withSession } from '../../sql/duck-session';
import type { Relation } from '../../sql/relation';
import type { CheckedRows } from './check-rows';
import { checkSplitLedger } from './check-split-ledger';
import { checkSplitRows } from './check-split-rows';
import { type ExactRow, exactSplit } from './exact-split';
import { type Fraction, toNumber } from './exact/rational';
import {
  type ExpectedSplit,
  expectedSplit,
  SPLIT_KEY,
  SPLIT_KEY_NAMES,
  type SplitSources,
} from './expected-split';
import type { ProblemList } from './problem-list';
import {
  publishedColumns,
  publishedRelation,
  type PublishedRow,
  publishedRow,
  VALUE_COLUMNS,
} from './published-rows';
import { rawDetail, valueOfDetail } from './raw-detail';
import { constantsOf } from './row-texts';
import { CERTAIN, differenceSql, relativeDifference, TOLERANCE } from './tolerance';

/** A published month of AWS's totals, and its inputs. */
export interface SplitCheck {
  /** The data file on the local disk. */
  readonly path: string;
  readonly manifest: Manifest;
  /** Breakdown of the rows beyond services. */
  readonly breakdown?: Breakdown;
  readonly inputs: SplitInputs;
}

/**
 * Splits AWS's rows once more, by separate SQL, and compares every row and value of the file, and the ledger. A row that is
 * not certainly right is split again in exact fractions. AWS's rows and the cost of each usage line are as the run reads
 * them.
 */
export function checkSplit(
  { path, manifest, breakdown, inputs }: SplitCheck,
  problems: ProblemList,
): Promise<CheckedRows> {
  return withSession({}, async (session) => {
    const { carbon, costs: run } = await splitMonth(session, withRawDetail(inputs, breakdown));
    const costs = run && (await withOwnValues(session, run.lineCosts, breakdown));
    const sources: SplitSources = { carbon, costs, breakdown };
    const columns = publishedColumns(breakdown !== undefined);
    const { sql, parameters } = publishedRelation(path, columns);
    const file = await session.tableOf(sql, parameters);
    const expected = await expectedSplit(session, sources);
    const constants = constantsOf(manifest, breakdown === undefined ? undefined : breakdownText(breakdown));
    await checkSplitRows(session, file, { columns, constants }, problems);
    await checkSplitLedger(session, { manifest, carbon, splitIds: expected.splitIds, file }, problems);
    return compare(session, { sources, expected, file, columns }, problems);
  });
}

/** Lines keep the texts of their keys, from which `valueOfDetail` finds the values. */
function withRawDetail(inputs: SplitInputs, breakdown: Breakdown | undefined): SplitInputs {
  const { bills } = inputs;
  if (bills === undefined || breakdown === undefined) return inputs;
  return { ...inputs, bills: { ...bills, detail: rawDetail(breakdown) } };
}

/** Returns costs by the values of a breakdown, found in the texts that {@link withRawDetail} keeps. */
async function withOwnValues(
  session: DuckSession,
  costs: LineCosts,
  breakdown: Breakdown | undefined,
): Promise<LineCosts> {
  if (breakdown === undefined) return costs;
  const details = await session.rows(`SELECT DISTINCT part FROM ${costs.table}`);
  const values = await session.load({
    columns: { detail: 'VARCHAR', value: 'VARCHAR' },
    rows: details.map((row) => {
      const detail = textIn(row, 'part');
      return [detail, valueOfDetail(breakdown, detail)] as const;
    }),
  });
  return session.table(
    costs.columns,
    `SELECT c.* REPLACE (v.value AS part) FROM ${costs.table} c JOIN ${values.table} v ON v.detail = c.part`,
  );
}

/** A file, and what its rows must be. */
interface Comparison {
  readonly sources: SplitSources;
  readonly expected: ExpectedSplit;
  readonly file: Relation;
  readonly columns: readonly string[];
}

async function compare(
  session: DuckSession,
  comparison: Comparison,
  problems: ProblemList,
): Promise<CheckedRows> {
  const pairs = await pairsOf(session, comparison);
  const matched = VALUE_COLUMNS.map((column) => `COUNT(d_${column})`).join(' + ');
  const [total] = await session.rows(
    `SELECT CAST(coalesce(SUM(n), 0) AS DOUBLE) AS n, CAST(COUNT(DISTINCT account) FILTER (n > 0) AS DOUBLE) AS accounts,
       CAST(${matched} AS DOUBLE) AS matched, CAST(COUNT(*) FILTER (is_suspicious) AS DOUBLE) AS suspicious,
       coalesce(MAX(difference) FILTER (NOT is_suspicious), 0) AS largest FROM ${pairs.table}`,
  );
  const keys = await session.tableOf(
    `SELECT ${SPLIT_KEY_NAMES} FROM ${pairs.table} WHERE is_suspicious ORDER BY ${SPLIT_KEY_NAMES} LIMIT ${String(SHOWN.problems)}`,
  );
  const difference = await checkSuspicious(session, comparison, keys, problems);
  problems.addUnlisted(Math.max(0, numberIn(total, 'suspicious') - SHOWN.problems));
  return {
    rows: numberIn(total, 'n'),
    accounts: numberIn(total, 'accounts'),
    values: numberIn(total, 'matched'),
    largestDifference: Math.max(numberIn(total, 'largest'), difference),
  };
}

/** Returns, for each key in the file or expected, the differences of the values and whether it needs a second check. */
function pairsOf(session: DuckSession, { expected: { rows }, file, columns }: Comparison): Promise<Relation> {
  const keys = keyList(columns).map(([name, column]) => `${column} AS ${name}`);
  const sums = VALUE_COLUMNS.map((column) => `SUM(${column}) AS ${column}`);
  const found = `SELECT ${keys.join(', ')}, COUNT(*) AS n, MIN(location) AS first_location, MAX(location) AS last_location, ${sums.join(', ')}
    FROM ${file.table} GROUP BY 1, 2, 3, 4, 5`;
  const differences = VALUE_COLUMNS.map(
    (column) =>
      `CASE WHEN f.${column} IS NOT NULL AND e.${column} IS NOT NULL THEN ${differenceSql(`f.${column}`, `e.${column}`)} END AS d_${column}`,
  );
  const sameNulls = VALUE_COLUMNS.map((column) => `(f.${column} IS NULL) = (e.${column} IS NULL)`);
  const all = VALUE_COLUMNS.map((column) => `coalesce(d_${column}, 0)`).join(', ');
  return session.tableOf(
    `SELECT *, greatest(${all}) AS difference, NOT (is_same AND greatest(${all}) <= ${String(CERTAIN)}) AS is_suspicious FROM (
       SELECT ${SPLIT_KEY_NAMES}, coalesce(f.n, 0) AS n, ${differences.join(', ')},
         coalesce(f.n = e.n AND f.first_location = e.location AND f.last_location = e.location AND NOT e.has_negative AND ${sameNulls.join(' AND ')}, false) AS is_same
       FROM (${found}) f FULL JOIN ${rows.table} e USING (${SPLIT_KEY_NAMES})) p`,
  );
}

/** Columns of the key with the SQL of their values in the data file. */
function keyList(columns: readonly string[]): (readonly [string, string])[] {
  return Object.entries(SPLIT_KEY).map(([name, column]) => [name, columns.includes(column) ? column : `''`]);
}

/** Compares the rows of some keys with the exact ones, and adds their differences. Returns the largest of a value. */
async function checkSuspicious(
  session: DuckSession,
  { sources, file, columns }: Comparison,
  keys: Relation,
  problems: ProblemList,
): Promise<number> {
  const names = await session.rows(
    `SELECT ${SPLIT_KEY_NAMES} FROM ${keys.table} ORDER BY ${SPLIT_KEY_NAMES}`,
  );
  if (names.length === 0) return 0;
  const expected = await exactSplit(session, sources, keys);
  const same = keyList(columns).map(([name, column]) => `k.${name} = ${column}`);
  const rows = await session.rows(
    `SELECT * FROM ${file.table} f WHERE EXISTS (SELECT 1 FROM ${keys.table} k WHERE ${same.join(' AND ')})`,
  );
  const found = groupBy(
    rows.map((row) => publishedRow(row, columns)),
    ({ texts }) => keyOf(texts),
  );
  let largest = 0;
  for (const name of names) {
    const key = keyOf(
      Object.fromEntries(
        Object.entries(SPLIT_KEY).flatMap(([part, column]) =>
          columns.includes(column) ? [[column, String(name[part])]] : [],
        ),
      ),
    );
    largest = Math.max(largest, checkKey(key, found.get(key) ?? [], expected.get(key), problems));
  }
  return largest;
}

/** The key of a row, as messages show it. */
function keyOf(texts: Readonly<Record<string, string>>): string {
  const value = texts['split_value'];
  const { account, payer, region, product } = SPLIT_KEY;
  const columns = [account, payer, region, product].map((column) => texts[column] ?? '');
  return [...columns, ...(value === undefined ? [] : [value])].join(' ');
}

function checkKey(
  key: string,
  rows: readonly PublishedRow[],
  expected: ExactRow | undefined,
  problems: ProblemList,
): number {
  if (expected === undefined || rows.length === 0) {
    problems.expect(
      expected === undefined,
      () => `row ${key}: not found in the file, expected by the inputs`,
    );
    problems.expect(
      rows.length === 0,
      () => `row ${key}: found in the file, expected no such row from the inputs`,
    );
    return 0;
  }
  checkPlace(key, rows, expected, problems);
  const differences = VALUE_COLUMNS.map((column) =>
    differenceIn(`row ${key}, column ${column}`, valuesOf(rows, column), expected.values[column], problems),
  );
  return Math.max(...differences);
}

function valuesOf(rows: readonly PublishedRow[], column: string): number[] {
  return rows.map(({ values }) => values[column] ?? NaN).filter((value) => !Number.isNaN(value));
}

function checkPlace(
  key: string,
  rows: readonly PublishedRow[],
  { count, location }: ExactRow,
  problems: ProblemList,
): void {
  problems.expect(
    rows.length === count,
    () => `row ${key}: found ${String(rows.length)} times, expected ${String(count)} times`,
  );
  for (const { texts } of rows) {
    const found = texts['location'] ?? '';
    problems.expect(
      found === location,
      () => `row ${key}, column location: found "${found}", expected "${location}" as in AWS's export`,
    );
  }
}

/** Returns the relative difference of a value of the rows with a key; 0 where there is nothing to compare. */
function differenceIn(
  where: string,
  present: readonly number[],
  exact: Fraction | undefined,
  problems: ProblemList,
): number {
  problems.expect(present.length > 0 === (exact !== undefined), () =>
    exact === undefined
      ? `${where}: found a value, expected null as in AWS's export`
      : `${where}: found null, expected ${String(toNumber(exact))} by the inputs`,
  );
  if (exact === undefined || present.length === 0) return 0;
  const value = present.reduce((sum, part) => sum + part, 0);
  const difference = relativeDifference(value, toNumber(exact));
  problems.expect(
    difference <= TOLERANCE,
    () => `${where}: found ${String(value)}, expected ${String(toNumber(exact))}`,
  );
  return difference;
}

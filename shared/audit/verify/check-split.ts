import { groupBy } from '../../base/group';
import type { LineCosts } from '../../compute/aws-totals/bill-costs';
import { type SplitInputs, splitMonth } from '../../compute/aws-totals/split-month';
import { breakdownText, type Breakdown } from '../../exports/breakdown';
import { EMISSIONS, valueColumn } from '../../exports/emissions';
import type { Manifest } from '../../exports/manifest';
import { type DuckSession, type SqlRow, withSession } from '../../sql/duck-session';
import type { CheckedRows } from './check-rows';
import { checkSplitLedger } from './check-split-ledger';
import { type NaiveCarbonRow, type NaiveCostLine, naiveParts } from './exact/naive-split';
import { type Fraction, toNumber } from './exact/rational';
import { valueOfNothing } from './exact/breakdown-value';
import type { ProblemList } from './problem-list';
import { publishedColumns, type PublishedRow, publishedRows, VALUE_COLUMNS } from './published-rows';
import { constantsOf } from './row-texts';
import { added, type AwsRow, type Values } from './split-values';
import { relativeDifference, TOLERANCE } from './tolerance';

/** A published month of AWS's totals, and its inputs. */
export interface SplitCheck {
  /** The data file on the local disk. */
  readonly path: string;
  readonly manifest: Manifest;
  /** What rows are broken down by beyond services. */
  readonly breakdown?: Breakdown;
  readonly inputs: SplitInputs;
}

/** What a row of the file has to be. */
interface ExpectedRow {
  readonly values: Values;
  /** How often the file has a row with this key: as often as AWS's rows have one. */
  readonly count: number;
  readonly location: string;
}

const COLUMNS = EMISSIONS.map(valueColumn);

/** AWS's value of a column as a text; null where AWS has none. */
const TEXTS = COLUMNS.map((column) => `CAST(${column} AS VARCHAR) AS ${column}`).join(', ');

/**
 * Splits AWS's rows once more, in exact fractions, and compares every row and value of the file, and the ledger. AWS's
 * rows and the cost of each usage line are as the run reads them.
 */
export function checkSplit(
  { path, manifest, breakdown, inputs }: SplitCheck,
  problems: ProblemList,
): Promise<CheckedRows> {
  return withSession({}, async (session) => {
    const { carbon, costs } = await splitMonth(session, inputs);
    const rows = await session.rows(
      `SELECT usage_account_id, payer_account_id, region_code, location, product_code, service_group, ${TEXTS} FROM ${carbon.table} ORDER BY row_id`,
    );
    const lines = costs === undefined ? [] : await costLines(session, costs.lineCosts, breakdown);
    const columns = publishedColumns(breakdown !== undefined);
    const published: PublishedRow[] = [];
    for await (const row of publishedRows(session, path, columns)) published.push(row);
    const { expected, awsRows } = expectedRows(rows, lines, breakdown);
    const constants = constantsOf(manifest, breakdown === undefined ? undefined : breakdownText(breakdown));
    for (const row of published) checkTexts(row, constants, problems);
    checkSplitLedger(manifest, awsRows, published, problems);
    return compare(published, expected, problems);
  });
}

async function costLines(
  session: DuckSession,
  costs: LineCosts,
  breakdown: Breakdown | undefined,
): Promise<NaiveCostLine[]> {
  const part = breakdown === undefined ? `''` : 'part';
  const lines = await session.rows(
    `SELECT account_id, region, product_code, CAST(cost AS VARCHAR) AS cost, ${part} AS part FROM ${costs.table}`,
  );
  return lines.map((line) => ({
    account: text(line, 'account_id'),
    region: text(line, 'region'),
    service: text(line, 'product_code'),
    cost: text(line, 'cost'),
    ...(breakdown === undefined ? {} : { part: text(line, 'part') }),
  }));
}

function text(row: SqlRow, column: string): string {
  const value = row[column];
  return typeof value === 'string' ? value : '';
}

const PLACE = ['usage_account_id', 'payer_account_id', 'region_code'] as const;

/** The rows that AWS's rows and the costs come to, by account, payer, Region, product and part. */
function expectedRows(
  rows: readonly SqlRow[],
  lines: readonly NaiveCostLine[],
  breakdown: Breakdown | undefined,
): { readonly expected: ReadonlyMap<string, ExpectedRow>; readonly awsRows: readonly AwsRow[] } {
  const byAccount = groupBy(lines, ({ account }) => account);
  const products = new Set(rows.map((row) => text(row, 'service_group')));
  const expected = new Map<string, ExpectedRow>();
  const awsRows: AwsRow[] = [];
  for (const row of rows) {
    const carbon: NaiveCarbonRow = {
      account: text(row, 'usage_account_id'),
      region: text(row, 'region_code'),
      product: text(row, 'service_group'),
      values: Object.fromEntries(
        COLUMNS.flatMap((column) => (row[column] === null ? [] : [[column, text(row, column)]])),
      ),
    };
    const parts = naiveParts(carbon, byAccount.get(carbon.account) ?? [], products);
    for (const { service, part, isSplit, values } of parts) {
      const value = breakdown === undefined ? [] : [part ?? valueOfNothing(breakdown)];
      const product = isSplit ? service : text(row, 'product_code');
      const key = [...PLACE.map((column) => text(row, column)), product, ...value].join(' ');
      const before = expected.get(key);
      expected.set(key, {
        values: added(before?.values, values),
        count: (before?.count ?? 0) + 1,
        location: text(row, 'location'),
      });
    }
    awsRows.push({
      account: carbon.account,
      payer: text(row, 'payer_account_id'),
      isSplit: parts.some(({ isSplit }) => isSplit),
      total: parts.map(({ values }) => values).reduce((all, values) => added(all, values)),
    });
  }
  return { expected, awsRows };
}

/** The key of a row, as messages show it. */
function keyOf({ texts }: PublishedRow): string {
  const value = texts['split_value'];
  const columns = [...PLACE, 'product_code'].map((column) => texts[column] ?? '');
  return [...columns, ...(value === undefined ? [] : [value])].join(' ');
}

/** What is the same in every row, and units: there where the value is. */
function checkTexts(
  row: PublishedRow,
  constants: Readonly<Record<string, string>>,
  problems: ProblemList,
): void {
  const units = VALUE_COLUMNS.map((column) => [
    column.replace(/_value$/, '_unit'),
    Number.isNaN(row.values[column]) ? '' : 'MTCO2e',
  ]);
  const expected: Readonly<Record<string, string>> = { ...constants, ...Object.fromEntries(units) };
  for (const [column, value] of Object.entries(expected)) {
    const found = row.texts[column] ?? '';
    problems.expect(found === value, () => `row ${keyOf(row)}: ${column} is "${found}", expected "${value}"`);
  }
}

function compare(
  published: readonly PublishedRow[],
  expected: ReadonlyMap<string, ExpectedRow>,
  problems: ProblemList,
): CheckedRows {
  const found = groupBy(published, keyOf);
  let [values, largest] = [0, 0];
  for (const [key, row] of expected) {
    const rows = found.get(key) ?? [];
    problems.expect(rows.length > 0, () => `row ${key} is not published; the inputs give it`);
    if (rows.length === 0) continue;
    checkPlace(key, rows, row, problems);
    for (const column of COLUMNS) {
      const difference = differenceIn(key, column, rows, row.values[column], problems);
      if (difference === undefined) continue;
      values += 1;
      largest = Math.max(largest, difference);
    }
  }
  for (const key of found.keys()) {
    problems.expect(expected.has(key), () => `row ${key} is published; the inputs give no such row`);
  }
  const accounts = new Set(published.map(({ texts }) => texts['usage_account_id'])).size;
  return { rows: published.length, accounts, values, largestDifference: largest };
}

function checkPlace(
  key: string,
  rows: readonly PublishedRow[],
  { count, location }: ExpectedRow,
  problems: ProblemList,
): void {
  problems.expect(
    rows.length === count,
    () => `row ${key} is published ${String(rows.length)} times, expected ${String(count)}`,
  );
  for (const { texts } of rows) {
    const found = texts['location'] ?? '';
    problems.expect(
      found === location,
      () => `row ${key}: location is "${found}", which AWS's export tells as "${location}"`,
    );
  }
}

/** How far a value of the rows with a key is off, relative; undefined where there is none to compare. */
function differenceIn(
  key: string,
  column: string,
  rows: readonly PublishedRow[],
  exact: Fraction | undefined,
  problems: ProblemList,
): number | undefined {
  const present = rows.map(({ values }) => values[column] ?? NaN).filter((value) => !Number.isNaN(value));
  problems.expect(
    present.length > 0 === (exact !== undefined),
    () =>
      `row ${key}: ${column} is ${present.length > 0 ? 'there' : 'null'}, which it is not in AWS's export`,
  );
  if (exact === undefined || present.length === 0) return undefined;
  const value = present.reduce((sum, part) => sum + part, 0);
  const difference = relativeDifference(value, toNumber(exact));
  problems.expect(
    difference <= TOLERANCE,
    () => `row ${key}: ${column} is ${String(value)}, exactly ${String(toNumber(exact))}`,
  );
  return difference;
}

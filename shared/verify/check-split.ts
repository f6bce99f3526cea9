import { EMISSIONS, valueColumn } from '../aws-carbon/carbon-columns';
import { withSession } from '../engine/duck-session';
import type { DuckLimits, DuckSession, SqlRow } from '../engine/duck-session';
import { literalPath } from '../engine/duck-session';
import { dataFileRelation } from '../exports/data-file';
import { groupBy } from '../method/group';
import { relativeDifference, TOLERANCE } from './check-rows';
import type { CheckedRows } from './check-rows';
import { naiveParts } from './exact/naive-split';
import type { NaiveCarbonRow, NaiveCostLine } from './exact/naive-split';
import type { Fraction } from './exact/rational';
import { toNumber, ZERO } from './exact/rational';
import type { ProblemList } from './problem-list';

/** A published month of AWS's totals, and how to read what it was split from. */
export interface SplitCheck {
  /** The data file on the local disk. */
  readonly path: string;
  readonly limits: DuckLimits;
  /** Reads AWS's rows into the table `carbon_row` and the costs of the month's usage into `line_cost`. */
  readonly read: (session: DuckSession) => Promise<unknown>;
}

const COLUMNS = EMISSIONS.map(valueColumn);

/** AWS's value of a column as a text; null where AWS has none. */
const TEXTS = COLUMNS.map((column) => `CAST(${column} AS VARCHAR) AS ${column}`).join(', ');

/**
 * Splits AWS's rows once more, in exact fractions, and compares every value of the file. AWS's rows and the cost of each
 * usage line are as the run reads them.
 */
export function checkSplit(
  { path, limits, read }: SplitCheck,
  problems: ProblemList,
): Promise<Omit<CheckedRows, 'exportedKg'>> {
  return withSession(limits, async (session) => {
    await read(session);
    const rows = await session.rows(
      `SELECT usage_account_id, payer_account_id, region_code, product_code, service_group, ${TEXTS} FROM carbon_row ORDER BY row_id`,
    );
    const lines = await session.rows(
      'SELECT account_id, region, product_code, CAST(cost AS VARCHAR) AS cost FROM line_cost',
    );
    const published = await session.rows(
      `SELECT usage_account_id, payer_account_id, region_code, product_code, ${COLUMNS.join(', ')} FROM ${dataFileRelation(path, '$1')}`,
      [literalPath(path)],
    );
    return compare(published, expectedRows(rows, lines), problems);
  });
}

type Values = Readonly<Record<string, Fraction>>;

function text(row: SqlRow, column: string): string {
  const value = row[column];
  return typeof value === 'string' ? value : '';
}

function keyOf(row: SqlRow, product: string): string {
  return [
    text(row, 'usage_account_id'),
    text(row, 'payer_account_id'),
    text(row, 'region_code'),
    product,
  ].join(' ');
}

/** The rows that AWS's rows and the costs come to, by account, payer, Region and product. */
function expectedRows(rows: readonly SqlRow[], lines: readonly SqlRow[]): Map<string, Values> {
  const costs = lines.map((line): NaiveCostLine => ({
    account: text(line, 'account_id'),
    region: text(line, 'region'),
    service: text(line, 'product_code'),
    cost: text(line, 'cost'),
  }));
  const byAccount = groupBy(costs, ({ account }) => account);
  const products = new Set(rows.map((row) => text(row, 'service_group')));
  const expected = new Map<string, Values>();
  for (const row of rows) {
    const carbon: NaiveCarbonRow = {
      account: text(row, 'usage_account_id'),
      region: text(row, 'region_code'),
      product: text(row, 'service_group'),
      values: Object.fromEntries(
        COLUMNS.flatMap((column) => (row[column] === null ? [] : [[column, text(row, column)]])),
      ),
    };
    for (const part of naiveParts(carbon, byAccount.get(carbon.account) ?? [], products)) {
      const key = keyOf(row, part.isSplit ? part.service : text(row, 'product_code'));
      expected.set(key, added(expected.get(key), part.values));
    }
  }
  return expected;
}

function added(before: Values | undefined, values: Values): Values {
  if (before === undefined) return values;
  const columns = new Set([...Object.keys(before), ...Object.keys(values)]);
  return Object.fromEntries(
    [...columns].map((column) => [column, (before[column] ?? ZERO).add(values[column] ?? ZERO)]),
  );
}

function compare(
  published: readonly SqlRow[],
  expected: ReadonlyMap<string, Values>,
  problems: ProblemList,
): Omit<CheckedRows, 'exportedKg'> {
  const found = groupBy(published, (row) => keyOf(row, text(row, 'product_code')));
  let [values, largest] = [0, 0];
  for (const [key, exact] of expected) {
    const rows = found.get(key) ?? [];
    problems.expect(rows.length > 0, () => `row ${key} is not published; the inputs give it`);
    if (rows.length === 0) continue;
    for (const column of COLUMNS) {
      const present = rows.map((row) => row[column]).filter((value) => typeof value === 'number');
      const kg = exact[column];
      problems.expect(
        present.length > 0 === (kg !== undefined),
        () =>
          `row ${key}: ${column} is ${present.length > 0 ? 'there' : 'null'}, which it is not in AWS's export`,
      );
      if (kg === undefined || present.length === 0) continue;
      values += 1;
      const value = present.reduce((sum, part) => sum + part, 0);
      const difference = relativeDifference(value, toNumber(kg));
      problems.expect(
        difference <= TOLERANCE,
        () => `row ${key}: ${column} is ${String(value)}, exactly ${String(toNumber(kg))}`,
      );
      largest = Math.max(largest, difference);
    }
  }
  for (const key of found.keys()) {
    problems.expect(expected.has(key), () => `row ${key} is published; the inputs give no such row`);
  }
  const accounts = new Set(published.map((row) => text(row, 'usage_account_id'))).size;
  return { rows: published.length, accounts, values, largestDifference: largest };
}

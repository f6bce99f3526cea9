import { groupBy } from '../../base/group';
import type { DuckSession, SqlRow } from '../../sql/duck-session';
import type { Relation } from '../../sql/relation';
import { valueOfNothing } from './exact/breakdown-value';
import { type NaiveCarbonRow, type NaiveCostLine, type NaivePart, naiveParts } from './exact/naive-split';
import { type Fraction, ZERO } from './exact/rational';
import type { SplitSources } from './expected-split';
import { VALUE_COLUMNS } from './published-rows';

/** Exact values by column, MTCO2e; without columns that AWS has no value of. */
type Values = Readonly<Record<string, Fraction>>;

/** An expected row of the file, exact. */
export interface ExactRow {
  readonly values: Values;
  /** Number of rows of the file with this key: that of AWS's rows. */
  readonly count: number;
  readonly location: string;
}

/** AWS's value of a column as a text; null where AWS has none. */
const TEXTS = VALUE_COLUMNS.map((column) => `CAST(${column} AS VARCHAR) AS ${column}`).join(', ');

/**
 * Splits the AWS rows that some keys come from, in exact fractions.
 *
 * @param keys rows with the columns of the key
 * @returns the rows of the file by account, payer, Region, product and part
 */
export async function exactSplit(
  session: DuckSession,
  sources: SplitSources,
  keys: Relation,
): Promise<ReadonlyMap<string, ExactRow>> {
  const { carbon, breakdown } = sources;
  const rows = await session.rows(
    `SELECT usage_account_id, payer_account_id, region_code, location, product_code, service_group, ${TEXTS}
     FROM ${carbon.table} a WHERE EXISTS (SELECT 1 FROM ${keys.table} k
       WHERE k.account = a.usage_account_id AND k.payer = a.payer_account_id AND k.region = coalesce(a.region_code, ''))
     ORDER BY row_id`,
  );
  const lines = groupBy(await costLines(session, sources, keys), ({ account }) => account);
  const groups = await session.rows(`SELECT DISTINCT service_group FROM ${carbon.table}`);
  const products = new Set(groups.map((row) => text(row, 'service_group')));
  const expected = new Map<string, ExactRow>();
  for (const row of rows) {
    const carbonRow = carbonRowOf(row);
    for (const part of naiveParts(carbonRow, lines.get(carbonRow.account) ?? [], products)) {
      const value = breakdown === undefined ? [] : [part.part ?? valueOfNothing(breakdown)];
      const key = [...keyOf(row, part), ...value].join(' ');
      expected.set(key, withPart(expected.get(key), part, text(row, 'location')));
    }
  }
  return expected;
}

/** Returns two rows of values added up, column by column. */
function added(before: Values | undefined, values: Values): Values {
  if (before === undefined) return values;
  const columns = new Set([...Object.keys(before), ...Object.keys(values)]);
  return Object.fromEntries(
    [...columns].map((column) => [column, (before[column] ?? ZERO).add(values[column] ?? ZERO)]),
  );
}

function withPart(before: ExactRow | undefined, { values }: NaivePart, location: string): ExactRow {
  return { values: added(before?.values, values), count: (before?.count ?? 0) + 1, location };
}

function keyOf(row: SqlRow, { service, isSplit }: NaivePart): string[] {
  const place = ['usage_account_id', 'payer_account_id', 'region_code'].map((column) => text(row, column));
  return [...place, isSplit ? service : text(row, 'product_code')];
}

function carbonRowOf(row: SqlRow): NaiveCarbonRow {
  return {
    account: text(row, 'usage_account_id'),
    payer: text(row, 'payer_account_id'),
    region: text(row, 'region_code'),
    product: text(row, 'service_group'),
    values: Object.fromEntries(
      VALUE_COLUMNS.flatMap((column) => (row[column] === null ? [] : [[column, text(row, column)]])),
    ),
  };
}

/** The costs of the accounts of some keys, by Region, service and part. */
async function costLines(
  session: DuckSession,
  { costs, breakdown }: SplitSources,
  keys: Relation,
): Promise<NaiveCostLine[]> {
  if (costs === undefined) return [];
  const part = breakdown === undefined ? `''` : `coalesce(part, '')`;
  const lines = await session.rows(
    `SELECT account_id, payer_id, region, product_code, ${part} AS part, CAST(SUM(cost) AS VARCHAR) AS cost FROM ${costs.table}
     WHERE account_id IN (SELECT account FROM ${keys.table}) GROUP BY ALL`,
  );
  return lines.map((line) => ({
    account: text(line, 'account_id'),
    payer: text(line, 'payer_id'),
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

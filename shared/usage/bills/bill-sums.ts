import type { DuckSession } from '../../sql/duck-session';
import { exactSum } from '../../sql/exact-decimals';
import { unitsOfLong } from '../../sql/exact-units';
import type { ColumnTypes, Relation } from '../../sql/relation';
import type { BillLines } from './bill-lines';
import type { LineDetail } from './breakdown-value';
import { numbered, type RawSums, sameValues } from './raw-sums';

/** What lines of a bill are summed by: everything that says which account used which service where, and where it counts. */
const KEY_COLUMNS = {
  account_id: 'VARCHAR',
  payer_id: 'VARCHAR',
  region_id: 'VARCHAR',
  service_code: 'VARCHAR',
  service_name: 'VARCHAR',
  usage_type: 'VARCHAR',
  normalization: 'VARCHAR',
  unit: 'VARCHAR',
  currency: 'VARCHAR',
  left_out: 'VARCHAR',
  is_neighbour: 'VARCHAR',
  place: 'VARCHAR',
  part: 'DOUBLE',
} as const;

/** Amounts are exact in units of 10^-18 (exact-units.ts); `_bad` is above 0 where one of the summed texts is not a number. */
const SUM_COLUMNS = {
  quantity_units: 'HUGEINT',
  quantity_bad: 'INTEGER',
  cost_units: 'HUGEINT',
  cost_bad: 'INTEGER',
  lines: 'BIGINT',
  /** Lines whose cost is not 0. */
  priced_lines: 'BIGINT',
} as const;

/** Columns of {@link BillSums}. */
export const BILL_SUM_COLUMNS = {
  /** Number of the values of all keys but the account. */
  key_id: 'BIGINT',
  ...KEY_COLUMNS,
  ...SUM_COLUMNS,
} as const;

/**
 * A month's bills, summed: a bill has many lines for the same account and service, hour by hour. Lines that do not count
 * are summed too, for the report. Where the month is broken down there is a further key `breakdown_value`.
 */
export interface BillSums extends Relation<typeof BILL_SUM_COLUMNS> {
  /** The keys but the account, one row for each `key_id`. */
  readonly keys: Relation;
  /** The sums by account_id and key_id. */
  readonly amounts: Relation;
}

/**
 * Returns the sums of a month's bills over all files. Factors are applied to sums that hold all lines, so that no number
 * depends on how a bill was divided into files.
 *
 * @param nodes instances whose lines are summed one by one, under the further key `node_id`. @default - none
 */
export async function billSums(
  session: DuckSession,
  { bills, keyed }: BillLines,
  raw: RawSums,
  nodes?: Relation<{ node_id: 'VARCHAR' }>,
): Promise<BillSums> {
  const names = keyNames(bills.detail);
  const keys = nodes === undefined ? names : [...names, 'node_id'];
  const { table } = await session.tableOf(
    `SELECT row_number() OVER () AS key_id, k.* FROM (
       SELECT ${keys.join(', ')}, list(charge_id) AS charges
       FROM (${keysOfCharges(keyed(raw.charges, ['charge_id']), names, bills.detail, nodes)}) charge
       GROUP BY ${keys.join(', ')}) k`,
  );
  const amounts = await session.tableOf(amountsOfKeys(raw, table));
  return wholeSums(session, { keys, table, amounts: amounts.table });
}

/** Returns sums of all keys, such as those that instances were divided in, with numbers of their keys. */
export async function withKeyNumbers(
  session: DuckSession,
  sums: Relation,
  { detail }: BillLines['bills'],
): Promise<BillSums> {
  const keys = keyNames(detail);
  const { table } = await numbered(session, sums, keys, 'key_id');
  const columns = Object.keys(SUM_COLUMNS).map((name) => `s.${name}`);
  const amounts = await session.tableOf(
    `SELECT s.account_id, k.key_id, ${columns.join(', ')} FROM ${sums.table} s JOIN ${table} k ON ${sameValues('s', 'k', keys)}`,
  );
  return wholeSums(session, { keys, table, amounts: amounts.table });
}

async function wholeSums(
  session: DuckSession,
  {
    keys,
    table,
    amounts,
  }: { readonly keys: readonly string[]; readonly table: string; readonly amounts: string },
): Promise<BillSums> {
  const more = Object.fromEntries(
    keys.filter((name) => !(name in KEY_COLUMNS)).map((name) => [name, 'VARCHAR']),
  );
  const list = [...keys.map((name) => `k.${name}`), ...Object.keys(SUM_COLUMNS).map((name) => `a.${name}`)];
  const view = await session.view(
    { ...BILL_SUM_COLUMNS, ...more },
    `SELECT a.key_id, a.account_id, ${list.join(', ')} FROM ${amounts} a JOIN ${table} k ON k.key_id = a.key_id`,
  );
  return { ...view, keys: { table, columns: {} }, amounts: { table: amounts, columns: {} } };
}

/** Columns of {@link RawSums} that are summed. */
const SUMMED = [
  ...['quantity', 'cost'].flatMap((name) =>
    ['units', 'short', 'long', 'bad'].map((kind) => `${name}_${kind}`),
  ),
  ...['lines', 'cost_lines'],
];

/**
 * SQL of the sums by account and key. Nearly all keys are those of a single charge, whose sums need not be added: that would
 * take longer than all the rest.
 */
function amountsOfKeys({ withCharges, areDifferent }: RawSums, keys: string): string {
  const sumsWhere = (condition: string): string =>
    withCharges(
      ['account_id', ...SUMMED],
      ['key_id'],
      `(SELECT key_id, unnest(charges) AS charge_id FROM ${keys} WHERE ${condition})`,
    );
  const selected = (sumOf: (column: string, sum: 'SUM' | 'MAX') => string): string => {
    const amounts = ['quantity', 'cost'].flatMap((name) => [
      `${unitsOfSums(name, (column) => sumOf(column, 'SUM'))} AS ${name}_units`,
      `${sumOf(`CASE WHEN ${name}_bad THEN 1 ELSE 0 END`, 'MAX')} AS ${name}_bad`,
    ]);
    const counts = [
      ['lines', 'lines'],
      ['cost_lines', 'priced_lines'],
    ].map(([from = '', name = '']) => `CAST(${sumOf(from, 'SUM')} AS BIGINT) AS ${name}`);
    return ['account_id', 'key_id', ...amounts, ...counts].join(', ');
  };
  const isSingle = areDifferent ? 'len(charges) = 1' : 'false';
  return `
SELECT ${selected((column) => column)} FROM (${sumsWhere(isSingle)}) single
UNION ALL
SELECT ${selected((column, sum) => `${sum}(${column})`)} FROM (${sumsWhere(`NOT (${isSingle})`)}) several
GROUP BY account_id, key_id`;
}

/** SQL of an amount of {@link RawSums}: few of them have decimals, which take long. */
function unitsOfSums(name: string, sumOf: (column: string) => string): string {
  const [units = '', short = '', long = ''] = ['units', 'short', 'long'].map((kind) =>
    sumOf(`${name}_${kind}`),
  );
  return `coalesce(${units}, 0)
    + CASE WHEN ${short} IS NULL AND ${long} IS NULL THEN CAST(0 AS HUGEINT) ELSE ${unitsOfLong(exactSum(short, long))} END`;
}

/** Keys of sums but the account. */
function keyNames(detail: LineDetail | undefined): string[] {
  const names = Object.keys(KEY_COLUMNS).filter((name) => name !== 'account_id');
  return detail === undefined ? names : [...names, 'breakdown_value'];
}

/** Columns of the sums of a month's bills that instances can be divided in. */
export function sumColumns({ detail }: BillLines['bills']): ColumnTypes {
  const more = detail === undefined ? {} : { breakdown_value: 'VARCHAR' };
  return { ...KEY_COLUMNS, ...more, ...SUM_COLUMNS };
}

/** SQL of the keys of each charge: the text of a breakdown becomes its value, and the instance of pods or tasks is named. */
function keysOfCharges(
  charges: string,
  names: readonly string[],
  detail: LineDetail | undefined,
  nodes: Relation | undefined,
): string {
  const columns = names.map((name) =>
    name === 'breakdown_value' && detail !== undefined
      ? `${detail.valueOf('keyed.breakdown_value')} AS ${name}`
      : `keyed.${name}`,
  );
  const list = ['keyed.charge_id', ...columns].join(', ');
  if (nodes === undefined) return `SELECT ${list} FROM (${charges}) keyed`;
  return `SELECT ${list}, node.node_id FROM (${charges}) keyed LEFT JOIN ${nodes.table} node ON node.node_id = keyed.node_id`;
}

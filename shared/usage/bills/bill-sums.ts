import { exactSum } from '../../sql/exact-decimals';
import type { Relation } from '../../sql/relation';
import type { UsageSums } from '../lines/usage-engine';
import type { BillLines } from './bill-lines';
import type { LineDetail } from './breakdown-value';

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

/** Amounts are exact in their own decimals; `_bad` is above 0 where one of the summed texts is not a number. */
const SUM_COLUMNS = {
  quantity_short: 'DECIMAL(38,9)',
  quantity_long: 'DECIMAL(38,18)',
  quantity_bad: 'INTEGER',
  cost_short: 'DECIMAL(38,9)',
  cost_long: 'DECIMAL(38,18)',
  cost_bad: 'INTEGER',
  lines: 'BIGINT',
  /** Lines whose cost is not 0. */
  priced_lines: 'BIGINT',
} as const;

/** Columns of {@link BillSums}. */
export const BILL_SUM_COLUMNS = { ...KEY_COLUMNS, ...SUM_COLUMNS } as const;

/**
 * A month's bills, summed: a bill has many lines for the same account and service, hour by hour. Lines that do not count
 * are summed too, for the report. Where the month is broken down there is a further key `breakdown_value`.
 */
export type BillSums = Relation<typeof BILL_SUM_COLUMNS>;

/**
 * The sums of a month's bills over all files. Factors are applied to sums that hold all lines, so that no number depends
 * on how a bill was divided into files.
 *
 * @param nodes instances whose lines are summed one by one, under the further key `node_id`. @default - none
 */
export function billSums(
  { bills, context, keyed }: BillLines,
  nodes?: Relation<{ node_id: 'VARCHAR' }>,
): UsageSums<typeof BILL_SUM_COLUMNS> {
  const columns = sumColumns(bills);
  const more = nodes === undefined ? {} : { node_id: 'VARCHAR' };
  const keys = Object.keys({ ...columns, ...more }).filter((name) => !(name in SUM_COLUMNS));
  const linesOf = (text: string): string =>
    nodes === undefined ? keyed(text) : withNodes(keyed(text), keys, nodes);
  return {
    columns: { ...columns, ...more },
    overTexts: (texts) =>
      mergedSums(
        texts.map((text) => fileSums(linesOf(text), keys)),
        keys,
        bills.detail,
      ),
    context: nodes === undefined ? context : [...context, nodes],
  };
}

/** Columns of the sums of a month's bills. */
export function sumColumns({ detail }: BillLines['bills']): typeof BILL_SUM_COLUMNS {
  const more = detail === undefined ? {} : { breakdown_value: 'VARCHAR' };
  return { ...BILL_SUM_COLUMNS, ...more };
}

/** Lines with the instance of each where it has pods or tasks, else NULL. */
function withNodes(lines: string, keys: readonly string[], { table }: Relation): string {
  const amounts = ['quantity', 'cost'].flatMap((name) =>
    ['short', 'long', 'bad'].map((kind) => `${name}_${kind}`),
  );
  const columns = [...keys.filter((key) => key !== 'node_id'), ...amounts].map((name) => `keyed.${name}`);
  return `SELECT ${columns.join(', ')}, node.node_id FROM (${lines}) keyed LEFT JOIN ${table} node ON node.node_id = keyed.node_id`;
}

function fileSums(lines: string, keys: readonly string[]): string {
  const sums = (name: string): string =>
    `SUM(${name}_short) AS ${name}_short, SUM(${name}_long) AS ${name}_long, MAX(CASE WHEN ${name}_bad THEN 1 ELSE 0 END) AS ${name}_bad`;
  return `
SELECT ${keys.join(', ')}, ${sums('quantity')}, ${sums('cost')}, COUNT(*) AS lines,
  SUM(CASE WHEN cost_short <> 0 OR cost_long <> 0 THEN 1 ELSE 0 END) AS priced_lines
FROM (${lines}) placed
GROUP BY ${keys.join(', ')}`;
}

/** Lines are summed by the text of a breakdown, which is read once for each sum: a line would read it several times. */
function mergedSums(
  sums: readonly string[],
  keys: readonly string[],
  detail: LineDetail | undefined,
): string {
  const columns = [...keys, ...Object.keys(SUM_COLUMNS)].map((name) =>
    name === 'breakdown_value' && detail !== undefined ? `${detail.valueOf(name)} AS ${name}` : name,
  );
  const amount = (name: string): string =>
    `SUM(${name}_short) AS ${name}_short, SUM(${name}_long) AS ${name}_long, MAX(${name}_bad) AS ${name}_bad`;
  const count = (name: string): string => `CAST(SUM(${name}) AS BIGINT) AS ${name}`;
  return `
SELECT ${keys.join(', ')}, ${amount('quantity')}, ${amount('cost')}, ${count('lines')}, ${count('priced_lines')}
FROM (SELECT ${columns.join(', ')} FROM (${sums.join('\nUNION ALL\n')}) text_sum) file_sum
GROUP BY ${keys.join(', ')}`;
}

/**
 * SQL of sums in the form of lines: quantity and cost as texts. A sum over a text that is not a number is not a number
 * either.
 */
export function sumsAsLines({ table, columns }: BillSums): string {
  const keys = Object.keys(columns).filter((name) => !(name in SUM_COLUMNS));
  const text = (name: string): string =>
    `CASE WHEN ${name}_bad > 0 THEN 'no number' ELSE ${exactText(name)} END AS ${name}`;
  return `SELECT ${keys.join(', ')}, ${text('quantity')}, ${text('cost')}, lines FROM ${table}`;
}

/** An exact sum as a text, without the zeros at its end. */
function exactText(name: string): string {
  const sum = exactSum(`${name}_short`, `${name}_long`);
  return `regexp_replace(CAST(${sum} AS VARCHAR), '\\.?0+$', '')`;
}

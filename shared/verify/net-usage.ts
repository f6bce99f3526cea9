import type { TableReader } from '../inputs/read-table';
import { isBillTable } from '../bills/bill-tables';
import { textIn } from '../engine/duck-session';
import type { LoadedMonth } from '../runs/month-inputs';
import { usageOfMonth } from '../runs/usage-of-month';
import { allLines } from '../usage/usage-source';
import type { StaticTables } from './exact/estate-tables';
import { Fraction } from './exact/rational';
import type { NetUsage } from './exact/step-5-drivers';
import { paddedId } from './method-tables';
import { textRecords } from './text-records';

const COLUMNS = [
  'usage_account_id',
  'cluster_id',
  'product_code',
  'usage_quantity',
  'usage_revenue',
] as const;

type UsageLine = Readonly<Record<(typeof COLUMNS)[number], string>>;

/** A month's usage, summed. */
export interface SummedUsage {
  readonly net: readonly NetUsage[];
  readonly lines: number;
}

/**
 * Sums a month's usage per account, cluster and service in whole numbers of 10^-40, which no usage number is finer
 * than. Of usage/ every file is read again, on its own; lines of bills are taken as the run reads them.
 */
export async function sumUsage(
  reader: TableReader,
  month: LoadedMonth,
  { services }: Pick<StaticTables, 'services'>,
): Promise<SummedUsage> {
  const physical = new Set(
    services.filter(({ basis }) => basis === 'physical').map((row) => row.product_code),
  );
  const sums = new Map<string, bigint>();
  let lines = 0;
  for await (const line of isBillTable(month.usage.table)
    ? billLines(reader, month)
    : usageLines(reader, month)) {
    lines += 1;
    const { usage_account_id: account, cluster_id: clusterId, product_code: code } = line;
    const key = JSON.stringify([account, clusterId, code]);
    const amount = physical.has(code) ? line.usage_quantity : line.usage_revenue;
    sums.set(key, (sums.get(key) ?? 0n) + unitsOf(amount));
  }
  const net = [...sums].map(([key, units]): NetUsage => {
    const [account = '', clusterId = '', code = ''] = JSON.parse(key) as string[];
    return { account, clusterId, code, amount: new Fraction(units, SCALE) };
  });
  return { net, lines };
}

async function* usageLines(
  { session }: TableReader,
  { usage, settings }: LoadedMonth,
): AsyncGenerator<UsageLine> {
  for (const { path } of usage.files) {
    for await (const line of textRecords(session, path, COLUMNS)) {
      if (!settings.pad_account_ids) yield line;
      else yield { ...line, usage_account_id: paddedId(line.usage_account_id) };
    }
  }
}

async function* billLines({ session }: TableReader, month: LoadedMonth): AsyncGenerator<UsageLine> {
  const source = usageOfMonth(month);
  for (const { name, columns, rows } of source.context) await session.load(name, columns, rows);
  try {
    const { sql, parameters } = allLines(source);
    const list = COLUMNS.map((column) => `coalesce(CAST(${column} AS VARCHAR), '') AS ${column}`);
    for await (const rows of session.chunks(`SELECT ${list.join(', ')} FROM (${sql}) l`, parameters)) {
      for (const row of rows) {
        yield Object.fromEntries(COLUMNS.map((column) => [column, textIn(row, column)])) as UsageLine;
      }
    }
  } finally {
    for (const { name } of source.context) await session.run(`DROP TABLE ${name}`);
  }
}

const PLACES = 40;
const SCALE = 10n ** BigInt(PLACES);

const DECIMAL = /^([+-]?)(?=\.?\d)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d+))?$/;

/** A decimal number in whole units of 10^-40; blank is 0. */
function unitsOf(text: string): bigint {
  if (text === '') return 0n;
  const match = DECIMAL.exec(text);
  if (match === null) throw new Error(`"${text}" is not a decimal number`);
  const [, sign, whole = '', places = '', exponent = '0'] = match;
  const shift = Number(exponent) - places.length + PLACES;
  const digits = BigInt(`${whole}${places}`);
  const units = shift >= 0 ? digits * 10n ** BigInt(shift) : digits / 10n ** BigInt(-shift);
  return sign === '-' ? -units : units;
}

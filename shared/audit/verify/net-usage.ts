import { padAccountId } from '../../base/account-id';
import type { LoadedMonth } from '../../compute/allocation/month-inputs';
import { usageOfMonth } from '../../compute/allocation/usage-of-month';
import type { TableReader } from '../../estate/read-table';
import type { Breakdown } from '../../exports/breakdown';
import { textIn } from '../../sql/duck-session';
import { isBillTable } from '../../usage/bills/bill-tables';
import { detailOf } from '../../usage/bills/breakdown-value';
import { allLines } from '../../usage/lines/usage-source';
import type { StaticTables } from './exact/estate-tables';
import { Fraction } from './exact/rational';
import { naiveBreakdownValue } from './exact/breakdown-value';
import type { NetUsage } from './exact/step-5-drivers';
import { textRecords } from './text-records';

const COLUMNS = [
  'usage_account_id',
  'cluster_id',
  'product_code',
  'usage_quantity',
  'usage_revenue',
] as const;

/** A line of usage; `detail` is the text that a breakdown reads, blank where there is none. */
type UsageLine = Readonly<Record<(typeof COLUMNS)[number] | 'detail', string>>;

/** A part of what an account used of a service in a cluster. */
export interface UsagePart {
  /** Value of the tag or the cost category, or the resource. */
  readonly value: string;
  /** Above 0 and up to 1. */
  readonly share: Fraction;
}

/** A month's usage, summed. */
export interface SummedUsage {
  readonly net: readonly NetUsage[];
  readonly lines: number;
  /** What an account's usage of a service in a cluster consists of, where the month is broken down. */
  readonly partsOf?: (account: string, clusterId: string, code: string) => readonly UsagePart[];
}

/**
 * Sums a month's usage per account, cluster and service in whole numbers of 10^-40, which no usage number is finer
 * than. Of usage/ every file is read again, on its own; lines of bills are taken as the run reads them, and what a breakdown
 * makes of their tags, cost categories or resources is found again.
 */
export async function sumUsage(
  reader: TableReader,
  month: LoadedMonth,
  { services }: Pick<StaticTables, 'services'>,
  breakdown?: Breakdown,
): Promise<SummedUsage> {
  const physical = new Set(
    services.filter(({ basis }) => basis === 'physical').map((row) => row.product_code),
  );
  const sums = new Map<string, bigint>();
  const parts = new Map<string, Map<string, bigint>>();
  let lines = 0;
  for await (const line of isBillTable(month.usage.table)
    ? billLines(reader, month, breakdown)
    : usageLines(reader, month)) {
    lines += 1;
    const { usage_account_id: account, cluster_id: clusterId, product_code: code } = line;
    const key = JSON.stringify([account, clusterId, code]);
    const amount = physical.has(code) ? line.usage_quantity : line.usage_revenue;
    const units = unitsOf(amount);
    sums.set(key, (sums.get(key) ?? 0n) + units);
    if (breakdown === undefined) continue;
    const values = parts.get(key) ?? new Map<string, bigint>();
    const value = naiveBreakdownValue(breakdown, line.detail);
    values.set(value, (values.get(value) ?? 0n) + units);
    parts.set(key, values);
  }
  const net = [...sums].map(([key, units]): NetUsage => {
    const [account = '', clusterId = '', code = ''] = JSON.parse(key) as string[];
    return { account, clusterId, code, amount: new Fraction(units, SCALE) };
  });
  if (breakdown === undefined) return { net, lines };
  const partsOf = (...key: [string, string, string]): UsagePart[] => shares(parts.get(JSON.stringify(key)));
  return { net, lines, partsOf };
}

/** Parts above 0 as shares of their sum; what is net-negative counts as 0. */
function shares(values: ReadonlyMap<string, bigint> = new Map()): UsagePart[] {
  const positive = [...values].filter(([, units]) => units > 0n);
  const total = positive.reduce((sum, [, units]) => sum + units, 0n);
  return positive.map(([value, units]) => ({ value, share: new Fraction(units, total) }));
}

async function* usageLines(
  { session }: TableReader,
  { usage, settings }: LoadedMonth,
): AsyncGenerator<UsageLine> {
  for (const { path } of usage.files) {
    for await (const line of textRecords(session, path, COLUMNS)) {
      const account = line.usage_account_id;
      yield {
        ...line,
        usage_account_id: settings.pad_account_ids ? padAccountId(account) : account,
        detail: '',
      };
    }
  }
}

async function* billLines(
  { session }: TableReader,
  month: LoadedMonth,
  breakdown: Breakdown | undefined,
): AsyncGenerator<UsageLine> {
  const { source } = await usageOfMonth(session, month, breakdown);
  try {
    const { sql, parameters } = allLines(source);
    const list = COLUMNS.map((column) => `coalesce(CAST(${column} AS VARCHAR), '') AS ${column}`);
    list.push(`coalesce(${breakdown === undefined ? "''" : detailOf(breakdown)}, '') AS detail`);
    for await (const rows of session.chunks(`SELECT ${list.join(', ')} FROM (${sql}) l`, parameters)) {
      for (const row of rows) {
        const columns = [...COLUMNS, 'detail'] as const;
        yield Object.fromEntries(columns.map((column) => [column, textIn(row, column)])) as UsageLine;
      }
    }
  } finally {
    for (const relation of source.context) await session.drop(relation);
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

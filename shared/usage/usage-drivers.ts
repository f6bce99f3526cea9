import { type DriverTotal, type DriverTotals, indexDrivers } from '../method/drivers';
import { type DuckSession, numberIn, type SqlRow, textIn } from '../sql/duck-session';
import { assertCurrencies } from './bills/bill-currencies';
import { assertRegions } from './bills/bill-regions';
import type { BillSums } from './bills/bill-sums';
import { sumBills } from './bills/sum-bills';
import type { BillUsage } from './bills/bill-usage';
import {
  DRIVER_COLUMNS,
  type Drivers,
  driversOf,
  driversOfUnits,
  driverSums,
  driverTotals,
  driverUnits,
  PART_DRIVER_COLUMNS,
  PART_UNIT_COLUMNS,
  type PartDrivers,
  unitsOfParts,
} from './driver-sql';
import { DUCK_ENGINE } from './lines/duck-engine';
import { assertAllRecordsRead } from './lines/all-records';
import { sumTooLarge } from './lines/unreadable-usage';
import type { UsageEngine } from './lines/usage-engine';
import type { UsageSource } from './lines/usage-source';
import type { LoadedPairs, ServicePairs } from './service-pairs';
import { invalidLines, negativeQuantities } from './usage-problems';

/** A month's usage lines, and the bills that they come from. */
export interface MonthUsage {
  readonly source: UsageSource;
  /** Absent where the lines are those of the table usage/. */
  readonly bills?: BillUsage;
}

/** The sums of a month's usage. */
export interface UsageDrivers {
  readonly drivers: Drivers;
  /** Present where the usage is broken down. */
  readonly parts?: PartDrivers;
  /** Sums of the bills' lines; absent where the usage is not from bills. */
  readonly billSums?: BillSums;
  readonly totals: DriverTotals;
  /** Lines read. */
  readonly lines: number;
}

/**
 * Returns the sums of a month's usage by account, cluster and service. One pass both sums and checks; only when
 * something is wrong are the files read again to find the lines.
 *
 * @param engine sums the files; @default - DuckDB
 * @throws InputError naming file, row, column and value of every invalid line, and net-negative quantities; and when no
 *   line of bills has a Region
 */
export async function sumDrivers(
  session: DuckSession,
  { source, bills }: MonthUsage,
  pairs: LoadedPairs,
  engine: UsageEngine = DUCK_ENGINE,
): Promise<UsageDrivers> {
  const sums = await readable(source, async () => {
    const found =
      bills === undefined
        ? { drivers: await driversOfLines(session, source, pairs, engine) }
        : await driversOfBills(session, bills, pairs, engine);
    const sql = `SELECT * FROM (${driverTotals(found.drivers, pairs.internal)}) t ORDER BY pair_id`;
    return { ...found, rows: await session.rows(sql) };
  });
  const { rows, ...relations } = sums;
  const invalid = rows.find((row) => row['pair_id'] === null);
  if (invalid !== undefined) {
    const count = Number(textIn(invalid, 'lines'));
    throw await invalidLines(session, { engine, usage: source, pairs: pairs.table, count });
  }
  const totals = rows.map((row) => totalOf(row, pairs));
  if (totals.some(({ isNegative }) => isNegative)) {
    throw await negativeQuantities(session, relations.drivers, pairs.table, source.table);
  }
  const lines = rows.reduce((sum, row) => sum + Number(textIn(row, 'lines')), 0);
  if (bills === undefined) assertAllRecordsRead(source, lines);
  return { ...relations, totals: indexDrivers(totals.map(({ total }) => total)), lines };
}

function totalOf(row: SqlRow, { pairs }: ServicePairs): { total: DriverTotal; isNegative: boolean } {
  // A pair's number is its place.
  const pair = pairs[numberIn(row, 'pair_id')];
  if (pair === undefined) throw new Error('usage of a service that is not among the pairs');
  const total = {
    clusterId: pair.cluster.clusterId,
    productCode: pair.service.productCode,
    customers: Number(textIn(row, 'customers')),
    internal: Number(textIn(row, 'internal')),
  };
  return { total, isNegative: pair.service.basis === 'physical' && numberIn(row, 'least') < 0 };
}

function driversOfLines(
  session: DuckSession,
  source: UsageSource,
  pairs: LoadedPairs,
  engine: UsageEngine,
): Promise<Drivers> {
  const doubles = engine.hasWideIntegers === true ? source.ofDoubles : undefined;
  const { columnsOf, linesOf } = doubles ?? source;
  const lines = (texts: readonly string[]): string =>
    texts.map((text) => linesOf(text, false)).join('\nUNION ALL\n');
  const [sums, kept] = doubles === undefined ? [driverSums, driversOf] : [driverUnits, driversOfUnits];
  return engine.sum(
    session,
    { table: source.table, files: source.files, columnsOf },
    {
      columns: DRIVER_COLUMNS,
      overTexts: (texts) => sums(lines(texts), pairs.table),
      kept,
      context: [pairs.table, ...source.context],
    },
  );
}

/** A bill has many lines for the same account and service: they are summed as they are in the files first. */
async function driversOfBills(
  session: DuckSession,
  { lines, driversOfSums, hasRegions, hasCurrencies }: BillUsage,
  { table }: LoadedPairs,
  engine: UsageEngine,
): Promise<Pick<UsageDrivers, 'drivers' | 'parts' | 'billSums'>> {
  const billSums = await sumBills(session, lines, engine);
  if (hasCurrencies) await assertCurrencies(session, engine, lines, billSums);
  if (hasRegions) await assertRegions(session, lines, billSums);
  const sums = await driversOfSums(session, billSums, table);
  if (lines.bills.detail === undefined) {
    return { drivers: await session.table(DRIVER_COLUMNS, driversOfUnits(`(${sums})`)), billSums };
  }
  const units = await session.table(PART_UNIT_COLUMNS, sums);
  const parts = await session.table(PART_DRIVER_COLUMNS, driversOfUnits(units.table, ['breakdown_value']));
  const drivers = await session.table(DRIVER_COLUMNS, driversOfUnits(`(${unitsOfParts(units)})`));
  await session.drop(units);
  return { drivers, billSums, parts };
}

/** @throws InputError in place of the engine's error where a sum is too large */
async function readable<T>({ table }: UsageSource, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw sumTooLarge(table, error) ?? error;
  }
}

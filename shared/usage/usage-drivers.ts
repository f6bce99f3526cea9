import { type DriverTotal, type DriverTotals, indexDrivers } from '../method/drivers';
import { type DuckSession, numberIn, type SqlRow, textIn } from '../sql/duck-session';
import { DRIVER_TOTALS, driversOf, driverSums } from './driver-sql';
import { DUCK_ENGINE } from './lines/duck-engine';
import { stagedSums } from './lines/staged-sums';
import { sumTooLarge } from './lines/unreadable-usage';
import type { UsageEngine } from './lines/usage-engine';
import type { UsageSource } from './lines/usage-source';
import type { ServicePairs } from './service-pairs';
import { negativeQuantities, unsoundLineProblems } from './usage-problems';

/** What the month's usage adds up to. */
export interface UsageDrivers {
  readonly totals: DriverTotals;
  /** Lines read. */
  readonly lines: number;
}

/**
 * Sums the month's usage into the table `driver` and tells the totals by cluster and service. One pass both sums and
 * checks; only when something is wrong are the files read again to say where.
 *
 * @param engine what sums the files; @default - DuckDB
 * @throws InputError naming file, row, column and value of every line that is not sound, and net-negative quantities
 */
export async function loadDrivers(
  session: DuckSession,
  usage: UsageSource,
  { pairs }: ServicePairs,
  engine: UsageEngine = DUCK_ENGINE,
): Promise<UsageDrivers> {
  for (const { name, columns, rows } of usage.context) await session.load(name, columns, rows);
  const rows = await sumUsage(session, usage, engine);
  const unsound = rows.find((row) => row['pair_id'] === null);
  if (unsound !== undefined) {
    throw await unsoundLineProblems(session, engine, usage, Number(textIn(unsound, 'lines')));
  }
  const byId = new Map(pairs.map((pair) => [pair.pairId, pair]));
  const negative: number[] = [];
  const totals = rows.map((row): DriverTotal => {
    const pair = byId.get(numberIn(row, 'pair_id'));
    if (pair === undefined) throw new Error('usage of a service that is not among the pairs');
    if (pair.service.basis === 'physical' && numberIn(row, 'least') < 0) negative.push(pair.pairId);
    return {
      clusterId: pair.cluster.clusterId,
      productCode: pair.service.productCode,
      customers: Number(textIn(row, 'customers')),
      internal: Number(textIn(row, 'internal')),
    };
  });
  if (negative.length > 0) throw await negativeQuantities(session, usage.table);
  const read = rows.reduce((sum, row) => sum + Number(textIn(row, 'lines')), 0);
  return { totals: indexDrivers(totals), lines: read };
}

/** Sums the usage into `driver` and gives its totals by service pair. */
async function sumUsage(session: DuckSession, usage: UsageSource, engine: UsageEngine): Promise<SqlRow[]> {
  const { staged, table, linesOf } = usage;
  try {
    if (staged === undefined) {
      const overTexts = (texts: readonly string[]): string =>
        driverSums(texts.map((text) => linesOf(text, false)).join('\nUNION ALL\n'));
      const sums = { table: 'driver', overTexts, kept: driversOf, context: ['service_pair'] };
      await engine.sum(session, usage, sums);
    } else {
      await engine.sum(session, usage, stagedSums(staged));
      const lines = staged.linesOf(staged.name);
      await session.run(`CREATE TEMP TABLE driver AS ${driversOf(`(${driverSums(lines)})`)}`);
      if (usage.isBrokenDown === true) {
        const parts = driversOf(`(${driverSums(lines, ['split_value'])})`);
        await session.run(`CREATE TEMP TABLE part_driver AS ${parts}`);
      }
    }
    return await session.rows(`SELECT * FROM (${DRIVER_TOTALS}) t ORDER BY pair_id`);
  } catch (error) {
    throw sumTooLarge(table, error) ?? error;
  }
}

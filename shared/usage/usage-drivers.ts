import type { DuckSession, SqlRow } from '../engine/duck-session';
import { numberIn, textIn } from '../engine/duck-session';
import { DRIVER_TOTALS, driverStatement } from '../engine/driver-sql';
import { indexDrivers } from '../method/drivers';
import type { DriverTotal, DriverTotals } from '../method/drivers';
import type { ServicePairs } from './service-pairs';
import { unreadableUsage } from './unreadable-usage';
import { negativeQuantities, unsoundLineProblems } from './usage-problems';
import { allLines, allSums } from './usage-source';
import type { Sql, UsageSource } from './usage-source';

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
 * @throws InputError naming file, row, column and value of every line that is not sound, and net-negative quantities
 */
export async function loadDrivers(
  session: DuckSession,
  usage: UsageSource,
  { pairs }: ServicePairs,
): Promise<UsageDrivers> {
  for (const { name, columns, rows } of usage.context) await session.load(name, columns, rows);
  const rows = await sumUsage(session, usage);
  const unsound = rows.find((row) => row['pair_id'] === null);
  if (unsound !== undefined) {
    throw await unsoundLineProblems(session, usage, Number(textIn(unsound, 'lines')));
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

/** The lines that drivers are summed from: those of the files, or what their sums make of them. */
async function stagedLines(session: DuckSession, usage: UsageSource): Promise<Sql> {
  const { staged } = usage;
  if (staged === undefined) return allLines(usage);
  const { sql, parameters } = allSums(usage, staged);
  await session.run(`CREATE TEMP TABLE ${staged.name} AS ${sql}`, parameters);
  return { sql: staged.linesOf(staged.name), parameters: [] };
}

/** Sums the usage into `driver` and gives its totals by service pair. */
async function sumUsage(session: DuckSession, usage: UsageSource): Promise<SqlRow[]> {
  try {
    const lines = await stagedLines(session, usage);
    await session.run(`CREATE TEMP TABLE driver AS ${driverStatement(lines.sql)}`, lines.parameters);
    if (usage.isSplit === true) {
      const statement = driverStatement(lines.sql, ['split_value']);
      await session.run(`CREATE TEMP TABLE part_driver AS ${statement}`, lines.parameters);
    }
    return await session.rows(`SELECT * FROM (${DRIVER_TOTALS}) t ORDER BY pair_id`);
  } catch (error) {
    throw (await unreadableUsage(session, usage, error)) ?? error;
  }
}

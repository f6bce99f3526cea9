import { InputError } from '../../base/input-problem';
import { type DuckSession, numberIn } from '../../sql/duck-session';
import { assertAllRecordsRead } from '../lines/all-records';
import type { UsageEngine } from '../lines/usage-engine';
import { allocateNodes, nodesOf, type Pods, podsOfMonth } from './allocate-nodes';
import { BILL_FORMATS } from './bill-formats';
import { type BillLines, isIn } from './bill-lines';
import { billSums, type BillSums, sumColumns, withKeyNumbers } from './bill-sums';
import { rawSums } from './raw-sums';

/**
 * Returns the sums of a month's bills.
 *
 * @throws InputError when a file cannot be read, when not every record of the files was read, or when the bills have
 *   usage and none of it is of the month or of a month next to it
 */
export async function sumBills(
  session: DuckSession,
  lines: BillLines,
  engine: UsageEngine,
): Promise<BillSums> {
  const pods = await podsOfMonth(session, lines, engine);
  const sums =
    pods === undefined
      ? await billSums(session, lines, await rawSums(session, lines, engine))
      : await sumsWithPods(session, lines, engine, pods);
  const linesIn = (condition: string): string =>
    `CAST(coalesce(SUM(CASE WHEN ${condition} THEN lines ELSE 0 END), 0) AS DOUBLE)`;
  const own = `is_neighbour = 'no'`;
  const [row] = await session.rows(
    `SELECT ${linesIn('true')} AS total, ${linesIn(`${own} AND ${isIn('far')}`)} AS far,
       ${linesIn(`${own} AND ${isIn('here', 'near', 'invalid')}`)} AS others
     FROM ${sums.table}`,
  );
  assertAllRecordsRead(lines, numberIn(row, 'total'));
  if (numberIn(row, 'far') > 0 && numberIn(row, 'others') === 0)
    throw strangeBills(lines, numberIn(row, 'far'));
  return sums;
}

async function sumsWithPods(
  session: DuckSession,
  lines: BillLines,
  engine: UsageEngine,
  pods: Pods,
): Promise<BillSums> {
  const nodes = await nodesOf(session, pods);
  const raw = await rawSums(session, lines, engine, { resources: true });
  const sums = await billSums(session, lines, raw, nodes);
  const divided = await allocateNodes(session, sums, pods, sumColumns(lines.bills));
  return withKeyNumbers(session, divided, lines.bills);
}

function strangeBills({ bills }: BillLines, count: number): InputError {
  const { table, month, files, settings } = bills;
  const column = BILL_FORMATS[table].words(settings).period;
  const own = files.filter(({ isNeighbour }) => !isNeighbour).map(({ file }) => file);
  const expected = `usage of ${month}; found ${String(count)} usage lines, all more than one month away. Move the bills to the folder of their month`;
  return new InputError([{ table, file: own.join(', '), column, expected }]);
}

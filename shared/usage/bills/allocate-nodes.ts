import { defined } from '../../base/defined';
import type { DuckSession } from '../../sql/duck-session';
import { LONG } from '../../sql/exact-decimals';
import { longOfUnits, unitsOfLong } from '../../sql/exact-units';
import type { ColumnTypes, Relation } from '../../sql/relation';
import { columnNames } from '../../sql/text-columns';
import type { UsageEngine } from '../lines/usage-engine';
import { assertLines } from './assert-lines';
import type { BillLines } from './bill-lines';
import type { BillSums } from './bill-sums';
import { allocatedColumn, PARENT_COLUMN } from './split-allocation';

const POD_COLUMNS = {
  node_id: 'VARCHAR',
  breakdown_value: 'VARCHAR',
  allocated: 'DECIMAL(38,18)',
  lines: 'BIGINT',
  /** Lines whose split or unused cost is not a number. */
  bad_lines: 'BIGINT',
} as const;

/** What the pods and tasks of a month were allocated of the cost of their instances, by the value of a breakdown. */
export type Pods = Relation<typeof POD_COLUMNS>;

/**
 * Returns the pods and tasks of a month; undefined where no file has split cost allocation data, or the month is not
 * broken down.
 *
 * @throws InputError naming file, row and column of every split or unused cost that is not a number
 */
export async function podsOfMonth(
  session: DuckSession,
  lines: BillLines,
  engine: UsageEngine,
): Promise<Pods | undefined> {
  const { bills, context, keyed } = lines;
  const { detail } = bills;
  if (detail === undefined || !hasPods(lines)) return undefined;
  const podsOf = (text: string): string => `
SELECT parent_id AS node_id, breakdown_value, SUM(allocated) AS allocated, COUNT(*) AS lines,
  SUM(CASE WHEN ${IS_BAD} THEN 1 ELSE 0 END) AS bad_lines
FROM (${keyed(text)}) l
WHERE parent_id IS NOT NULL AND (allocated > 0 OR ${IS_BAD}) AND substr(period_start, 1, 7) = '${bills.month}'
GROUP BY parent_id, breakdown_value`;
  const pods = await engine.sum(session, lines, {
    columns: POD_COLUMNS,
    overTexts: (texts) => `
SELECT node_id, breakdown_value, CAST(SUM(allocated) AS ${LONG}) AS allocated, CAST(SUM(lines) AS BIGINT) AS lines, CAST(SUM(bad_lines) AS BIGINT) AS bad_lines
FROM (SELECT node_id, ${detail.valueOf('breakdown_value')} AS breakdown_value, allocated, lines, bad_lines FROM (${texts.map(podsOf).join('\nUNION ALL\n')}) text_pod) pod
GROUP BY node_id, breakdown_value`,
    context,
  });
  await assertAllocated(session, engine, lines, pods);
  return pods;
}

const IS_BAD = '(split_cost_bad OR unused_cost_bad)';

/** @throws InputError naming the lines whose split or unused cost is not a number */
async function assertAllocated(
  session: DuckSession,
  engine: UsageEngine,
  lines: BillLines,
  { table: pods }: Pods,
): Promise<void> {
  const { table, files, month, settings } = lines.bills;
  await assertLines(session, engine, lines, {
    total: `SELECT SUM(bad_lines) AS n FROM ${pods}`,
    invalidLines: (placed) =>
      `SELECT line, split_cost, split_cost_bad, unused_cost FROM (${placed}) l
       WHERE parent_id IS NOT NULL AND ${IS_BAD} AND substr(period_start, 1, 7) = '${month}'`,
    problemOf: ({ file, row, values }) => {
      const kind = values['split_cost_bad'] === true ? 'split' : 'unused';
      const names = columnNames(files.find((each) => each.file === file) ?? { file, path: '' });
      const column = allocatedColumn(kind, settings.cur.revenue_column, names);
      const value = values[`${kind}_cost`];
      const expected = 'a number or a blank';
      return {
        ...{ table, file, expected },
        ...defined({ row, column, value: typeof value === 'string' ? value : undefined }),
      };
    },
  });
}

/** True where a month is broken down and a file of its bills has split cost allocation data. */
export function hasPods({ bills: { files, detail } }: BillLines): boolean {
  return detail !== undefined && files.some((file) => columnNames(file).has(PARENT_COLUMN));
}

/** The instances of pods and tasks, one row each. */
export function nodesOf(session: DuckSession, { table }: Pods): Promise<Relation<{ node_id: 'VARCHAR' }>> {
  return session.table({ node_id: 'VARCHAR' }, `SELECT DISTINCT node_id FROM ${table}`);
}

/** A cost that pods leave is rounding where it is not more than this part of the cost of their instance. */
const ROUNDING = 1e-9;

/**
 * Returns sums in which the cost and quantity of instances go to their pods and tasks, in proportion to what these were
 * allocated of the instance's cost; the rest stays with the instance. Where more was allocated than the instance costs,
 * the pods have all of it. Every sum of a line's cost is conserved exactly.
 *
 * @param sums sums with the further column `node_id`: the instance where it has pods, else NULL
 */
export async function allocateNodes(
  session: DuckSession,
  sums: BillSums,
  pods: Pods,
  columns: ColumnTypes,
): Promise<Relation> {
  const numbered = await session.tableOf(`SELECT *, row_number() OVER () AS row_id FROM ${sums.table}`);
  const weights = await session.tableOf(weightsOf(numbered.table, pods.table));
  const parts = await session.tableOf(partsOf(numbered.table, weights.table));
  const names = Object.keys(columns);
  const amounts = new Set(AMOUNTS.map((name) => `${name}_units`));
  const select = (valueOf: (name: string) => string): string =>
    names.map((name) => `${valueOf(name)} AS ${name}`).join(', ');
  const ofInstance = select((name) => {
    if (!amounts.has(name)) return `s.${name}`;
    return unitsOfLong(
      `CASE WHEN r.is_full THEN CAST(0 AS ${LONG}) ELSE r.rest_${name.replace('_units', '')} END`,
    );
  });
  const ofPod = select((name) => {
    if (name === 'breakdown_value') return 'p.breakdown_value';
    if (name === 'lines' || name === 'priced_lines') return 'CAST(0 AS BIGINT)';
    if (!amounts.has(name)) return `s.${name}`;
    const amount = name.replace('_units', '');
    return unitsOfLong(
      `CAST(p.${amount} + CASE WHEN r.is_full AND p.place_of_size = 1 THEN r.rest_${amount} ELSE 0 END AS ${LONG})`,
    );
  });
  const rests = restsOf(parts.table);
  return session.table(
    columns,
    `SELECT ${select((name) => `s.${name}`)} FROM ${numbered.table} s
     WHERE s.row_id NOT IN (SELECT row_id FROM ${parts.table})
     UNION ALL
     SELECT ${ofInstance} FROM ${numbered.table} s JOIN ${rests} r ON r.row_id = s.row_id
     UNION ALL
     SELECT ${ofPod} FROM ${parts.table} p JOIN ${numbered.table} s ON s.row_id = p.row_id
     JOIN ${rests} r ON r.row_id = p.row_id`,
  );
}

const AMOUNTS = ['quantity', 'cost'] as const;

/** SQL of what is left of each instance after its pods. */
function restsOf(parts: string): string {
  const rest = AMOUNTS.map(
    (name) => `CAST(any_value(whole_${name}) - SUM(${name}) AS ${LONG}) AS rest_${name}`,
  );
  return `(SELECT row_id, bool_or(is_full) AS is_full, ${rest.join(', ')} FROM ${parts} GROUP BY row_id)`;
}

/** SQL of the part of an instance that each value of its pods has. */
function weightsOf(sums: string, pods: string): string {
  const cost = longOfUnits('cost_units');
  return `
SELECT p.node_id, p.breakdown_value,
  CAST(p.allocated AS DOUBLE) / greatest(CAST(p.total AS DOUBLE), n.cost) AS weight,
  CAST(p.total AS DOUBLE) >= n.cost * ${String(1 - ROUNDING)} AS is_full,
  row_number() OVER (PARTITION BY p.node_id ORDER BY p.allocated DESC, p.breakdown_value) AS place_of_size
FROM (SELECT *, SUM(allocated) OVER (PARTITION BY node_id) AS total FROM ${pods}) p
JOIN (
  SELECT node_id, CAST(SUM(${cost}) AS DOUBLE) AS cost FROM ${sums}
  WHERE place = 'here' AND node_id IS NOT NULL GROUP BY node_id
) n ON n.node_id = p.node_id
WHERE n.cost > 0`;
}

/** SQL of the parts of every sum of an instance. */
function partsOf(sums: string, weights: string): string {
  const columns = AMOUNTS.map((name) => {
    const whole = longOfUnits(`s.${name}_units`);
    return `${whole} AS whole_${name}, CAST(CAST(${whole} AS DOUBLE) * w.weight AS ${LONG}) AS ${name}`;
  });
  return `
SELECT s.row_id, w.breakdown_value, w.is_full, w.place_of_size, ${columns.join(', ')}
FROM ${sums} s JOIN ${weights} w ON w.node_id = s.node_id
WHERE s.place = 'here' AND s.cost_bad = 0 AND s.quantity_bad = 0`;
}

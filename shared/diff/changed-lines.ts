import { CARBON_COLUMNS, CARBON_TABLE } from '../aws-carbon/carbon-columns';
import { BILL_FORMATS } from '../bills/bill-formats';
import { isBillTable } from '../bills/bill-tables';
import type { Month } from '../calendar/month';
import { literalPath, numberIn, textIn, withSession } from '../engine/duck-session';
import type { DuckLimits, DuckSession } from '../engine/duck-session';
import { readEstateSettings } from '../inputs/estate-settings';
import { InputFiles } from '../inputs/input-files';
import type { ObjectStore } from '../stores/object-store';
import { TrackedCopies } from '../stores/tracked-copies';
import { scanContent } from '../usage/usage-files';
import { columnNames, fileRelation } from '../usage/usage-source';
import type { UsageFile } from '../usage/usage-source';
import { SHOWN_ROWS } from './changed-table';
import type { ChangedTable } from './changed-table';

/** Inputs of a month on one side, and the version that it was published in. */
export interface LinesSide {
  readonly inputs: ObjectStore;
  readonly modelVersion: string;
}

/** True for tables whose lines may be too many for memory: bills, and AWS's own carbon export. */
export function hasManyLines(table: string): boolean {
  return isBillTable(table) || table === CARBON_TABLE;
}

/**
 * Names the lines of a month's bills or of AWS's carbon export that two sides do not have alike, by the columns that the
 * calculation reads. Lines are counted in the engine, which spills to disk what memory does not hold.
 *
 * @returns undefined where both sides have the same lines, in whatever order and files
 */
export function changedLines(
  before: LinesSide,
  after: LinesSide,
  table: string,
  month: Month,
  limits: DuckLimits,
): Promise<ChangedTable | undefined> {
  return withSession(limits, async (session) => {
    await session.run('CREATE TEMP TABLE side_line (line VARCHAR, n BIGINT)');
    await loadLines(session, before, table, month, -1);
    await loadLines(session, after, table, month, 1);
    await session.run(
      'CREATE TEMP TABLE changed AS SELECT line, CAST(SUM(n) AS BIGINT) AS n FROM side_line GROUP BY line HAVING SUM(n) <> 0',
    );
    const [removed, removedRows] = await linesWhere(session, 'n < 0');
    const [added, addedRows] = await linesWhere(session, 'n > 0');
    return removed + added === 0 ? undefined : { table, removed, added, removedRows, addedRows };
  });
}

async function linesWhere(session: DuckSession, condition: string): Promise<[number, string[]]> {
  const [total] = await session.rows(
    `SELECT coalesce(CAST(SUM(abs(n)) AS DOUBLE), 0) AS n FROM changed WHERE ${condition}`,
  );
  const rows = await session.rows(
    `SELECT line, abs(n) AS n FROM changed WHERE ${condition} ORDER BY line LIMIT ${String(SHOWN_ROWS)}`,
  );
  const shown = rows.flatMap((row) =>
    Array.from({ length: Math.min(SHOWN_ROWS, numberIn(row, 'n')) }, () => textIn(row, 'line')),
  );
  return [numberIn(total, 'n'), shown.slice(0, SHOWN_ROWS)];
}

/** Adds a side's lines to `side_line`, each as often as it is there times the sign. */
async function loadLines(
  session: DuckSession,
  { inputs, modelVersion }: LinesSide,
  table: string,
  month: Month,
  sign: 1 | -1,
): Promise<void> {
  const copies = new TrackedCopies(inputs);
  try {
    const settings = await readEstateSettings(copies);
    const files = await InputFiles.list(copies);
    const keys = isBillTable(table)
      ? files.monthly(table, month)
      : files
          .deliveriesOf(table)
          .filter((delivery) => delivery.month === month && delivery.modelVersion === modelVersion)
          .flatMap((delivery) => delivery.files);
    for (const file of keys) {
      const copy = await copies.localCopy(file);
      const scanned = { file, path: copy.path, ...(await scanContent(session, file, copy.path)) };
      const read = isBillTable(table)
        ? BILL_FORMATS[table].textColumns(scanned, settings).flatMap(([inFile]) => inFile ?? [])
        : CARBON_COLUMNS;
      await addLines(session, scanned, read, sign);
      await copy.release();
    }
  } finally {
    await copies.releaseAll();
  }
}

async function addLines(
  session: DuckSession,
  file: UsageFile,
  read: readonly unknown[],
  sign: 1 | -1,
): Promise<void> {
  const present = columnNames(file);
  const columns = [...new Set(read)].filter(
    (column): column is string => typeof column === 'string' && present.has(column),
  );
  const texts = fileRelation(
    file,
    columns.map((column, index) => [column, `t${String(index)}`] as const),
    '$1',
    false,
  );
  const cells = columns.map(
    (_, index) => `CAST($${String(index + 2)} AS VARCHAR) || '=' || nullif(t${String(index)}, '')`,
  );
  await session.run(
    `INSERT INTO side_line SELECT line, ${String(sign)} * COUNT(*) FROM (SELECT concat_ws(' ', ${cells.join(', ')}) AS line FROM (${texts}) f) l GROUP BY line`,
    [literalPath(file.path), ...columns],
  );
}

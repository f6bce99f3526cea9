import type { ModelVersionId } from '../../base/model-version-id';
import type { Month } from '../../base/month';
import { SHOWN } from '../../base/shown';
import { deliveredFiles } from '../../compute/aws-totals/aws-work';
import { CARBON_COLUMNS, CARBON_TABLE } from '../../compute/aws-totals/carbon-columns';
import { type EstateSettings, readEstateSettings } from '../../estate/estate-settings';
import { InputFiles } from '../../estate/input-files';
import type { ExportMonth } from '../../exports/layout';
import { literalPath } from '../../sql/dialect';
import { type DuckSession, numberIn, textIn, withSession } from '../../sql/duck-session';
import { fileRelation } from '../../sql/file-relation';
import { columnNames, type UsageFile, withKnownNames } from '../../sql/text-columns';
import { nameInTable } from '../../usage/column-names';
import type { InputStore } from '../../stores/object-store';
import { TrackedCopies } from '../../stores/tracked-copies';
import { BILL_FORMATS } from '../../usage/bills/bill-formats';
import { isBillTable } from '../../usage/bills/bill-tables';
import { DUCK_ENGINE } from '../../usage/lines/duck-engine';
import { unreadableUsage } from '../../usage/lines/unreadable-usage';

/** What changed in a table between two estates: lines as `column=value`, the first hundred of each. */
export interface ChangedTable {
  readonly table: string;
  readonly removed: number;
  readonly added: number;
  readonly removedRows: readonly string[];
  readonly addedRows: readonly string[];
}

/** Inputs of a month on one side, and the version that it was published in. */
export interface LinesSide {
  readonly inputs: InputStore;
  readonly modelVersion: ModelVersionId;
}

/** Tables at the root that only bills need. */
const BILL_INPUTS: readonly string[] = ['focus_services', 'currency_rates'];

/** True for tables that the exact method does not read: bills, tables that only bills need, and AWS's carbon export. */
export function isOutsideMethod(table: string): boolean {
  return isBillTable(table) || table === CARBON_TABLE || BILL_INPUTS.includes(table);
}

/**
 * Returns the lines of a month that differ between two sides, of a table outside the method, by the columns that the
 * calculation reads. The engine counts the lines, and uses the disk where memory does not suffice.
 *
 * @returns undefined where both sides have the same lines, in any order and files
 */
export function changedLines(
  before: LinesSide,
  after: LinesSide,
  table: string,
  month: Month,
): Promise<ChangedTable | undefined> {
  return withSession({}, async (session) => {
    await session.run('CREATE TEMP TABLE side_line (line VARCHAR, n BIGINT)');
    await loadLines(session, before, { table, month }, -1);
    await loadLines(session, after, { table, month }, 1);
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
    `SELECT line, abs(n) AS n FROM changed WHERE ${condition} ORDER BY line LIMIT ${String(SHOWN.changedRows)}`,
  );
  const shown = rows.flatMap((row) =>
    Array.from({ length: Math.min(SHOWN.changedRows, numberIn(row, 'n')) }, () => textIn(row, 'line')),
  );
  return [numberIn(total, 'n'), shown.slice(0, SHOWN.changedRows)];
}

/** Adds a side's lines to `side_line`, each with its count times the sign. */
async function loadLines(
  session: DuckSession,
  { inputs, modelVersion }: LinesSide,
  { table, month }: { readonly table: string; readonly month: Month },
  sign: 1 | -1,
): Promise<void> {
  const copies = new TrackedCopies(inputs);
  try {
    const settings = await readEstateSettings(copies);
    const files = await InputFiles.list(copies);
    for (const file of filesOf(files, table, { month, modelVersion })) {
      const read = await DUCK_ENGINE.read({ store: copies, session }, table, file);
      const scanned = withKnownNames(read, nameInTable(table));
      await addLines(session, scanned, readColumns(table, scanned, settings), { month, sign }).catch(
        async (error: unknown) => {
          throw (await unreadableUsage(session, { table, files: [scanned] }, error)) ?? error;
        },
      );
      await scanned.copy.release();
    }
  } finally {
    await copies.releaseAll();
  }
}

function filesOf(files: InputFiles, table: string, at: ExportMonth): readonly string[] {
  if (isBillTable(table)) return files.monthly(table, at.month);
  if (table === CARBON_TABLE) return deliveredFiles(files, at);
  return files.hasStatic(table) ? [files.staticFile(table)] : [];
}

/** Columns of a file that the calculation reads. */
function readColumns(table: string, file: UsageFile, settings: EstateSettings): string[] {
  const present = columnNames(file);
  const read: readonly unknown[] = isBillTable(table)
    ? BILL_FORMATS[table].textColumns(file, settings).map(([inFile]) => inFile)
    : table === CARBON_TABLE
      ? CARBON_COLUMNS
      : [...present];
  return [...new Set(read)].filter(
    (column): column is string => typeof column === 'string' && present.has(column),
  );
}

/** Adds a file's lines. Of a table at the root that has months, only the lines of the month count. */
async function addLines(
  session: DuckSession,
  file: UsageFile,
  columns: readonly string[],
  { month, sign }: { readonly month: Month; readonly sign: 1 | -1 },
): Promise<void> {
  const texts = fileRelation(
    file,
    columns.map((column, index) => [column, `t${String(index)}`] as const),
    '$1',
    false,
  );
  const cells = columns.map(
    (_, index) => `CAST($${String(index + 2)} AS VARCHAR) || '=' || nullif(t${String(index)}, '')`,
  );
  const period = columns.indexOf('usage_period');
  const ofMonth = period < 0 ? '' : ` WHERE t${String(period)} = $${String(columns.length + 2)}`;
  await session.run(
    `INSERT INTO side_line SELECT line, ${String(sign)} * COUNT(*) FROM (SELECT concat_ws(' ', ${cells.join(', ')}) AS line FROM (${texts}) f${ofMonth}) l GROUP BY line`,
    [literalPath(file.path), ...columns, ...(period < 0 ? [] : [month])],
  );
}

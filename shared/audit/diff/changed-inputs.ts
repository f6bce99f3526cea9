import type { Month } from '../../base/month';
import { SHOWN } from '../../base/shown';
import { InputFiles } from '../../estate/input-files';
import { plainCsv } from '../../estate/plain-csv';
import { withSession } from '../../sql/duck-session';
import type { InputStore } from '../../stores/object-store';
import { TrackedCopies } from '../../stores/tracked-copies';
import {
  MONTHLY_COLUMNS,
  type MonthlyTable,
  OPTIONAL_TABLE_COLUMNS,
  type OptionalTable,
  STATIC_COLUMNS,
} from '../verify/exact/estate-tables';
import { readMethodTables, readStaticTables } from '../verify/method-tables';
import { textRecords } from '../verify/text-records';
import { type ChangedTable, changedLines, isOutsideMethod, type LinesSide } from './changed-lines';

/** Tables of an input of a fingerprint whose name is not that of its table. */
const TABLES_OF_INPUT: Readonly<Record<string, readonly string[]>> = {
  fuel_use: ['fuel_use', 'fuel_factors', 'gwp', 'refrigerant_use'],
};

/** Tables that an estate may lack. */
const OPTIONAL = Object.keys(OPTIONAL_TABLE_COLUMNS) as OptionalTable[];

/** Monthly tables that are read into memory; usage is counted as it is read. */
const MONTHLY = (Object.keys(MONTHLY_COLUMNS) as MonthlyTable[]).filter((table) => table !== 'usage');

/**
 * Returns the rows that differ between two estates, in the tables of the changed inputs of a month. Only the bills of the
 * month itself are compared, not those of the months before and after.
 */
export async function changedTables(
  before: LinesSide,
  after: LinesSide,
  month: Month,
  changedInputs: readonly string[],
): Promise<ChangedTable[]> {
  const wanted = new Set(changedInputs.flatMap((input) => TABLES_OF_INPUT[input] ?? [input]));
  const [a, b] = [await readRows(before.inputs, month, wanted), await readRows(after.inputs, month, wanted)];
  const changed: ChangedTable[] = [];
  for (const table of [...wanted].sort()) {
    const found = isOutsideMethod(table)
      ? await changedLines(before, after, table, month)
      : changedRows(table, a.get(table), b.get(table));
    if (found !== undefined) changed.push(found);
  }
  return changed;
}

function changedRows(
  table: string,
  before: RowCounts | undefined,
  after: RowCounts | undefined,
): ChangedTable | undefined {
  const removedRows = surplus(before, after);
  const addedRows = surplus(after, before);
  if (removedRows.length + addedRows.length === 0) return undefined;
  return {
    table,
    removed: removedRows.length,
    added: addedRows.length,
    removedRows: removedRows.slice(0, SHOWN.changedRows),
    addedRows: addedRows.slice(0, SHOWN.changedRows),
  };
}

type RowCounts = ReadonlyMap<string, number>;

/** Returns the rows that the first has more often than the second, each as often as the difference, in order. */
function surplus(rows: RowCounts = new Map(), others: RowCounts = new Map()): string[] {
  return [...rows]
    .flatMap(([row, count]) => Array.from({ length: Math.max(0, count - (others.get(row) ?? 0)) }, () => row))
    .sort();
}

function readRows(
  inputs: InputStore,
  month: Month,
  wanted: ReadonlySet<string>,
): Promise<Map<string, RowCounts>> {
  return withSession({}, async (session) => {
    const copies = new TrackedCopies(inputs);
    try {
      const reader = { store: copies, session };
      const files = await InputFiles.list(copies);
      const statics = await readStaticTables(reader, files, false);
      const tables = await readMethodTables(reader, files, statics, month);
      const rows = new Map<string, RowCounts>();
      for (const table of Object.keys(STATIC_COLUMNS) as (keyof typeof STATIC_COLUMNS)[]) {
        if (wanted.has(table)) rows.set(table, counted(tables[table]));
      }
      for (const table of OPTIONAL) {
        if (wanted.has(table)) rows.set(table, counted(tables[table] ?? []));
      }
      for (const table of MONTHLY) {
        if (wanted.has(table)) rows.set(table, counted(tables[table][month] ?? []));
      }
      if (wanted.has('usage')) rows.set('usage', await usageCounts(reader, files.monthly('usage', month)));
      return rows;
    } finally {
      await copies.releaseAll();
    }
  });
}

async function usageCounts(
  { store, session }: Parameters<typeof readStaticTables>[0],
  files: readonly string[],
): Promise<RowCounts> {
  const counts = new Map<string, number>();
  for (const file of files) {
    const copy = await plainCsv(await store.localCopy(file), session.scratch);
    for await (const record of textRecords(session, copy.path, MONTHLY_COLUMNS.usage)) count(counts, record);
  }
  return counts;
}

function counted(rows: readonly Readonly<Record<string, string | undefined>>[]): RowCounts {
  const counts = new Map<string, number>();
  for (const row of rows) count(counts, row);
  return counts;
}

function count(counts: Map<string, number>, row: Readonly<Record<string, string | undefined>>): void {
  const text = Object.entries(row)
    .map(([column, value = '']) => `${column}=${value}`)
    .join(' ');
  counts.set(text, (counts.get(text) ?? 0) + 1);
}

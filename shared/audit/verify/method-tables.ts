import { padAccountId } from '../../base/account-id';
import type { Month } from '../../base/month';
import type { InputFiles } from '../../estate/input-files';
import { plainCsv } from '../../estate/plain-csv';
import type { TableReader } from '../../estate/read-table';
import {
  type MethodTables,
  MONTHLY_COLUMNS,
  type MonthlyTable,
  OPTIONAL_COLUMNS,
  OPTIONAL_TABLE_COLUMNS,
  type OptionalTable,
  type Row,
  STATIC_COLUMNS,
  type StaticTable,
  type StaticTables,
  TABLE_COLUMNS,
} from './exact/estate-tables';
import { textRecords } from './text-records';

const OPTIONAL_TABLES = Object.keys(OPTIONAL_TABLE_COLUMNS) as OptionalTable[];

const STATIC_TABLES = Object.keys(STATIC_COLUMNS) as StaticTable[];

/** Monthly tables that fit into memory; usage is summed as it is read. */
const SMALL_MONTHLY_TABLES = (Object.keys(MONTHLY_COLUMNS) as MonthlyTable[]).filter(
  (table) => table !== 'usage',
);

/**
 * Returns the tables at the root of an estate, every value as its text.
 *
 * @param padAccountIds restore the leading zeros that a spreadsheet removed
 */
export async function readStaticTables(
  reader: TableReader,
  files: InputFiles,
  padAccountIds: boolean,
): Promise<StaticTables> {
  const read = async <Table extends StaticTable>(table: Table): Promise<[Table, Row<Table>[]]> => [
    table,
    // A table that no cluster needs may be missing: the run checks that all others are present.
    await rowsOf(reader, table, files.hasStatic(table) ? [files.staticFile(table)] : []),
  ];
  const tables: [string, unknown][] = [];
  for (const table of STATIC_TABLES) tables.push(await read(table));
  for (const table of OPTIONAL_TABLES) {
    if (files.hasStatic(table))
      tables.push([table, await optionalRows(reader, table, files.staticFile(table))]);
  }
  // Every static table is read; the type of fromEntries does not show it.
  const all = Object.fromEntries(tables) as StaticTables;
  if (!padAccountIds) return all;
  return {
    ...all,
    internal_accounts: all.internal_accounts.map((row) => ({ account_id: padAccountId(row.account_id) })),
  };
}

/** Returns the tables of one month: those at the root, and the month's own without its usage. */
export async function readMethodTables(
  reader: TableReader,
  files: InputFiles,
  statics: StaticTables,
  month: Month,
): Promise<MethodTables> {
  const monthly: [string, unknown][] = [['usage', {}]];
  for (const table of SMALL_MONTHLY_TABLES) {
    monthly.push([table, { [month]: await rowsOf(reader, table, files.monthly(table, month)) }]);
  }
  return {
    ...statics,
    electricity: statics.electricity.filter((row) => row.usage_period === month),
    ...(Object.fromEntries(monthly) as Pick<MethodTables, MonthlyTable>),
  };
}

async function rowsOf<Table extends StaticTable | MonthlyTable>(
  { store, session }: TableReader,
  table: Table,
  files: readonly string[],
): Promise<Row<Table>[]> {
  const rows: Row<Table>[] = [];
  for (const file of files) {
    const copy = await plainCsv(await store.localCopy(file), session.scratch);
    try {
      // The columns are those of the table; an index type does not show it.
      const columns = TABLE_COLUMNS[table] as readonly (keyof Row<Table> & string)[];
      const optional = optionalColumnsOf(table) as readonly (keyof Row<Table> & string)[];
      for await (const record of textRecords(session, copy.path, columns, optional)) {
        rows.push(record as Row<Table>);
      }
    } finally {
      await copy.release();
    }
  }
  return rows;
}

function optionalColumnsOf(table: string): readonly string[] {
  return Object.entries(OPTIONAL_COLUMNS).find(([known]) => known === table)?.[1] ?? [];
}

/** Rows of a table that an estate may lack; the run checks that the columns that it needs are present. */
async function optionalRows(
  { store, session }: TableReader,
  table: OptionalTable,
  file: string,
): Promise<Readonly<Record<string, string>>[]> {
  const copy = await store.localCopy(file);
  try {
    const rows: Readonly<Record<string, string>>[] = [];
    const columns: readonly string[] = OPTIONAL_TABLE_COLUMNS[table];
    for await (const record of textRecords(session, copy.path, [], columns)) rows.push(record);
    return rows;
  } finally {
    await copy.release();
  }
}

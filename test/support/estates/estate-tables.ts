import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { parse } from 'csv-parse/sync';
import {
  type MethodTables,
  MONTHLY_COLUMNS,
  type MonthlyTable,
  OPTIONAL_COLUMNS,
  OPTIONAL_TABLE_COLUMNS,
  type OptionalTable,
  type OptionalTables,
  type Row,
  STATIC_COLUMNS,
  type StaticTable,
  TABLE_COLUMNS,
} from '../../../shared/audit/verify/exact/estate-tables';
import { Random } from './random';

/** What `aws organizations list-accounts` prints, as far as the tests write it. */
export type AccountsFile = {
  Accounts: {
    Id: string;
    Arn: string;
    Name: string;
    Email: string;
    State: string;
    JoinedMethod: string;
    JoinedTimestamp: string;
  }[];
};

/**
 * A whole estate as in its files. Rows can be changed, so that a test can spoil one value of a valid
 * estate.
 */
export type EstateTables = MethodTables & { accounts: AccountsFile };

/** How writeEstate lays the same estate out in files. */
export type WriteOptions = {
  /** Puts the rows of every table into the random order of this seed. @default - the order of the tables */
  readonly shuffleSeed?: number;
  /**
   * Splits every month's rows over up to so many files. Fewer where there are fewer rows, and where two files would
   * be the same, for two equal files of one month count as a copy.
   * @default 1
   */
  readonly filesPerMonth?: number;
  /** Writes .csv.gz instead of .csv. @default false */
  readonly gzip?: boolean;
};

const STATIC_TABLES = Object.keys(STATIC_COLUMNS) as StaticTable[];
const OPTIONAL_TABLES = Object.keys(OPTIONAL_TABLE_COLUMNS) as OptionalTable[];
const MONTHLY_TABLES = Object.keys(MONTHLY_COLUMNS) as MonthlyTable[];

/**
 * Reads an estate's folder. Extra columns are dropped, a missing one is an error; a missing monthly folder is a table
 * without months.
 *
 * @example
 * const tables = readEstate('test/cases/small/inputs');
 * tables.racks['2025-01']?.length; // 30
 */
export function readEstate(directory: string): EstateTables {
  return {
    clusters: readStatic(directory, 'clusters'),
    sites: readStatic(directory, 'sites'),
    grid_factors: readStatic(directory, 'grid_factors'),
    fuel_factors: readStatic(directory, 'fuel_factors'),
    gwp: readStatic(directory, 'gwp'),
    fuel_use: readStatic(directory, 'fuel_use'),
    electricity: readStatic(directory, 'electricity'),
    contracts: readStatic(directory, 'contracts'),
    services: readStatic(directory, 'services'),
    internal_accounts: readStatic(directory, 'internal_accounts'),
    racks: readMonthly(directory, 'racks'),
    rack_use: readMonthly(directory, 'rack_use'),
    service_use: readMonthly(directory, 'service_use'),
    cluster_emissions: readMonthly(directory, 'cluster_emissions'),
    service_emissions: readMonthly(directory, 'service_emissions'),
    usage: readMonthly(directory, 'usage'),
    ...readOptional(directory),
    accounts: JSON.parse(readFileSync(join(directory, 'accounts.json'), 'utf8')) as AccountsFile,
  };
}

/** Writes an estate into a folder, which is created if need be and should be empty. */
export function writeEstate(tables: EstateTables, directory: string, options: WriteOptions = {}): void {
  const written = options.shuffleSeed === undefined ? tables : shuffleEstate(tables, options.shuffleSeed);
  mkdirSync(directory, { recursive: true });
  for (const table of STATIC_TABLES) {
    const columns = [...STATIC_COLUMNS[table], ...optionalColumns(table, written[table])];
    writeTable(join(directory, table), toCsv(columns, written[table]), options);
  }
  for (const table of OPTIONAL_TABLES) {
    const rows = written[table];
    if (rows === undefined) continue;
    writeTable(join(directory, table), toCsv(OPTIONAL_TABLE_COLUMNS[table], rows), options);
  }
  for (const table of MONTHLY_TABLES) {
    for (const [month, rows] of Object.entries(written[table])) {
      const folder = join(directory, table, `usage_period=${month}`);
      mkdirSync(folder, { recursive: true });
      const columns = [...MONTHLY_COLUMNS[table], ...optionalColumns(table, rows)];
      splitRows(columns, rows, options.filesPerMonth ?? 1).forEach((text, index) => {
        writeTable(join(folder, `${table}-part-${String(index + 1)}`), text, options);
      });
    }
  }
  writeFileSync(join(directory, 'accounts.json'), `${JSON.stringify(written.accounts, null, 2)}\n`);
}

/** The same estate with the rows of every table, and the accounts, in the random order of the seed. */
export function shuffleEstate(tables: EstateTables, seed: number): EstateTables {
  const random = new Random(seed);
  const shuffled = structuredClone(tables);
  for (const table of STATIC_TABLES) random.shuffle(shuffled[table]);
  for (const table of OPTIONAL_TABLES) random.shuffle(shuffled[table] ?? []);
  for (const table of MONTHLY_TABLES) Object.values(shuffled[table]).forEach((rows) => random.shuffle(rows));
  random.shuffle(shuffled.accounts.Accounts);
  return shuffled;
}

/** Columns that files may lack, where a row has them. */
function optionalColumns(table: string, rows: readonly object[]): readonly string[] {
  const known = Object.entries(OPTIONAL_COLUMNS).find(([name]) => name === table)?.[1] ?? [];
  return known.filter((column) => rows.some((row) => column in row));
}

/** The tables that an estate may lack. */
function readOptional(directory: string): OptionalTables {
  const tables: [string, unknown][] = [];
  for (const table of OPTIONAL_TABLES) {
    const path = join(directory, `${table}.csv`);
    if (existsSync(path)) tables.push([table, parse(readFileSync(path), { columns: true, bom: true })]);
  }
  return Object.fromEntries(tables);
}

function readStatic<Table extends StaticTable>(directory: string, table: Table): Row<Table>[] {
  const plain = join(directory, `${table}.csv`);
  return readCsv(existsSync(plain) ? plain : `${plain}.gz`, table);
}

function readMonthly<Table extends MonthlyTable>(
  directory: string,
  table: Table,
): Record<string, Row<Table>[]> {
  const folder = join(directory, table);
  const months: Record<string, Row<Table>[]> = {};
  for (const partition of existsSync(folder) ? readdirSync(folder).sort() : []) {
    const [, month] = /^usage_period=(\d{4}-\d{2})$/.exec(partition) ?? [];
    if (month === undefined) continue;
    months[month] = readdirSync(join(folder, partition))
      .filter((name) => /\.csv(\.gz)?$/.test(name))
      .sort()
      .flatMap((name) => readCsv(join(folder, partition, name), table));
  }
  return months;
}

function readCsv<Table extends StaticTable | MonthlyTable>(path: string, table: Table): Row<Table>[] {
  const bytes = readFileSync(path);
  const text = path.endsWith('.gz') ? gunzipSync(bytes) : bytes;
  const records: Record<string, string>[] = parse(text, { columns: true, bom: true });
  return records.map((record) => {
    const cells = TABLE_COLUMNS[table].map((column) => {
      const value = record[column];
      if (value === undefined) throw new Error(`${path} has no column ${column}`);
      return [column, value];
    });
    const optional = optionalColumns(table, [record]).map((column) => [column, record[column]]);
    // Each column of the table was just found; fromEntries cannot know that.
    return Object.fromEntries([...cells, ...optional]) as Row<Table>;
  });
}

function toCsv(columns: readonly string[], rows: readonly Readonly<Record<string, string>>[]): string {
  const lines = rows.map((row) => columns.map((column) => quote(row[column] ?? '')).join(','));
  return [columns.join(','), ...lines].map((line) => `${line}\n`).join('');
}

/** RFC 4180: quotes around a value that holds a comma, a quote or a line break, and inner quotes doubled. */
function quote(value: string): string {
  return /[",\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value;
}

/** The texts of the most files, up to the limit, of which none is empty and no two hold the same rows. */
function splitRows(
  columns: readonly string[],
  rows: readonly Readonly<Record<string, string>>[],
  limit: number,
): string[] {
  for (let files = Math.min(limit, rows.length); files > 1; files -= 1) {
    const parts = Array.from({ length: files }, (_, file) => rows.filter((_row, at) => at % files === file));
    const contents = parts.map((part) => toCsv(columns, part).split('\n').sort().join('\n'));
    if (new Set(contents).size === files) return parts.map((part) => toCsv(columns, part));
  }
  return [toCsv(columns, rows)];
}

function writeTable(path: string, text: string, options: WriteOptions): void {
  if (options.gzip === true) writeFileSync(`${path}.csv.gz`, gzipSync(text));
  else writeFileSync(`${path}.csv`, text);
}

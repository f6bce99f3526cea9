import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { type SampleOptions, type SampleSummary, writeSampleEstate } from '../../sample/generate';
import { filesBelow } from '../support/folder-contents';
import { scratch } from '../support/scratch';

/** A row of a table, by column name. */
export type Row = Readonly<Record<string, string>>;

/** A generated estate on disk, read back as plain tables. */
export interface Written {
  readonly dir: string;
  readonly summary: SampleSummary;
}

/** Makes a new folder. */
export const newFolder = scratch();

/** @param options sizes; the folder is a new one */
export async function generate(options: Omit<SampleOptions, 'outDir'> = {}): Promise<Written> {
  const dir = newFolder();
  return { dir, summary: await writeSampleEstate({ ...options, outDir: dir }) };
}

/** Returns the SHA-256 over the paths and bytes of all files, or of those that are wanted. */
export function digestOf(dir: string, isWanted: (file: string) => boolean = () => true): string {
  const hash = createHash('sha256');
  for (const file of filesBelow(dir).filter(isWanted))
    hash.update(`${file}\0`).update(readFileSync(join(dir, file)));
  return hash.digest('hex');
}

/** @returns rows of a CSV file */
export function readTable(dir: string, file: string): Row[] {
  return parse<Row>(readFileSync(join(dir, file), 'utf8'), { columns: true });
}

/** @returns rows of a monthly table, none where the month has none */
export function readMonth(dir: string, table: string, month: string): Row[] {
  return filesBelow(dir)
    .filter((file) => file.startsWith(`${table}/usage_period=${month}/`))
    .flatMap((file) => readTable(dir, file));
}

/** @returns months of a monthly table, ascending */
export function monthsOf(dir: string, table: string): string[] {
  const months = filesBelow(dir)
    .filter((file) => file.startsWith(`${table}/usage_period=`))
    .map((file) => file.slice(table.length + 14, table.length + 21));
  return [...new Set(months)];
}

/** @returns sums of a column per key */
export function sumBy(rows: readonly Row[], key: (row: Row) => string, column: string): Map<string, number> {
  const sums = new Map<string, number>();
  for (const row of rows) sums.set(key(row), (sums.get(key(row)) ?? 0) + Number(row[column] ?? ''));
  return sums;
}

/** @returns the values of a column */
export function column(rows: readonly Row[], name: string): Set<string> {
  return new Set(rows.map((row) => row[name] ?? ''));
}

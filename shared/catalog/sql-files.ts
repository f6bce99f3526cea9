import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A file with a describing comment, then one statement. */
export interface SqlFile {
  readonly name: string;
  /** Lines of the leading comment. */
  readonly comment: readonly string[];
  readonly sql: string;
}

/** Reads all statements of a folder next to this file, ordered by name. */
export function readSqlFiles(folder: string): SqlFile[] {
  const directory = join(__dirname, folder);
  return readdirSync(directory)
    .filter((file) => file.endsWith('.sql'))
    .sort()
    .map((file) => {
      const lines = readFileSync(join(directory, file), 'utf8').trim().split('\n');
      const start = lines.findIndex((line) => !line.startsWith('--'));
      return {
        name: file.slice(0, -'.sql'.length),
        comment: lines.slice(0, start).map((line) => line.replace(/^--\s*/, '')),
        sql: lines.slice(start).join('\n'),
      };
    });
}

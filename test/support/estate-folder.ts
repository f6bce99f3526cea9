import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { withSession } from '../../shared/sql/duck-session';
import { type EstateTables, writeEstate } from './estates/estate-tables';

/** An estate in a folder that a test may spoil. */
export class EstateFolder {
  constructor(readonly path: string) {}

  /** The folder of a new estate. */
  static of(tables: EstateTables, path: string): EstateFolder {
    mkdirSync(path, { recursive: true });
    writeEstate(tables, path);
    return new EstateFolder(path);
  }

  /** Writes a file anew, with its folder. */
  write(file: string, content: string | Buffer): void {
    const path = join(this.path, file);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content);
  }

  read(file: string): string {
    return readFileSync(join(this.path, file), 'utf8');
  }

  /** Replaces a part of a file, which must be there. */
  edit(file: string, part: string, replacement: string): void {
    const text = this.read(file);
    if (!text.includes(part)) throw new Error(`${file} has no ${part}: ${text}`);
    this.write(file, text.replace(part, replacement));
  }

  /** Adds lines to a file. */
  append(file: string, ...lines: readonly string[]): void {
    this.write(file, this.read(file) + lines.map((line) => `${line}\n`).join(''));
  }

  /** Removes a file or a folder. */
  remove(file: string): void {
    if (!existsSync(join(this.path, file))) throw new Error(`no ${file}`);
    rmSync(join(this.path, file), { recursive: true });
  }

  /** Replaces a CSV file by the same bytes in gzip. */
  gzip(file: string): void {
    const content = readFileSync(join(this.path, file));
    this.remove(file);
    this.write(`${file}.gz`, gzipSync(content));
  }

  /** Replaces a CSV file by what a query makes of it, as Parquet; in the query the file is `csv`, all of it text. */
  async parquet(file: string, query = 'SELECT * FROM csv'): Promise<string> {
    const path = join(this.path, file);
    const target = path.replace(/\.csv$/, '.parquet');
    await withSession({}, async (session) => {
      await session.run(
        `CREATE TEMP TABLE csv AS SELECT * FROM read_csv('${path}', all_varchar = true, header = true, delim = ',', quote = '"')`,
      );
      await session.run(`COPY (${query}) TO '${target}' (FORMAT parquet)`);
    });
    rmSync(path);
    return target;
  }
}

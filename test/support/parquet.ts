import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { withSession } from '../../shared/sql/duck-session';

/**
 * Returns a CSV text as a Parquet file. Columns are texts, blanks are null.
 *
 * @param types SQL types of some columns
 */
export function asParquet(csv: string, types: Readonly<Record<string, string>> = {}): Promise<Buffer> {
  return withSession({}, async (session) => {
    const [from, to] = [join(session.scratch, 'in.csv'), join(session.scratch, 'out.parquet')];
    await writeFile(from, csv);
    const casts = Object.entries(types).map(([name, type]) => `CAST("${name}" AS ${type}) AS "${name}"`);
    const replaced = casts.length === 0 ? '' : ` REPLACE (${casts.join(', ')})`;
    await session.run(
      `COPY (SELECT *${replaced} FROM read_csv('${from}', all_varchar = true, nullstr = '')) TO '${to}' (FORMAT parquet)`,
    );
    const bytes = await readFile(to);
    await rm(to);
    return bytes;
  });
}

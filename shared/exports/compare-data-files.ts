import { isDeepStrictEqual } from 'node:util';
import { literalPath } from '../sql/dialect';
import { type DuckSession, numberIn, numberOrNullIn, textIn } from '../sql/duck-session';
import { dataFileRelation } from './read-data-file';
import { type Figure, figureColumn, FIGURES } from './emissions';

/** Values of a row in one file, MTCO2e; null where AWS delivered no value; undefined where the file has no such row. */
export type RowValues = Readonly<Record<Figure, number | null>> | undefined;

/** The same row in two data files. */
export interface PairedRow {
  readonly accountId: string;
  readonly regionCode: string;
  readonly productCode: string;
  readonly before: RowValues;
  readonly after: RowValues;
}

const KEY = ['usage_account_id', 'region_code', 'product_code'] as const;

/** SQL that is true for a pair whose rows differ. */
const DIFFERS = `NOT is_before OR NOT is_after OR ${FIGURES.map((figure) => `after_${figure} IS DISTINCT FROM before_${figure}`).join(' OR ')}`;

/**
 * SQL of a file's rows. An account that moved between payers has a row for each payer, and rows are paired in the order of
 * payers.
 */
function side(path: string, parameter: string, isBrokenDown: boolean): string {
  const key = KEY.map((column) => `coalesce(${column}, '') AS ${column}`);
  const part = isBrokenDown ? 'split_value' : `''`;
  const values = FIGURES.map((figure) => `${figureColumn(figure)} AS ${figure}`);
  return `(
  SELECT ${[...key, ...values].join(', ')}, ${part} AS part, true AS present,
    row_number() OVER (PARTITION BY ${KEY.join(', ')}, ${part} ORDER BY payer_account_id) AS n
  FROM ${dataFileRelation(path, parameter)}
)`;
}

/** SQL of the rows of two data files in pairs; their paths are the parameters $1 and $2. */
function pairs({ before, after, isBrokenDown }: PairedFiles): string {
  const values = FIGURES.flatMap((figure) => [
    `b.${figure} AS before_${figure}`,
    `a.${figure} AS after_${figure}`,
  ]);
  const key = [...KEY, 'part', 'n'];
  return `
SELECT ${key.map((column) => `coalesce(b.${column}, a.${column}) AS ${column}`).join(', ')},
  coalesce(b.present, false) AS is_before, coalesce(a.present, false) AS is_after, ${values.join(', ')}
FROM ${side(before, '$1', isBrokenDown)} b
FULL JOIN ${side(after, '$2', isBrokenDown)} a ON ${key.map((column) => `a.${column} = b.${column}`).join(' AND ')}`;
}

/** Two data files on the local disk. */
export interface PairedFiles {
  readonly before: string;
  readonly after: string;
  /** True where the rows of both are broken down by a tag, a cost category or the resource. */
  readonly isBrokenDown: boolean;
}

/** Returns true where two data files have the same columns and rows, however they are encoded. */
export async function haveSameRows(
  session: DuckSession,
  { before, after }: Pick<PairedFiles, 'before' | 'after'>,
): Promise<boolean> {
  const [one, other] = [dataFileRelation(before, '$1'), dataFileRelation(after, '$2')];
  const columnsOf = async (relation: string, path: string): Promise<string[]> => {
    const rows = await session.rows(`DESCRIBE SELECT * FROM ${relation}`, [literalPath(path)]);
    return rows.map((row) => textIn(row, 'column_name'));
  };
  const names = await columnsOf(one, before);
  if (!isDeepStrictEqual(names, await columnsOf(dataFileRelation(after, '$1'), after))) return false;
  const [row] = await session.rows(
    `SELECT (SELECT COUNT(*) FROM ${one}) - (SELECT COUNT(*) FROM ${other}) AS more,
       (SELECT COUNT(*) FROM (SELECT * FROM ${one} EXCEPT ALL SELECT * FROM ${other}) d) AS different`,
    [literalPath(before), literalPath(after)],
  );
  return numberIn(row, 'more') === 0 && numberIn(row, 'different') === 0;
}

/** Returns the number of accounts with a row that differs between two data files. */
export async function countChangedAccounts(session: DuckSession, files: PairedFiles): Promise<number> {
  const [row] = await session.rows(
    `SELECT COUNT(DISTINCT usage_account_id) AS n FROM (${pairs(files)}) pair WHERE ${DIFFERS}`,
    [literalPath(files.before), literalPath(files.after)],
  );
  return numberIn(row, 'n');
}

/** Yields the rows of two data files in pairs, ordered by account, Region, product and part. */
export async function* pairedRows(session: DuckSession, files: PairedFiles): AsyncGenerator<PairedRow> {
  const sql = `SELECT * FROM (${pairs(files)}) pair ORDER BY ${KEY.join(', ')}, part, n`;
  for await (const rows of session.chunks(sql, [literalPath(files.before), literalPath(files.after)])) {
    for (const row of rows) {
      const values = (of: 'before' | 'after'): RowValues => {
        if (row[`is_${of}`] !== true) return undefined;
        const cells = FIGURES.map((figure) => [figure, numberOrNullIn(row, `${of}_${figure}`)]);
        // Every figure was just read; fromEntries cannot know that.
        return Object.fromEntries(cells) as RowValues;
      };
      yield {
        accountId: textIn(row, 'usage_account_id'),
        regionCode: textIn(row, 'region_code'),
        productCode: textIn(row, 'product_code'),
        before: values('before'),
        after: values('after'),
      };
    }
  }
}

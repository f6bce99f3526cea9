import { textLiteral } from '../../sql/dialect';
import { type DuckSession, numberIn } from '../../sql/duck-session';
import type { Relation } from '../../sql/relation';
import { codeOf } from '../../sql/summed-texts';
import type { TextColumns, UsageFile } from '../../sql/text-columns';
import type { FileTexts, UsageEngine } from '../lines/usage-engine';

/** The texts of a column, and the code of each. */
export type TextCodes = Relation<{ readonly text: 'VARCHAR'; readonly code: 'UBIGINT' }>;

/** Columns with more texts are summed by the texts themselves. */
const MOST_TEXTS = 200_000;

/**
 * Returns the codes of the texts of Parquet files, by the names of their columns: numbers of 64 bits that differ where the
 * texts of the column do. Grouping lines by numbers takes a third of the time of grouping them by texts, and finding the
 * few texts of a column takes nearly none. A column is left out where two of its texts have one code.
 */
export async function textCodes(
  session: DuckSession,
  engine: UsageEngine,
  texts: FileTexts,
): Promise<ReadonlyMap<string, TextCodes>> {
  const codes = new Map<string, TextCodes>();
  if (engine.hasTextCodes !== true) return codes;
  for (const name of codedNames(texts)) {
    const found = await engine.sum(session, columnOf(texts, name), {
      columns: { text: 'VARCHAR', lines: 'BIGINT' },
      overTexts: (all) => all.join('\nUNION ALL\n'),
      context: [],
    });
    const different = await session.table(
      { text: 'VARCHAR', code: 'UBIGINT' },
      `SELECT text, ${codeOf('text')} AS code FROM (SELECT DISTINCT text FROM ${found.table}) t`,
    );
    await session.drop(found);
    const [row] = await session.rows(
      `SELECT COUNT(*) AS texts, COUNT(DISTINCT code) AS codes FROM ${different.table}`,
    );
    const count = numberIn(row, 'texts');
    if (count === numberIn(row, 'codes') && count <= MOST_TEXTS) codes.set(name, different);
    else await session.drop(different);
  }
  return codes;
}

/** Returns texts with codes in the columns that have some. */
export function withCodes(texts: FileTexts, codes: ReadonlyMap<string, TextCodes>): FileTexts {
  return {
    ...texts,
    columnsOf: (file) =>
      texts
        .columnsOf(file)
        .map((column): TextColumns[number] =>
          codes.has(column[1]) ? [column[0], column[1], 'code'] : column,
        ),
  };
}

/**
 * Returns texts without the columns that are read only where another column has some values, where that column has none of
 * them: reading maps takes as long as all the rest.
 */
export async function withoutUnread(
  session: DuckSession,
  texts: FileTexts,
  codes: ReadonlyMap<string, TextCodes>,
): Promise<FileTexts> {
  const unread = new Map<string, ReadonlySet<string>>();
  for (const file of texts.files) {
    const columns = texts.columnsOf(file);
    const names = new Set<string>();
    for (const [, name, kind] of columns) {
      if (typeof kind !== 'object') continue;
      const met: boolean[] = [];
      for (const [column, values] of kind.whereAny) {
        const constant = file.constants?.get(column);
        const [, as = ''] = columns.find(([inFile]) => inFile === column) ?? [];
        met.push(
          constant === undefined
            ? await hasText(session, codes.get(as), values)
            : values.includes(constant.text ?? ''),
        );
      }
      if (!met.includes(true)) names.add(name);
    }
    unread.set(file.file, names);
  }
  return {
    ...texts,
    columnsOf: (file) =>
      texts
        .columnsOf(file)
        .map((column) => (unread.get(file.file)?.has(column[1]) === true ? [undefined, column[1]] : column)),
  };
}

/** True where a column has one of some texts, '' for NULL, and where its texts are not known. */
async function hasText(
  session: DuckSession,
  codes: TextCodes | undefined,
  values: readonly string[],
): Promise<boolean> {
  if (codes === undefined) return true;
  const list = values.map(textLiteral).join(', ');
  const rows = await session.rows(
    `SELECT 1 AS one FROM ${codes.table} WHERE coalesce(text, '') IN (${list}) LIMIT 1`,
  );
  return rows.length > 0;
}

/** Names of texts that are columns of texts in some file, not the same in all its lines, and constants in others. */
function codedNames({ files, columnsOf }: FileTexts): string[] {
  const all = files.map((file) => ({ file, columns: columnsOf(file) }));
  const names = new Set(all.flatMap(({ columns }) => columns.map(([, name]) => name)));
  names.delete('account_id');
  return [...names].filter((name) => {
    const found = all.map(({ file, columns }) => ({
      file,
      column: columns.find((each) => each[1] === name),
    }));
    const varies = found.some(({ file: { constants }, column }) => {
      const inFile = column?.[0];
      return typeof inFile === 'string' && constants?.has(inFile) !== true;
    });
    return varies && found.every(({ file, column }) => column !== undefined && isText(column, file));
  });
}

/** True for a column of texts of a Parquet file, for a constant, and for a column that the file does not have. */
function isText([inFile, , kind]: TextColumns[number], { types }: UsageFile): boolean {
  if (kind !== undefined && kind !== 'id') return false;
  if (typeof inFile === 'string') return types?.get(inFile) === 'VARCHAR';
  return inFile === undefined || 'text' in inFile;
}

function columnOf({ table, files, columnsOf }: FileTexts, name: string): FileTexts {
  return {
    ...{ table, files, summed: 'all' },
    columnsOf: (file) =>
      columnsOf(file).flatMap(([inFile, as]): TextColumns => (as === name ? [[inFile, 'text']] : [])),
  };
}

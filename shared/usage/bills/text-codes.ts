import { DUCK, textLiteral } from '../../sql/dialect';
import { type DuckSession, numberIn } from '../../sql/duck-session';
import type { Relation } from '../../sql/relation';
import { CODE_TYPE, codeInWord, hashOfText, WHOLE_WORD } from '../../sql/summed-texts';
import {
  type CodeBits,
  isReadWhere,
  type TextColumn,
  type TextColumns,
  type UsageFile,
} from '../../sql/text-columns';
import type { FileTexts, UsageEngine } from '../lines/usage-engine';
import { type Hashes, packedCodes } from './code-bits';

/** Columns with more texts are summed by the texts themselves. */
const MOST_TEXTS = 200_000;

/** The texts of a column, or what is made of them, and the hash of each text of the column. */
type TextHashes = Relation<{ readonly text: 'VARCHAR'; readonly hash: 'UBIGINT' }>;

/** The texts of a column, and their codes. */
export interface TextCodes extends TextHashes {
  readonly bits: CodeBits;
}

/** Texts of lines, of which some columns have codes. */
export interface CodedTexts {
  readonly texts: FileTexts;
  /** The codes by the names of their columns. That of the account is in the word `account_id`. */
  readonly codes: ReadonlyMap<string, TextCodes>;
}

const ACCOUNT = 'account_id';

/**
 * Returns texts with codes in place of the texts of Parquet files: few bits that differ where the texts of the column do.
 * Grouping lines by numbers takes a third of the time of grouping them by texts, and finding the few texts of a column
 * takes nearly none. Columns without a line that needs them are left out.
 */
export async function codedTexts(
  session: DuckSession,
  engine: UsageEngine,
  texts: FileTexts,
): Promise<CodedTexts> {
  if (engine.hasTextCodes !== true) return { texts, codes: new Map() };
  const hashes = await hashesOf(session, engine, texts, codedNames(texts, false));
  const read = await withoutUnread(session, texts, hashes);
  const more = await hashesOf(session, engine, read, codedNames(read, true));
  const codes = await codesOf(session, new Map([...hashes, ...more]));
  const columnsOf = (file: UsageFile): TextColumns =>
    read.columnsOf(file).map((column): TextColumns[number] => {
      const found = codes.get(column[1]);
      return found === undefined ? column : [sourceOf(column[0]), column[1], found.bits];
    });
  return { texts: { ...read, columnsOf }, codes };
}

/** SQL that is true where a word has the code of a text in a relation of {@link TextCodes}. */
export function hasCode({ bits }: TextCodes, word: string, hash: string): string {
  const code = codeInWord(hash, bits);
  if (bits.mask === WHOLE_WORD) return `${code} = ${word}`;
  return `(${code}) = (${word} & CAST(${bits.mask} AS ${CODE_TYPE}))`;
}

/** Returns the hashes of the texts of columns. A column is left out where two of its texts have one hash. */
async function hashesOf(
  session: DuckSession,
  engine: UsageEngine,
  texts: FileTexts,
  names: readonly string[],
): Promise<Map<string, TextHashes>> {
  const hashes = new Map<string, TextHashes>();
  for (const name of names) {
    const found = await engine.sum(session, columnOf(texts, name), {
      columns: { text: 'VARCHAR' },
      overTexts: (all) => all.join('\nUNION ALL\n'),
      context: [],
    });
    const different = await session.table(
      { text: 'VARCHAR', hash: CODE_TYPE },
      `SELECT ${madeOf(texts, name)} AS text, ${hashOfText('text')} AS hash FROM (SELECT DISTINCT text FROM ${found.table}) t`,
    );
    await session.drop(found);
    const [row] = await session.rows(
      `SELECT COUNT(*) AS texts, COUNT(DISTINCT hash) AS hashes FROM ${different.table}`,
    );
    const count = numberIn(row, 'texts');
    if (count === numberIn(row, 'hashes') && count <= MOST_TEXTS) hashes.set(name, different);
    else await session.drop(different);
  }
  return hashes;
}

async function codesOf(
  session: DuckSession,
  hashes: ReadonlyMap<string, TextHashes>,
): Promise<ReadonlyMap<string, TextCodes>> {
  const ofCharges = new Map<string, Hashes>();
  for (const [name, { table }] of hashes) {
    if (name === ACCOUNT) continue;
    const rows = await session.rows(
      `SELECT CAST(hash & 4294967295 AS DOUBLE) AS lower, CAST(hash >> 32 AS DOUBLE) AS upper FROM ${table}`,
    );
    ofCharges.set(
      name,
      rows.map((row) => [numberIn(row, 'lower'), numberIn(row, 'upper')]),
    );
  }
  const bits = packedCodes(ofCharges);
  const ofAccount: CodeBits = { word: ACCOUNT, shift: 0, mask: WHOLE_WORD };
  return new Map(
    [...hashes].map(([name, relation]) => [name, { ...relation, bits: bits.get(name) ?? ofAccount }]),
  );
}

/**
 * Returns texts without the columns that are read only where another column has some values, where that column has none of
 * them: reading maps takes as long as all the rest.
 */
async function withoutUnread(
  session: DuckSession,
  texts: FileTexts,
  hashes: ReadonlyMap<string, TextHashes>,
): Promise<FileTexts> {
  const unread = new Map<string, ReadonlySet<string>>();
  for (const file of texts.files) {
    const columns = texts.columnsOf(file);
    const names = new Set<string>();
    for (const [, name, kind] of columns) {
      if (!isReadWhere(kind)) continue;
      const met: boolean[] = [];
      for (const [column, values] of kind.whereAny) {
        const constant = file.constants?.get(column);
        const [, as = ''] = columns.find(([inFile]) => inFile === column) ?? [];
        met.push(
          constant === undefined
            ? await hasText(session, hashes.get(as), values)
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
  hashes: TextHashes | undefined,
  values: readonly string[],
): Promise<boolean> {
  if (hashes === undefined) return true;
  const list = values.map(textLiteral).join(', ');
  const rows = await session.rows(
    `SELECT 1 AS one FROM ${hashes.table} WHERE coalesce(text, '') IN (${list}) LIMIT 1`,
  );
  return rows.length > 0;
}

/**
 * Names of texts that are columns of texts in some file, not the same in all its lines, and constants in others.
 *
 * @param isWhere true for the columns that are read only in some lines; they are read in all lines then
 */
function codedNames({ files, columnsOf }: FileTexts, isWhere: boolean): string[] {
  const all = files.map((file) => ({ file, columns: columnsOf(file) }));
  const names = new Set(all.flatMap(({ columns }) => columns.map(([, name]) => name)));
  return [...names].filter((name) => {
    const found = all.map(({ file, columns }) => ({
      file,
      column: columns.find((each) => each[1] === name),
    }));
    if (found.some(({ column }) => isReadWhere(column?.[2])) !== isWhere) return false;
    const varies = found.some(({ file: { constants }, column }) => {
      const inFile = sourceOf(column?.[0]);
      return typeof inFile === 'string' && constants?.has(inFile) !== true;
    });
    if (new Set(found.map(({ column }) => madeText(column?.[0]))).size > 1) return false;
    return varies && found.every(({ file, column }) => column !== undefined && isText(column, file));
  });
}

/** The column of a file that a text is made of, where it is made of one. Of few values in a line the text itself is summed by. */
function sourceOf(inFile: TextColumn): TextColumn {
  if (typeof inFile !== 'object' || !('of' in inFile) || inFile.hasFewValues === true) return inFile;
  const [only, ...others] = inFile.of;
  return others.length === 0 ? only : inFile;
}

/** SQL of what is made of the column `text`. */
function madeText(inFile: TextColumn): string {
  if (typeof inFile !== 'object' || !('of' in inFile) || typeof sourceOf(inFile) !== 'string') return 'text';
  const column = (): string => 'text';
  const memberOf = (): never => {
    throw new Error('a column of texts has no maps');
  };
  return inFile.sql({ dialect: DUCK, columnOf: column, textOf: column, typeOf: () => 'VARCHAR', memberOf });
}

/** SQL of a text of all files over the text of their column. */
function madeOf({ files, columnsOf }: FileTexts, name: string): string {
  const [first] = files;
  const [inFile] = (first && columnsOf(first).find((column) => column[1] === name)) ?? [];
  return madeText(inFile);
}

/** True for a column of texts of a Parquet file, for a constant, and for a column that the file does not have. */
function isText([inFile, , kind]: TextColumns[number], { types }: UsageFile): boolean {
  if (kind !== undefined && kind !== 'id' && !isReadWhere(kind)) return false;
  const source = sourceOf(inFile);
  if (typeof source === 'string') return types?.get(source) === 'VARCHAR';
  return source === undefined || 'text' in source;
}

function columnOf({ table, files, columnsOf }: FileTexts, name: string): FileTexts {
  return {
    ...{ table, files, summed: 'texts' },
    columnsOf: (file) =>
      columnsOf(file).flatMap(([inFile, as]): TextColumns =>
        as === name ? [[sourceOf(inFile), 'text']] : [],
      ),
  };
}

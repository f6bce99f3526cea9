import { AMOUNT_SUM_COLUMNS, amountSums, noSums, type OtherSums } from './amount-sums';
import { textLiteral } from './dialect';
import type { ColumnTypes } from './relation';
import { groupBy } from '../base/group';
import { mergedSteps, selectSteps, type Steps } from './steps';
import {
  type CodeBits,
  type ColumnAccess,
  isCoded,
  isNested,
  isReadWhere,
  textColumn,
  type TextColumns,
} from './text-columns';

/**
 * Returns a SELECT of a file's columns as texts, one row for all lines that have the same texts: amounts are summed, and a
 * further column `lines` counts the lines, unless only texts are needed. Lines are grouped by the columns as they are in the
 * file, before texts are made of them: a bill has a hundred lines for each such group.
 *
 * @param from SQL of the file as a relation
 * @param which the lines that are summed
 */
export function summedTexts(
  columns: TextColumns,
  access: ColumnAccess,
  from: string,
  which: SummedLines,
): string {
  const parts = [
    ...columns.filter(([, , kind]) => !isCoded(kind)).map((column) => summedColumn(column, access)),
    ...codeWords(columns, access),
  ];
  const keys = [...new Set(parts.flatMap((part) => part.keys))];
  const made = parts.map((part) => (which !== 'others' && part.others ? { ofLine: part.ofLine } : part));
  const { ofLine, steps } = mergedSteps([...made, { ofLine: ['1 AS one'] }]);
  const isPlain = parts.flatMap(({ others }) => others?.isPlain ?? []).join(' AND ');
  const sums = parts.flatMap((part) => sumsOfLines(part, which));
  if (which === 'plain') {
    sums.push(`${isPlain === '' ? 'true' : `bool_and(${isPlain})`} AS ${IS_PLAIN}`, 'COUNT(*) AS lines');
  }
  if (which === 'others') sums.push('CAST(0 AS BIGINT) AS lines');
  return `
SELECT ${sums.join(', ')}
FROM (${selectSteps({ ofLine: [...new Set(ofLine)], steps }, from)}) line
${which === 'others' ? `WHERE NOT (${isPlain === '' ? 'true' : isPlain})` : ''}
${keys.length === 0 ? 'HAVING COUNT(*) > 0' : `GROUP BY ${keys.join(', ')}`}`;
}

/**
 * What is summed: nothing, where only the different texts are needed; the amounts of few digits, where a further column
 * `is_plain` is true if there are no others; or the other amounts, where no line is counted.
 */
export type SummedLines = 'texts' | 'plain' | 'others';

/** Name of the column that is true where all amounts of a sum have few digits. */
export const IS_PLAIN = 'is_plain';

function sumsOfLines({ others, list, none = list }: SummedColumn, which: SummedLines): readonly string[] {
  return which === 'others' ? (others?.sums ?? none) : list;
}

/** Type of the hashes of texts, and of the words that have codes. */
export const CODE_TYPE = 'UBIGINT';

/** SQL of the hash of a text in DuckDB, also of NULL: it is made once for each entry of a dictionary of Parquet. */
export function hashOfText(text: string): string {
  return `hash(CAST(${text} AS VARCHAR))`;
}

/** SQL of the bits of a hash that are a text's code in its word. */
export function codeInWord(hash: string, { shift, mask }: Pick<CodeBits, 'shift' | 'mask'>): string {
  return mask === WHOLE_WORD ? hash : `(${hash} >> ${String(shift)}) & CAST(${mask} AS ${CODE_TYPE})`;
}

/** The mask of a code that is the whole hash. */
export const WHOLE_WORD = String(2n ** 64n - 1n);

/** The words of the columns that have codes. */
function codeWords(columns: TextColumns, access: ColumnAccess): SummedColumn[] {
  const coded = columns.flatMap((column) => {
    const [inFile, , kind] = column;
    if (!isCoded(kind)) return [];
    const text =
      constantText(column, access) ?? (typeof inFile === 'string' ? access.columnOf(inFile) : 'NULL');
    return [{ word: kind.word, sql: codeInWord(hashOfText(text), kind) }];
  });
  return [...groupBy(coded, ({ word }) => word)].map(([word, codes]) => ({
    ofLine: [`${allBits(codes.map(({ sql }) => sql))} AS ${word}`],
    keys: [word],
    list: [word],
  }));
}

/** SQL of numbers that have no bit in common as one number. */
function allBits(codes: readonly string[]): string {
  const [only = '0'] = codes;
  if (codes.length <= 1) return only;
  const middle = Math.ceil(codes.length / 2);
  return `(${allBits(codes.slice(0, middle))}) | (${allBits(codes.slice(middle))})`;
}

/** Columns of {@link summedTexts}. */
export function summedColumns(columns: TextColumns): ColumnTypes {
  const types = columns.flatMap(([, name, kind]): (readonly [string, string])[] =>
    kind === 'amount' || kind === 'number'
      ? Object.entries(AMOUNT_SUM_COLUMNS).map(([end, type]) => [`${name}${end}`, type] as const)
      : [isCoded(kind) ? ([kind.word, CODE_TYPE] as const) : ([name, 'VARCHAR'] as const)],
  );
  return { ...Object.fromEntries(types), lines: 'BIGINT' };
}

/** What a column needs in {@link summedTexts}. */
interface SummedColumn extends Steps {
  /** Those of them that lines are grouped by. */
  readonly keys: readonly string[];
  /** Columns of the result. */
  readonly list: readonly string[];
  readonly others?: OtherSums | undefined;
  /** The columns of a sum of no line. @default - `list` */
  readonly none?: readonly string[];
}

/** Amounts from here on are not among those of few digits. */
const LARGE = 1000;

function summedColumn(column: TextColumns[number], access: ColumnAccess): SummedColumn {
  const { columnOf, typeOf, largestOf, dialect } = access;
  const [inFile, name, kind] = column;
  if (typeof inFile === 'string' && (kind === 'amount' || kind === 'number')) {
    const areLarge = dialect.unitSum === 'HUGEINT' && (largestOf?.(inFile) ?? 0) >= LARGE;
    const options = { type: typeOf(inFile), isNullBlank: kind === 'amount', dialect, areLarge };
    const { sums, ...amount } = amountSums(columnOf(inFile), name, options);
    return { ...amount, keys: [], list: sums, none: noSums(name, dialect) };
  }
  if (kind === 'first' || kind === 'last') return extreme(column, access);
  const constant = constantText(column, access);
  if (constant !== undefined)
    return { ofLine: [], keys: [], list: [`CAST(${constant} AS VARCHAR) AS ${name}`] };
  const list = [textColumn(column, access)];
  const raw = rawColumns(column, access)?.map(columnOf);
  if (raw !== undefined) return { ofLine: raw, keys: raw, list };
  return inFile === undefined ? { ofLine: [], keys: [], list } : { ofLine: list, keys: [name], list: [name] };
}

/** The smallest or the largest value, as a text. */
function extreme([inFile, name, kind]: TextColumns[number], access: ColumnAccess): SummedColumn {
  if (inFile === undefined) return { ofLine: [], keys: [], list: [`CAST(NULL AS VARCHAR) AS ${name}`] };
  const columns = typeof inFile === 'string' ? [inFile] : 'of' in inFile ? inFile.of : [];
  const value =
    typeof inFile === 'string' ? access.columnOf(inFile) : 'of' in inFile ? inFile.sql(access) : 'NULL';
  const list = [`CAST(${kind === 'first' ? 'min' : 'max'}(${value}) AS VARCHAR) AS ${name}`];
  return { ofLine: columns.map(access.columnOf), keys: [], list };
}

/** SQL of a text that is the same in all lines of a file; undefined for another, and for a column that the file does not have. */
export function constantText(
  [inFile, , kind]: TextColumns[number],
  { constantOf, path }: ColumnAccess,
): string | undefined {
  if (typeof inFile === 'string') {
    const constant = isReadWhere(kind) ? undefined : constantOf?.(inFile);
    return constant && (constant.text === undefined ? 'NULL' : textLiteral(constant.text));
  }
  if (inFile === undefined || 'of' in inFile) return undefined;
  return 'text' in inFile ? textLiteral(inFile.text) : path && textLiteral(path);
}

/** The columns of a file that a text is made of, if lines are to be grouped by them; undefined where by the text itself. */
function rawColumns(
  [inFile, , kind]: TextColumns[number],
  { typeOf }: ColumnAccess,
): readonly string[] | undefined {
  if (isReadWhere(kind) || inFile === undefined) return undefined;
  if (typeof inFile === 'string') return isNested(typeOf(inFile)) ? undefined : [inFile];
  if (!('of' in inFile) || inFile.hasFewValues === true) return undefined;
  return inFile.of.some((each) => isNested(typeOf(each))) ? undefined : inFile.of;
}

import { defined } from '../base/defined';
import { amountNames, amountSteps } from './amount-columns';
import { type SqlDialect, textLiteral } from './dialect';
import { SHORT } from './exact-decimals';
import { mergedSteps, selectSteps, type Steps } from './steps';

/** SQL of the columns of a file, in one engine. */
export interface ColumnAccess {
  readonly dialect: SqlDialect;
  /** SQL of a column with the type that it has in the file. */
  readonly columnOf: (inFile: string) => string;
  /** SQL of a column as a text; maps and structures as JSON. */
  readonly textOf: (inFile: string) => string;
  /** DuckDB type of a column of a file that has types. */
  readonly typeOf: (inFile: string) => string | undefined;
  /** SQL of what a column of maps has under a key. */
  readonly memberOf: (inFile: string, key: string) => string;
  /** The text that a column of texts has in every line; undefined where that is not known. @default - none is known */
  readonly constantOf?: (inFile: string) => Constant | undefined;
  /** A size that no double of a column exceeds; undefined where that is not known. @default - none is known */
  readonly largestOf?: (inFile: string) => number | undefined;
  /** Path of the file, where the relation is of a single one. @default - the dialect's path of each line */
  readonly path?: string;
}

/** A text that all lines of a file have in a column; undefined for NULL. */
export interface Constant {
  readonly text: string | undefined;
}

/** The amount of a column that the file does not have. */
const NO_AMOUNT = `CAST(NULL AS ${SHORT})`;

/**
 * Returns a SELECT of a file's columns as texts under our names.
 *
 * @param from SQL of the file as a relation
 * @param line SQL of a further column `line`. @default - no such column
 */
export function selectTexts(columns: TextColumns, access: ColumnAccess, from: string, line?: string): string {
  const lines = line === undefined ? [] : [`${line} AS line`];
  const all = mergedSteps([...columns.map((column) => stepsOf(column, access)), { ofLine: lines }]);
  if (all.steps.length === 0) return selectSteps(all, from);
  const names = columns.flatMap(([inFile, name, kind]) =>
    isAmount(inFile, kind) ? amountNames(name) : [name],
  );
  if (line !== undefined) names.push('line');
  return `SELECT ${names.join(', ')} FROM (${selectSteps(all, from)}) texts`;
}

function isAmount(inFile: TextColumn, kind: TextColumns[number][2]): boolean {
  return kind === 'amount'
    ? inFile === undefined || typeof inFile === 'string'
    : kind === 'number' && typeof inFile === 'string';
}

function stepsOf(column: TextColumns[number], access: ColumnAccess): Steps {
  const { columnOf, typeOf, dialect } = access;
  const [inFile, name, kind] = column;
  if (!isAmount(inFile, kind)) return { ofLine: [textColumn(column, access)] };
  if (typeof inFile !== 'string') return amountSteps(NO_AMOUNT, name, { type: SHORT });
  const type = typeOf(inFile);
  return amountSteps(columnOf(inFile), name, { type, isNullBlank: kind === 'amount', dialect });
}

/** Returns SQL of a column that is not an amount, as a text under our name. */
export function textColumn([inFile, name, kind]: TextColumns[number], access: ColumnAccess): string {
  const { columnOf, textOf, typeOf } = access;
  if (typeof inFile !== 'string') return `CAST(${madeText(inFile, access)} AS VARCHAR) AS ${name}`;
  if (kind === 'id' && typeOf(inFile) === 'DOUBLE') return `${digitsOf(columnOf(inFile))} AS ${name}`;
  if (isReadWhere(kind)) return `CASE WHEN ${isRead(kind, textOf)} THEN ${textOf(inFile)} END AS ${name}`;
  return `${kind === 'raw' ? columnOf(inFile) : textOf(inFile)} AS ${name}`;
}

function isRead({ whereAny }: ReadWhere, textOf: ColumnAccess['textOf']): string {
  const conditions = whereAny.map(
    ([column, values]) => `coalesce(${textOf(column)}, '') IN (${values.map(textLiteral).join(', ')})`,
  );
  return conditions.join(' OR ');
}

/** CSV columns are selected by position, so that no name of a header reaches the SQL. */
export function csvAccess({ file, header = [] }: UsageFile, dialect: SqlDialect): ColumnAccess {
  const columnOf = (inFile: string): string => {
    const position = header.indexOf(inFile);
    if (position < 0) throw new Error(`${file} has no column ${inFile}`);
    return csvColumn(position);
  };
  const memberOf = (inFile: string): never => {
    throw new Error(`${file} has no maps; ${inFile} is a column of texts`);
  };
  return { dialect, columnOf, textOf: columnOf, typeOf: () => undefined, memberOf };
}

/** Name in SQL of the column at a position of a CSV file. */
export function csvColumn(position: number): string {
  return `c${String(position)}`;
}

/** True for a DuckDB type whose values are texts only as JSON. */
export function isNested(type: string | undefined): boolean {
  return type !== undefined && /^(?:MAP|STRUCT)\b|\[\d*\]$/.test(type);
}

/** A whole number as its digits: as a text it would have a decimal point. */
function digitsOf(double: string): string {
  return `CASE WHEN ${double} = floor(${double}) AND abs(${double}) < 1e15 THEN CAST(CAST(${double} AS BIGINT) AS VARCHAR) ELSE CAST(${double} AS VARCHAR) END`;
}

function madeText(column: Exclude<TextColumn, string>, access: ColumnAccess): string {
  if (column === undefined) return 'NULL';
  if ('isPath' in column) return access.dialect.filePath;
  return 'of' in column ? column.sql(access) : textLiteral(column.text);
}

/** One usage file. */
export interface UsageFile {
  /** Key below the inputs' root, for messages. */
  readonly file: string;
  /** On the local disk; the object's URI for a file that is read by Athena. */
  readonly path: string;
  /** Header of a CSV file; undefined for Parquet. */
  readonly header?: readonly string[];
  /** DuckDB types by column of a Parquet file. */
  readonly types?: ReadonlyMap<string, string>;
  /** Records that the scan of the file's bytes found. */
  readonly records?: number;
  /** Columns of texts that are the same in all lines, by the statistics of a Parquet file. */
  readonly constants?: ReadonlyMap<string, Constant>;
  /** Two times between which all of a column of times are, as texts, by the statistics of a Parquet file. */
  readonly times?: ReadonlyMap<string, { readonly first: string; readonly last: string }>;
  /** A size that no double of a column exceeds, by the statistics of a Parquet file. */
  readonly largest?: ReadonlyMap<string, number>;
}

/** Replaced by the path of the file that a line was read from. */
export const PATH_OF_LINE = { isPath: true } as const;

/** A text that is made of some columns of a file. */
export interface MadeText {
  readonly of: readonly string[];
  /** True where the text has far fewer values than the columns. @default - false */
  readonly hasFewValues?: boolean;
  readonly sql: (access: ColumnAccess) => string;
}

/**
 * A column of a file; undefined for a column that the file does not have; a constant text; the file's path; or a text that
 * is made of columns.
 */
export type TextColumn = string | undefined | { readonly text: string } | typeof PATH_OF_LINE | MadeText;

/**
 * Columns of a relation of texts: the column of the file and its name in the relation. An amount or a number has further
 * columns for its decimals, and the text NULL counts as a blank amount; a raw column keeps its type. Of lines that are summed,
 * the smallest value of a `first` column is returned, the largest of a `last` one, and in place of the texts of a column with
 * {@link CodeBits} the word that has their codes.
 */
export type TextColumns = readonly (readonly [
  inFile: TextColumn,
  name: string,
  kind?: 'amount' | 'number' | 'id' | 'raw' | 'first' | 'last' | CodeBits | ReadWhere,
])[];

/**
 * Where a text's code is in a word, a number of 64 bits that has the codes of several columns: the bits of the mask, of the
 * text's hash when it is shifted to the right.
 */
export interface CodeBits {
  /** Name of the word in the relation. */
  readonly word: string;
  readonly shift: number;
  /** In digits. */
  readonly mask: string;
}

/**
 * A column that is read only in lines in which another column has one of some values, '' for null. Making texts of maps
 * takes longer than all the rest of a line.
 */
export interface ReadWhere {
  /** At least one. */
  readonly whereAny: readonly (readonly [column: string, values: readonly string[]])[];
}

/** True for the kind of a column that is read only in some lines. */
export function isReadWhere(kind: TextColumns[number][2]): kind is ReadWhere {
  return typeof kind === 'object' && 'whereAny' in kind;
}

/** True for the kind of a column whose texts have codes. */
export function isCoded(kind: TextColumns[number][2]): kind is CodeBits {
  return typeof kind === 'object' && 'word' in kind;
}

/** Returns a file whose columns have the names that we know them by: databases write names in capitals or small letters. */
export function withKnownNames<File extends UsageFile>(file: File, nameOf: (column: string) => string): File {
  const present = columnNames(file);
  const known = (column: string): string => (present.has(nameOf(column)) ? column : nameOf(column));
  const { header, types, constants, times, largest } = file;
  const renamed = <T>(map: ReadonlyMap<string, T> | undefined) =>
    map && new Map([...map].map(([column, value]) => [known(column), value]));
  return {
    ...file,
    ...defined({
      header: header?.map(known),
      types: renamed(types),
      constants: renamed(constants),
      times: renamed(times),
      largest: renamed(largest),
    }),
  };
}

/** Names of a file's columns. */
export function columnNames({ header, types }: UsageFile): ReadonlySet<string> {
  return new Set(header ?? types?.keys() ?? []);
}

import type { SqlParameters } from '../engine/duck-session';

/**
 * A relation of usage lines as SQL text with its parameters, columns usage_account_id, cluster_id, product_code,
 * usage_quantity and usage_revenue, all of them texts as they stand in the input.
 */
export interface UsageSource {
  readonly sql: string;
  readonly parameters: SqlParameters;
}

/** One usage file on the local disk. */
export interface UsageFile {
  /** Key below the inputs' root, for messages. */
  readonly file: string;
  readonly path: string;
  /** Header of a CSV file; undefined for Parquet. */
  readonly header?: readonly string[];
}

/**
 * The select list and the source of some columns of a file, as texts. CSV columns are picked by position, so that no
 * name from a header reaches the SQL; a path is always a parameter.
 *
 * @param columns pairs of a column in the file and its name in the relation
 * @param placeholder the path's parameter, e.g. `$1`
 */
export function columnsOfFile(
  { file, header }: UsageFile,
  columns: readonly (readonly [inFile: string, name: string])[],
  placeholder: string,
): { readonly list: string; readonly from: string } {
  if (header === undefined) {
    const list = columns.map(([inFile, name]) => `CAST("${inFile}" AS VARCHAR) AS ${name}`);
    return { list: list.join(', '), from: `read_parquet(${placeholder}, file_row_number = true)` };
  }
  const list = columns.map(([inFile, name]) => {
    const position = header.indexOf(inFile);
    if (position < 0) throw new Error(`${file} has no column ${inFile}`);
    return `c${String(position)} AS ${name}`;
  });
  const types = header.map((_, position) => `'c${String(position)}': 'VARCHAR'`);
  return {
    list: list.join(', '),
    from: `read_csv(${placeholder}, columns = {${types.join(', ')}}, auto_detect = false, header = true, delim = ',', quote = '"', escape = '"')`,
  };
}

/** All lines of some files as one relation. */
export function unionOfFiles(
  files: readonly UsageFile[],
  columns: readonly (readonly [inFile: string, name: string])[],
): UsageSource {
  const selects = files.map((file, index) => {
    const { list, from } = columnsOfFile(file, columns, `$${String(index + 1)}`);
    return `SELECT ${list} FROM ${from}`;
  });
  return { sql: selects.join('\nUNION ALL\n'), parameters: files.map(({ path }) => path) };
}

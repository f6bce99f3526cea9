/** SQL types by column, as DuckDB names them. */
export type ColumnTypes = Readonly<Record<string, string>>;

/**
 * Rows that a session holds, as a value: a step returns one and the next step takes it. Only {@link DuckSession} creates
 * relations, and it checks that the table has these columns.
 */
export interface Relation<Columns extends ColumnTypes = ColumnTypes> {
  /** Name of the temporary table that holds the rows. The session makes it up, and it is unique in the session. */
  readonly table: string;
  readonly columns: Columns;
}

/** Types of columns whose values come from JavaScript. */
export type SmallType = 'BIGINT' | 'INTEGER' | 'DOUBLE' | 'BOOLEAN' | 'VARCHAR';

/** A value of a {@link SmallTable}. */
export type SmallValue = string | number | bigint | boolean;

/** Rows of JavaScript that become a {@link Relation}. */
export interface SmallTable<
  Columns extends Readonly<Record<string, SmallType>> = Readonly<Record<string, SmallType>>,
> {
  readonly columns: Columns;
  /** Values in the order of the columns. */
  readonly rows: Iterable<readonly SmallValue[]>;
}

/** A SELECT that returns these columns and no rows. */
export function noRows(columns: ColumnTypes): string {
  const nulls = Object.entries(columns).map(([name, type]) => `CAST(NULL AS ${type}) AS ${name}`);
  return `SELECT ${nulls.join(', ')} WHERE false`;
}

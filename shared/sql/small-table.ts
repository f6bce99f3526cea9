/** Types of a {@link SmallTable}'s columns, as DuckDB names them; Trino has the same. */
export type SmallType = 'BIGINT' | 'INTEGER' | 'DOUBLE' | 'BOOLEAN' | 'VARCHAR';

/** A table of the calculation's own that statements refer to by its name. */
export interface SmallTable {
  readonly name: string;
  readonly columns: readonly (readonly [name: string, type: SmallType])[];
  readonly rows: Iterable<readonly (string | number | bigint | boolean)[]>;
}

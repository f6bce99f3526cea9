/** Types of columns, by their names in Glue and Hive. */
export type CatalogType = 'string' | 'double' | 'timestamp' | 'boolean' | 'int' | 'bigint';

/** A column of a table or view. */
export interface CatalogColumn {
  readonly name: string;
  readonly type: CatalogType;
  readonly comment?: string;
}

/** The type in DuckDB. */
export const DUCK_TYPES: Readonly<Record<CatalogType, string>> = {
  string: 'VARCHAR',
  double: 'DOUBLE',
  timestamp: 'TIMESTAMP',
  boolean: 'BOOLEAN',
  int: 'INTEGER',
  bigint: 'BIGINT',
};

/** The type in Trino, which the stored definition of a view uses. */
export const TRINO_TYPES: Readonly<Record<CatalogType, string>> = {
  string: 'varchar',
  double: 'double',
  timestamp: 'timestamp(3)',
  boolean: 'boolean',
  int: 'integer',
  bigint: 'bigint',
};

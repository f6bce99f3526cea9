/** Types of the columns of tables and views, as Glue and Hive's DDL name them. */
export type CatalogType = 'string' | 'double' | 'timestamp' | 'boolean' | 'int' | 'bigint';

/** A column of a table or view. */
export interface CatalogColumn {
  readonly name: string;
  readonly type: CatalogType;
  readonly comment?: string;
}

/** A catalog type in DuckDB. */
export const DUCK_TYPES: Readonly<Record<CatalogType, string>> = {
  string: 'VARCHAR',
  double: 'DOUBLE',
  timestamp: 'TIMESTAMP',
  boolean: 'BOOLEAN',
  int: 'INTEGER',
  bigint: 'BIGINT',
};

/** A catalog type in Trino, which is what views are written down with. */
export const TRINO_TYPES: Readonly<Record<CatalogType, string>> = {
  string: 'varchar',
  double: 'double',
  timestamp: 'timestamp(3)',
  boolean: 'boolean',
  int: 'integer',
  bigint: 'bigint',
};

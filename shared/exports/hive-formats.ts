import type { ExportFormat } from './layout';

/** How Hive, and so Athena, reads and writes a file format. */
export interface StorageFormat {
  readonly input: string;
  readonly output: string;
  readonly serde: string;
  /** Parameters of the serializer. */
  readonly parameters: Readonly<Record<string, string>>;
}

/**
 * A character that no line contains: these CSV files have no escape character, and a backslash is an ordinary character.
 * With the quotation mark as escape character, the serializer would use the backslash.
 */
const NO_ESCAPE = '\n';

/** Hive's classes by file format. */
export const STORAGE_FORMATS: Readonly<Record<ExportFormat, StorageFormat>> = {
  parquet: {
    input: 'org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat',
    output: 'org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat',
    serde: 'org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe',
    parameters: { 'serialization.format': '1' },
  },
  csv: {
    input: 'org.apache.hadoop.mapred.TextInputFormat',
    output: 'org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat',
    serde: 'org.apache.hadoop.hive.serde2.OpenCSVSerde',
    parameters: { separatorChar: ',', quoteChar: '"', escapeChar: NO_ESCAPE },
  },
};

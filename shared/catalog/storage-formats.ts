import type { ExportFormat } from '../exports/layout';

/** How Hive, and so Athena, reads and writes a file format. */
export interface StorageFormat {
  readonly input: string;
  readonly output: string;
  readonly serde: string;
}

/** Hive's classes by file format. */
export const STORAGE_FORMATS: Readonly<Record<ExportFormat, StorageFormat>> = {
  parquet: {
    input: 'org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat',
    output: 'org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat',
    serde: 'org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe',
  },
  csv: {
    input: 'org.apache.hadoop.mapred.TextInputFormat',
    output: 'org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat',
    serde: 'org.apache.hadoop.hive.serde2.OpenCSVSerde',
  },
};

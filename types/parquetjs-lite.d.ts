/** The part of parquetjs-lite 0.8 that is used here; the package ships no types. */
declare module 'parquetjs-lite' {
  export type ParquetFieldType = 'UTF8' | 'TIMESTAMP_MILLIS';

  export interface ParquetField {
    readonly type: ParquetFieldType;
    readonly optional?: boolean;
    readonly compression?: 'UNCOMPRESSED' | 'SNAPPY' | 'GZIP';
  }

  // eslint-disable-next-line @typescript-eslint/no-extraneous-class -- its members are of no use here
  export class ParquetSchema {
    constructor(fields: Readonly<Record<string, ParquetField>>);
  }

  export class ParquetWriter {
    static openFile(schema: ParquetSchema, path: string): Promise<ParquetWriter>;
    appendRow(row: Readonly<Record<string, string | Date>>): Promise<void>;
    close(): Promise<void>;
  }
}

import { CsvFormatError } from '../../estate/csv-file';

const MAGIC = Buffer.from('PAR1');
/** The length of the metadata, and the magic bytes, at a file's end. */
const TAIL_BYTES = 8;
/** Metadata grow with row groups and columns: 100 MB suffice for tens of thousands of row groups. */
const MOST_BYTES = 100 << 20;

/**
 * Keeps the end of a Parquet file whose bytes are received in pieces. The end contains columns, types and the number of rows.
 * It keeps as many pieces as the longest metadata may need.
 */
export class ParquetFooter {
  private readonly kept: Buffer[] = [];
  private keptBytes = 0;
  private first: Buffer = Buffer.alloc(0);

  take(chunk: Buffer): void {
    if (this.first.length < MAGIC.length)
      this.first = Buffer.concat([this.first, chunk.subarray(0, MAGIC.length)]);
    this.kept.push(chunk);
    this.keptBytes += chunk.length;
    for (;;) {
      const [oldest] = this.kept;
      if (oldest === undefined || this.keptBytes - oldest.length < MOST_BYTES) return;
      this.kept.shift();
      this.keptBytes -= oldest.length;
    }
  }

  /**
   * Returns a Parquet file with the metadata alone, from which columns, types and the number of rows are read.
   *
   * @throws CsvFormatError when the bytes are not a complete Parquet file
   */
  asFile(): Buffer {
    const end = Buffer.concat(this.kept);
    const isParquet =
      end.subarray(-MAGIC.length).equals(MAGIC) && this.first.subarray(0, MAGIC.length).equals(MAGIC);
    if (!isParquet || end.length < TAIL_BYTES) throw damaged('its magic bytes are missing');
    const metadataBytes = end.readUInt32LE(end.length - TAIL_BYTES);
    const from = end.length - TAIL_BYTES - metadataBytes;
    if (from < 0) throw damaged(`${String(metadataBytes)} bytes of metadata are declared`);
    return Buffer.concat([MAGIC, end.subarray(from)]);
  }
}

function damaged(reason: string): CsvFormatError {
  return new CsvFormatError(`a whole Parquet file; it is truncated or damaged (${reason})`);
}

const NUL = 0x00;
const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;
const QUOTE = 0x22;
const COMMA = 0x2c;

/** Why a file cannot be read, and the record, counted from 1 below the header; no record for the header. */
export interface RecordProblem {
  readonly expected: string;
  readonly row: number | undefined;
}

/** DuckDB passes over longer records without an error where they are the last of a file. */
const LONGEST_RECORD = 2_000_000;

/**
 * Counts the records of a CSV file in its bytes by the rules of RFC 4180. The count is compared with the number of records
 * that an engine reads. A record ends with CRLF, LF or CR outside quotes; blank lines are not records.
 */
export class RecordScan {
  /** Records that have ended, the header included. */
  private ended = 0;
  private recordBytes = 0;
  private isQuoted = false;
  /** True where a quote opens a quoted field: at the start of a field, and after a quote within quotes. */
  private mayOpen = true;

  /** Takes the next bytes of the file. Returns the first NUL byte or the first record that is too long. */
  take(chunk: Buffer): RecordProblem | undefined {
    const nul = chunk.indexOf(NUL);
    const end = nul < 0 ? chunk.length : nul;
    for (let at = 0; at < end; at += 1) {
      const byte = chunk[at] ?? NUL;
      this.recordBytes += 1;
      if (byte === QUOTE) {
        if (this.isQuoted) this.isQuoted = false;
        else this.isQuoted = this.mayOpen;
        this.mayOpen = !this.isQuoted;
      } else if (!this.isQuoted) {
        if (byte === LINE_FEED || byte === CARRIAGE_RETURN) this.endRecord();
        else this.mayOpen = byte === COMMA;
      }
      if (this.recordBytes > LONGEST_RECORD) {
        return { expected: 'a record of at most 2 MB; found a longer one', row: this.row() };
      }
    }
    return nul < 0 ? undefined : { expected: 'text in UTF-8; found a NUL byte', row: this.row() };
  }

  /** Records below the header, after the last byte was taken. */
  records(): number {
    return Math.max(0, this.ended + (this.recordBytes > 0 ? 1 : 0) - 1);
  }

  private endRecord(): void {
    // A line break alone is a blank line, or the second byte of CRLF.
    if (this.recordBytes > 1) this.ended += 1;
    this.recordBytes = 0;
    this.mayOpen = true;
  }

  /** The present record, counted from 1 below the header; undefined within the header. */
  private row(): number | undefined {
    return this.ended === 0 ? undefined : this.ended;
  }
}

const QUOTE = 0x22;
const LINE_FEED = 0x0a;
/** Ends a line too, for readers of Hive. */
const CARRIAGE_RETURN = 0x0d;

/**
 * Finds line breaks inside quotes in the bytes of a CSV file: Athena reads every line as a separate record. Within quotes a
 * quote is written twice, so an odd number of quotes means that one is open.
 */
export class QuotedLineBreaks {
  private isOpen = false;
  /** True once a line break inside quotes was found. */
  found = false;

  /** Takes the next bytes of the file. */
  take(chunk: Buffer): void {
    let from = 0;
    while (!this.found) {
      const quote = chunk.indexOf(QUOTE, from);
      const end = quote < 0 ? chunk.length : quote;
      if (this.isOpen) {
        const inside = chunk.subarray(from, end);
        this.found = inside.includes(LINE_FEED) || inside.includes(CARRIAGE_RETURN);
      }
      if (quote < 0) return;
      this.isOpen = !this.isOpen;
      from = quote + 1;
    }
  }
}

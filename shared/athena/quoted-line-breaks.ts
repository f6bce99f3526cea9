const QUOTE = 0x22;
const LINE_FEED = 0x0a;

/**
 * Looks for line breaks inside quotes in the bytes of a CSV file: Athena takes every line for a record of its own. Within
 * quotes a quote is written twice, so that an odd number of quotes means that one is open.
 */
export class QuotedLineBreaks {
  private isOpen = false;
  /** True once there was one. */
  found = false;

  /** Takes the next bytes of the file. */
  take(chunk: Buffer): void {
    let from = 0;
    while (!this.found) {
      const quote = chunk.indexOf(QUOTE, from);
      const end = quote < 0 ? chunk.length : quote;
      if (this.isOpen) {
        const lineFeed = chunk.subarray(from, end).indexOf(LINE_FEED);
        this.found = lineFeed >= 0;
      }
      if (quote < 0) return;
      this.isOpen = !this.isOpen;
      from = quote + 1;
    }
  }
}

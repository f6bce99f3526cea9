import { styleText } from 'node:util';
import stringWidth from 'fast-string-width';

/** A column of a table in the terminal. */
export interface TextColumn<Row> {
  readonly title: string;
  readonly align?: 'left' | 'right';
  readonly value: (row: Row) => string;
}

/*
 * The layout is written here: maintained table packages need 30 to 1,000 times as long for the result of a query (50,000
 * rows: 1.6 to 84 seconds). fast-string-width returns the width of a text in terminal columns.
 */

/** Returns rows as columns of equal width, two spaces apart, below a header and a line. Titles align as their values. */
export function textTable<Row>(columns: readonly TextColumn<Row>[], rows: readonly Row[]): string {
  const cells = [
    columns.map(({ title }) => title),
    ...rows.map((row) => columns.map(({ value }) => printable(value(row)))),
  ];
  const widths = columns.map((_, index) =>
    cells.reduce((widest, line) => Math.max(widest, stringWidth(line[index] ?? '')), 0),
  );
  const lines = cells.map((line) =>
    line
      .map((cell, index) => {
        const blanks = ' '.repeat((widths[index] ?? 0) - stringWidth(cell));
        return columns[index]?.align === 'right' ? blanks + cell : cell + blanks;
      })
      .join('  ')
      .trimEnd(),
  );
  const rule = widths.map((width) => '-'.repeat(width)).join('  ');
  return [lines[0], rule, ...lines.slice(1)].join('\n');
}

// eslint-disable-next-line no-control-regex -- colours that this program sets stay; no other control character does
const CONTROL = /(\u001b\[\d{1,2}m)|[\u0000-\u001f\u007f-\u009f]/g;

/** A text without control characters: an account name must not move the cursor or hide what is printed. */
function printable(text: string): string {
  return text.replace(CONTROL, (_, colour: string | undefined) => colour ?? '\ufffd');
}

/** Returns a number with thousands separators and a fixed number of decimals, the same in every locale. */
export function formatNumber(value: number, decimals = 0): string {
  return value.toLocaleString('en-US', { minimumFractionDigits: decimals, maximumFractionDigits: decimals });
}

/** Returns the text in a colour where the stream is a terminal that shows colours and NO_COLOR is not set. */
export function coloured(
  colour: 'green' | 'red' | 'yellow',
  text: string,
  stream: NodeJS.WritableStream = process.stdout,
): string {
  return styleText(colour, text, { stream });
}

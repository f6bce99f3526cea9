import { styleText } from 'node:util';
import stringWidth from 'fast-string-width';

/** A column of a table in the terminal. */
export interface TextColumn<Row> {
  readonly title: string;
  readonly align?: 'left' | 'right';
  /** Left out where the terminal is too narrow; the highest number goes first. @default - the column is always shown */
  readonly leaveOut?: number;
  readonly value: (row: Row) => string;
}

/** Size of a terminal in characters; undefined for a pipe or a file, which hold everything. */
export interface Terminal {
  readonly columns: number;
  readonly rows: number;
}

/** Returns the size of the terminal that a stream writes to, or undefined where it is not a terminal. */
export function terminalOf(stream: NodeJS.WriteStream = process.stdout): Terminal | undefined {
  // The size of some terminals is 0: then nothing is known about it.
  if (!stream.isTTY || !(stream.columns > 0)) return undefined;
  return { columns: stream.columns, rows: stream.rows };
}

/*
 * The layout is written here: maintained table packages need 30 to 1,000 times as long for the result of a query (50,000
 * rows: 1.6 to 84 seconds). fast-string-width returns the width of a text in terminal columns.
 */

const GAP = '  ';

/** Narrowest a text column becomes. */
const LEAST_WIDTH = 10;

/** Returns rows as columns of equal width, two spaces apart, below a header and a line. Titles align as their values. */
export function textTable<Row>(columns: readonly TextColumn<Row>[], rows: readonly Row[]): string {
  const cells = cellsOf(columns, rows);
  return layout(columns, cells, widthsOf(columns, cells));
}

/**
 * Returns a table that fits the terminal: columns that may be left out are, and a line below names them; then texts are
 * cut. Without a terminal the table has everything.
 */
export function fittedTable<Row>(
  columns: readonly TextColumn<Row>[],
  rows: readonly Row[],
  terminal: Terminal | undefined = terminalOf(),
): string {
  if (terminal === undefined) return textTable(columns, rows);
  const shown = fittingColumns(columns, rows, terminal.columns);
  const cells = cellsOf(shown, rows);
  const widths = narrowed(shown, widthsOf(shown, cells), terminal.columns);
  const table = layout(shown, cells, widths);
  const left = columns.filter((column) => !shown.includes(column)).map(({ title }) => title);
  if (left.length === 0) return table;
  return `${table}\nLeft out for the width of the terminal: ${left.join(', ')}.`;
}

/** Returns the width of a table, characters. */
export function tableWidth(widths: readonly number[]): number {
  return widths.reduce((sum, width) => sum + width, 0) + GAP.length * (widths.length - 1);
}

/** Returns the width that each column needs. */
export function columnWidths<Row>(columns: readonly TextColumn<Row>[], rows: readonly Row[]): number[] {
  return widthsOf(columns, cellsOf(columns, rows));
}

function fittingColumns<Row>(
  columns: readonly TextColumn<Row>[],
  rows: readonly Row[],
  width: number,
): readonly TextColumn<Row>[] {
  const candidates = columns
    .filter(({ leaveOut }) => leaveOut !== undefined)
    .sort((a, b) => (b.leaveOut ?? 0) - (a.leaveOut ?? 0));
  let shown = columns;
  for (const candidate of candidates) {
    if (tableWidth(columnWidths(shown, rows)) <= width) break;
    shown = shown.filter((column) => column !== candidate);
  }
  return shown;
}

/** Returns widths that fit: the widest text column is cut first. Numbers are never cut. */
function narrowed<Row>(
  columns: readonly TextColumn<Row>[],
  widths: readonly number[],
  limit: number,
): number[] {
  const fitted = [...widths];
  for (let excess = tableWidth(fitted) - limit; excess > 0; excess = tableWidth(fitted) - limit) {
    const cut = columns
      .map((column, index) => ({ column, index, width: fitted[index] ?? 0 }))
      .filter(({ column, width }) => column.align !== 'right' && width > LEAST_WIDTH)
      .sort((a, b) => b.width - a.width);
    const [widest, next] = cut;
    if (widest === undefined) break;
    const least = Math.max(LEAST_WIDTH, Math.min(next?.width ?? 0, widest.width - 1));
    fitted[widest.index] = Math.max(least, widest.width - excess);
  }
  return fitted;
}

function cellsOf<Row>(columns: readonly TextColumn<Row>[], rows: readonly Row[]): string[][] {
  return [
    columns.map(({ title }) => title),
    ...rows.map((row) => columns.map(({ value }) => printable(value(row)))),
  ];
}

function widthsOf<Row>(columns: readonly TextColumn<Row>[], cells: readonly (readonly string[])[]): number[] {
  return columns.map((_, index) =>
    cells.reduce((widest, line) => Math.max(widest, stringWidth(line[index] ?? '')), 0),
  );
}

function layout<Row>(
  columns: readonly TextColumn<Row>[],
  cells: readonly (readonly string[])[],
  widths: readonly number[],
): string {
  const lines = cells.map((line) =>
    line
      .map((cell, index) => {
        const text = shortened(cell, widths[index] ?? 0);
        const blanks = ' '.repeat(Math.max(0, (widths[index] ?? 0) - stringWidth(text)));
        return columns[index]?.align === 'right' ? blanks + text : text + blanks;
      })
      .join(GAP)
      .trimEnd(),
  );
  const rule = widths.map((width) => '-'.repeat(width)).join(GAP);
  return [lines[0], rule, ...lines.slice(1)].join('\n');
}

/** Returns a text of at most this width; a cut text ends with an ellipsis and loses its colour. */
export function shortened(text: string, width: number): string {
  if (stringWidth(text) <= width) return text;
  let cut = '';
  for (const letter of text.replace(CONTROL, '')) {
    if (stringWidth(cut + letter) > width - 1) break;
    cut += letter;
  }
  return `${cut}…`;
}

// eslint-disable-next-line no-control-regex -- colours that this program sets stay; no other control character does
const CONTROL = /(\u001b\[\d{1,2}m)|[\u0000-\u001f\u007f-\u009f]/g;

/** A text without control characters: an account name must not move the cursor or hide what is printed. */
export function printable(text: string): string {
  return text.replace(CONTROL, (_, colour: string | undefined) => colour ?? '\ufffd');
}

/** Returns the text in a colour where the stream is a terminal that shows colours and NO_COLOR is not set. */
export function coloured(
  colour: 'green' | 'red' | 'yellow',
  text: string,
  stream: NodeJS.WritableStream = process.stdout,
): string {
  return styleText(colour, text, { stream });
}

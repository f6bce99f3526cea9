import { csvField, withoutFormula } from '../shared/base/csv-field';
import { numberText } from '../shared/base/people-number';
import type { SelectResult } from '../shared/sql/duck-session';
import {
  columnWidths,
  fittedTable,
  printable,
  tableWidth,
  type Terminal,
  type TextColumn,
  textTable,
} from './text-table';

/** Formats of a query's result. */
export const QUERY_FORMATS = ['table', 'csv', 'json'] as const;

/** One of the {@link QUERY_FORMATS}. */
export type QueryFormat = (typeof QUERY_FORMATS)[number];

type Cell = SelectResult['rows'][number][number];

const NUMERIC_TYPE = /^(U?(TINY|SMALL|BIG|HUGE)INT|U?INTEGER|FLOAT|DOUBLE|DECIMAL.*)$/;

/** Types whose values can have more digits than people compare. */
const FRACTION_TYPE = /^(FLOAT|DOUBLE|DECIMAL.*)$/;

/** What of a table is shown. */
export interface Shown {
  /** @default - not a terminal: everything is shown */
  readonly terminal?: Terminal | undefined;
  /** Number of rows, 0 for all. @default - as many as the terminal has lines */
  readonly limit?: number;
}

/** Lines of a terminal that are not rows: header, rule, number of rows, and the next prompt. */
const OTHER_LINES = 5;

/** Returns a query's result as a table for people with four significant digits, or as CSV (RFC 4180) or JSON at full precision for programs. */
export function formatResult(result: SelectResult, format: QueryFormat, shown: Shown = {}): string {
  if (format === 'csv') return asCsv(result);
  return format === 'json' ? asJson(result) : asTable(result, shown);
}

type Row = readonly Cell[];

function asTable({ columns, rows }: SelectResult, { terminal, limit }: Shown): string {
  const layout = columns.map(({ name, type }, index): TextColumn<Row> => ({
    title: name,
    align: NUMERIC_TYPE.test(type) ? 'right' : 'left',
    value: (row) => (FRACTION_TYPE.test(type) ? fractionText : cellText)(row[index] ?? null),
  }));
  if (terminal === undefined) {
    const shown = firstRows(rows, limit ?? 0);
    return `${textTable(layout, shown)}\n${countText(shown.length, rows.length)}`;
  }
  const lines = Math.max(1, terminal.rows - OTHER_LINES);
  const sideBySide = firstRows(rows, limit ?? lines);
  const isTable = leastWidth(layout, sideBySide) <= terminal.columns;
  // A record has a line per column and a blank one.
  const shown = isTable ? sideBySide : firstRows(rows, limit ?? Math.ceil(lines / (layout.length + 1)));
  const text = isTable ? fittedTable(layout, shown, terminal) : recordsText(layout, shown);
  return `${text}\n${countText(shown.length, rows.length)}`;
}

function firstRows(rows: readonly Row[], most: number): readonly Row[] {
  return most === 0 ? rows : rows.slice(0, most);
}

/** Returns the width of a table whose texts are cut as far as they can be read. */
function leastWidth(layout: readonly TextColumn<Row>[], rows: readonly Row[]): number {
  const widths = columnWidths(layout, rows).map((width, index) =>
    layout[index]?.align === 'right' ? width : Math.min(width, READABLE_WIDTH),
  );
  return tableWidth(widths);
}

/** Rows of more columns than fit side by side, each column on its own line. */
function recordsText(layout: readonly TextColumn<Row>[], rows: readonly Row[]): string {
  const width = Math.max(...layout.map(({ title }) => title.length));
  const record = (row: Row): string =>
    layout.map(({ title, value }) => `${title.padEnd(width)}  ${printable(value(row))}`.trimEnd()).join('\n');
  return rows.map(record).join('\n\n');
}

/** Texts that are cut below this width are hard to read. */
const READABLE_WIDTH = 16;

function countText(shown: number, all: number): string {
  const rows = all === 1 ? 'row' : 'rows';
  if (shown === all) return `(${String(all)} ${rows})`;
  return `(${String(shown)} of ${String(all)} ${rows}; --limit 0 shows all, --format csv writes all)`;
}

function asCsv({ columns, rows }: SelectResult): string {
  const lines = [
    columns.map(({ name }) => name),
    ...rows.map((row) =>
      row.map((cell, index) => {
        const field = cellText(cell);
        return NUMERIC_TYPE.test(columns[index]?.type ?? '') ? field : withoutFormula(field);
      }),
    ),
  ];
  return lines.map((line) => line.map(csvField).join(',')).join('\r\n');
}

function asJson({ columns, rows }: SelectResult): string {
  const objects = rows.map((row) =>
    Object.fromEntries(columns.map(({ name, type }, index) => [name, jsonCell(row[index] ?? null, type)])),
  );
  return JSON.stringify(objects, undefined, 2);
}

/** DuckDB returns 64-bit integers as texts; those that JavaScript can hold exactly become numbers again. */
function jsonCell(cell: Cell, type: string): Cell {
  if (typeof cell !== 'string' || !/INT/.test(type)) return cell;
  return Number.isSafeInteger(Number(cell)) ? Number(cell) : cell;
}

function fractionText(cell: Cell): string {
  return cell === null ? '' : numberText(Number(cell));
}

function cellText(cell: Cell): string {
  if (cell === null) return '';
  return typeof cell === 'object' ? JSON.stringify(cell) : String(cell);
}

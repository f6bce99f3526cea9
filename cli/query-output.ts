import { csvField } from '../shared/base/csv-field';
import type { SelectResult } from '../shared/sql/duck-session';
import { textTable } from './text-table';

/** Formats of a query's result. */
export const QUERY_FORMATS = ['table', 'csv', 'json'] as const;

/** One of the {@link QUERY_FORMATS}. */
export type QueryFormat = (typeof QUERY_FORMATS)[number];

type Cell = SelectResult['rows'][number][number];

const NUMERIC_TYPE = /^(U?(TINY|SMALL|BIG|HUGE)INT|U?INTEGER|FLOAT|DOUBLE|DECIMAL.*)$/;

/** Returns a query's result as a table for people, or as CSV (RFC 4180) or JSON at full precision for programs. */
export function formatResult(result: SelectResult, format: QueryFormat): string {
  const formats: Readonly<Record<QueryFormat, (result: SelectResult) => string>> = {
    table: asTable,
    csv: asCsv,
    json: asJson,
  };
  return formats[format](result);
}

function asTable({ columns, rows }: SelectResult): string {
  const layout = columns.map(({ name, type }, index) => ({
    title: name,
    align: NUMERIC_TYPE.test(type) ? ('right' as const) : ('left' as const),
    value: (row: readonly Cell[]) => cellText(row[index] ?? null),
  }));
  return `${textTable(layout, rows)}\n(${String(rows.length)} ${rows.length === 1 ? 'row' : 'rows'})`;
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

/**
 * A spreadsheet runs a field that begins with one of these characters as a formula. Account names and tags can begin with
 * any character, so such a field gets an apostrophe in front, which marks it as text. Numbers and JSON are not changed.
 */
function withoutFormula(field: string): string {
  return /^[=+\-@\t\r]/.test(field) ? `'${field}` : field;
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

function cellText(cell: Cell): string {
  if (cell === null) return '';
  return typeof cell === 'object' ? JSON.stringify(cell) : String(cell);
}

import type { SelectResult } from '../../shared/sql/duck-session';
import type { TrinoResult } from './trino-client';

const TOLERANCE = 1e-12;

type Cell = string | number | boolean | null;

/** Differences of large numbers are as exact as these were, not as their own size would have it. */
const DIFFERENCE = /change|difference|share/;

/**
 * Compares the results of two engines: names, numbers of rows, texts equal, doubles to 1e-12. Rows have no
 * order.
 *
 * @throws Error that names the first difference
 */
export function assertEqualResults(duck: SelectResult, trino: TrinoResult): void {
  const names = trino.columns.map(({ name }) => name);
  assertSame('columns', duck.columns.map(({ name }) => name).join(), names.join());
  assertSame('rows', duck.rows.length, trino.rows.length);
  const isDouble = trino.columns.map(({ type }) => type === 'double');
  const kinds = trino.columns.map(({ type }) => type);
  const left = sorted(
    duck.rows.map((row) => row.map((cell, index) => plain(cell, kinds[index]))),
    isDouble,
  );
  const right = sorted(
    trino.rows.map((row) => row.map((cell, index) => plain(cell, kinds[index]))),
    isDouble,
  );
  left.forEach((row, at) => {
    const other = right[at] ?? [];
    const scale = Math.max(...row.map((cell) => (typeof cell === 'number' ? Math.abs(cell) : 0)));
    row.forEach((cell, index) => {
      const there = other[index] ?? null;
      const name = names[index] ?? '';
      const size = DIFFERENCE.test(name) ? scale : 0;
      if (isDouble[index] === true ? !isClose(cell, there, size) : cell !== there) {
        throw new Error(
          `row ${String(at)} ${JSON.stringify(row)}: ${name} is ${String(cell)} in DuckDB, ${String(there)} in Trino`,
        );
      }
    });
  });
}

/** True for numbers equal to 1e-12 of their size, or of `scale` where that is more. */
export function isClose(a: Cell, b: Cell, scale = 0): boolean {
  if (typeof a !== 'number' || typeof b !== 'number') return a === b;
  return Math.abs(a - b) <= TOLERANCE * Math.max(Math.abs(a), Math.abs(b), scale);
}

/** @throws Error that says what differs */
export function assertSame(what: string, actual: unknown, expected: unknown): void {
  const [a, b] = [JSON.stringify(actual), JSON.stringify(expected)];
  if (a !== b) throw new Error(`${what}: ${a.slice(0, 500)}, expected ${b.slice(0, 500)}`);
}

/** A cell as both engines can write it. */
function plain(cell: unknown, type = ''): Cell {
  if (cell === null || typeof cell === 'boolean') return cell;
  if (type.startsWith('timestamp')) return String(cell).slice(0, '2025-01-01 00:00:00'.length);
  if (type === 'double' || type === 'bigint' || type === 'integer') return Number(cell);
  if (typeof cell === 'string' || typeof cell === 'number') return cell;
  return JSON.stringify(cell);
}

function sorted(rows: readonly (readonly Cell[])[], isDouble: readonly boolean[]): (readonly Cell[])[] {
  const keyed = rows.map((row) => ({
    row,
    key: JSON.stringify(row.filter((_, index) => isDouble[index] !== true)),
  }));
  keyed.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0));
  const twice = keyed.find(({ key }, index) => index > 0 && key === keyed[index - 1]?.key);
  if (twice !== undefined) throw new Error(`two rows have the same key: ${twice.key}`);
  return keyed.map(({ row }) => row);
}

import { type Fraction, isZero, ZERO } from './rational';

/**
 * The exact solution x of matrix x = right by Gauss and Jordan's elimination; undefined if the matrix is singular.
 * Exact numbers need no choice of pivot beyond its not being 0.
 */
export function solve(
  matrix: readonly (readonly Fraction[])[],
  right: readonly Fraction[],
): Fraction[] | undefined {
  const size = matrix.length;
  let rows = matrix.map((row, at) => [...row, right[at] ?? ZERO]);
  for (let column = 0; column < size; column += 1) {
    const pivotAt = rows.findIndex((row, at) => at >= column && !isZero(cell(row, column)));
    if (pivotAt < 0) return undefined;
    [rows[column], rows[pivotAt]] = [rowAt(rows, pivotAt), rowAt(rows, column)];
    const pivot = rowAt(rows, column);
    const unit = pivot.map((value) => value.div(cell(pivot, column)));
    rows = rows.map((row, at) => (at === column ? unit : cleared(row, unit, column)));
  }
  return rows.map((row) => cell(row, size));
}

/** The row less as many times the unit row as makes its column 0. */
function cleared(row: readonly Fraction[], unit: readonly Fraction[], column: number): Fraction[] {
  const factor = cell(row, column);
  return isZero(factor) ? [...row] : row.map((value, at) => value.sub(factor.mul(cell(unit, at))));
}

function rowAt(rows: readonly Fraction[][], at: number): Fraction[] {
  return rows[at] ?? [];
}

function cell(row: readonly Fraction[], at: number): Fraction {
  return row[at] ?? ZERO;
}

import Big from 'big.js';
import { exactSum } from '../base/exact-sum';
import { groupBy } from '../base/group';
import type { InputProblem } from '../base/input-problem';
import { denseCodes, type RowCodes } from './column-codes';
import { SHARE_TOLERANCE } from './column-types';
import type { TableColumn, TableColumns } from './table-columns';

/**
 * Returns a problem for each group of rows whose shares add up to more than 1, over the exact decimals.
 *
 * @param groups a code for each row
 * @param nameOf name of the group of a row
 */
export function sumProblems<Row extends { readonly share: string }>(
  columns: TableColumns<Row>,
  groups: RowCodes,
  nameOf: (row: Row) => string,
): InputProblem[] {
  const limit = new Big(1).plus(SHARE_TOLERANCE);
  const { codes, values } = columns.column('share');
  const rowsOf = groupBy(rowsAbove(groups, columns.column('share')), (row) => groups.codes[row]);
  return [...rowsOf.values()].flatMap((rows): InputProblem[] => {
    const sum = exactSum(rows.map((row) => values[codes[row] ?? 0] ?? '0'));
    const last = rows.at(-1);
    if (sum.lte(limit) || last === undefined) return [];
    return [
      {
        ...{ table: columns.spec.name, ...columns.placeOf(last) },
        column: 'share',
        value: sum.toString(),
        expected: `shares of ${nameOf(columns.row(last))} that add up to at most 1`,
      },
    ];
  });
}

/** Returns the rows of groups whose sum as a double is near the limit or above; the others need no exact sum. */
function rowsAbove(groups: RowCodes, share: TableColumn<string>): number[] {
  const { codes, count } = groups.count > 4 * groups.codes.length ? denseCodes(groups) : groups;
  const numbers = Float64Array.from(share.values, Number);
  const sums = new Float64Array(count);
  for (let row = 0; row < codes.length; row += 1) {
    const group = codes[row] ?? 0;
    sums[group] = (sums[group] ?? 0) + (numbers[share.codes[row] ?? 0] ?? 0);
  }
  const rows: number[] = [];
  for (let row = 0; row < codes.length; row += 1) {
    // A million doubles up to 1 add up to within a tenth of the tolerance.
    if ((sums[codes[row] ?? 0] ?? 0) > 1 + SHARE_TOLERANCE / 2) rows.push(row);
  }
  return rows;
}

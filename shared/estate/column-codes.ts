import { compareText } from '../base/group';
import type { TableColumn } from './table-columns';

/** A whole number for each row, from 0 to below `count`. */
export interface RowCodes {
  readonly codes: ArrayLike<number>;
  readonly count: number;
}

/** Returns codes that are equal where the texts of a column are. */
export function textCodes({ codes, values }: TableColumn<unknown>): RowCodes {
  return codesOf(codes, values.map(keyText), (texts) => texts);
}

/** Returns codes in the order of the texts of a column. */
export function orderedCodes({ codes, values }: TableColumn<string>): RowCodes {
  return codesOf(codes, values, (texts) => texts.sort(compareText));
}

/** Returns a value of a key as text. */
export function keyText(value: unknown): string {
  return value === undefined ? '' : String(value);
}

function codesOf(
  codes: readonly number[],
  texts: readonly string[],
  ordered: (texts: string[]) => string[],
): RowCodes {
  const distinct = ordered([...new Set(texts)]);
  const placeOf = new Map(distinct.map((text, place) => [text, place]));
  const places = texts.map((text) => placeOf.get(text) ?? 0);
  return { codes: codesBy(codes, (code) => places[code] ?? 0), count: distinct.length };
}

/** Returns what a function makes of each code; `Float64Array.from` takes ten times as long. */
function codesBy(codes: ArrayLike<number>, codeOf: (code: number, row: number) => number): Float64Array {
  const made = new Float64Array(codes.length);
  for (let row = 0; row < codes.length; row += 1) made[row] = codeOf(codes[row] ?? 0, row);
  return made;
}

/** Returns codes of several columns together, in the order of the first, then the second and so on. */
export function joinedCodes([first, ...others]: readonly [RowCodes, ...RowCodes[]]): RowCodes {
  return others.reduce((left, right) => {
    const { codes, count } = left.count * right.count > Number.MAX_SAFE_INTEGER ? denseCodes(left) : left;
    const joined = codesBy(codes, (code, row) => code * right.count + (right.codes[row] ?? 0));
    return { codes: joined, count: count * right.count };
  }, first);
}

/** Returns codes in the same order of which each has a row. */
export function denseCodes({ codes }: RowCodes): RowCodes {
  const distinct = [...new Set(Float64Array.from(codes).sort())];
  const placeOf = new Map(distinct.map((code, place) => [code, place]));
  return { codes: codesBy(codes, (code) => placeOf.get(code) ?? 0), count: distinct.length };
}

/** Returns true where two rows have the same code. */
export function hasEqualCodes({ codes }: RowCodes): boolean {
  const sorted = Float64Array.from(codes).sort();
  return sorted.some((code, place) => place > 0 && code === sorted[place - 1]);
}

/** Returns the rows in the order of their codes; those with the same code stay in their order. */
export function rowsInOrder({ codes, count }: RowCodes): number[] {
  const { length } = codes;
  if (count * length > Number.MAX_SAFE_INTEGER) {
    const rows = Array.from({ length }, (_, row) => row);
    return rows.sort((a, b) => (codes[a] ?? 0) - (codes[b] ?? 0));
  }
  // Numbers are sorted in a fraction of the time that a function which compares them takes.
  const keys = codesBy(codes, (code, row) => code * length + row).sort();
  return Array.from(codesBy(keys, (key) => key % length));
}

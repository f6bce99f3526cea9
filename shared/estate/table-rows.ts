import { defined } from '../base/defined';
import type { InputProblem } from '../base/input-problem';
import { hasEqualCodes, joinedCodes, keyText, textCodes } from './column-codes';
import type { TableColumns } from './table-columns';
import type { RawRecord } from './table-spec';

/** A typed row and the place it was read from. */
export interface LocatedRow<Row> {
  readonly value: Row;
  readonly file: string;
  /** Record of the file, counted from 1, header excluded. */
  readonly row: number;
}

/** Returns the rows of a table one by one. */
export function locatedRows<Row>(columns: TableColumns<Row>): LocatedRow<Row>[] {
  return Array.from({ length: columns.length }, (_, index) => ({
    value: columns.row(index),
    ...columns.placeOf(index),
  }));
}

/** Returns a problem for each row whose key an earlier row has. */
export function duplicateKeys<Row>(columns: TableColumns<Row>): InputProblem[] {
  const { spec } = columns;
  const { key } = spec;
  if (key === undefined || !hasDuplicates(columns, key)) return [];
  const first = new Map<string, number>();
  const problems: InputProblem[] = [];
  for (let index = 0; index < columns.length; index += 1) {
    const row = columns.row(index);
    const values = key.map((column) => keyText(Reflect.get(Object(row), column)));
    const text = JSON.stringify(values);
    const earlier = first.get(text);
    if (earlier === undefined) {
      first.set(text, index);
      continue;
    }
    const { file, row: earlierRow } = columns.placeOf(earlier);
    problems.push({
      ...{ table: spec.name, ...columns.placeOf(index) },
      column: key.join(' + '),
      value: values.join(' + '),
      expected: `a unique key; row ${String(earlierRow)} of ${file} has the same key`,
      ...defined({ concerns: spec.concerns?.(textsOf(row)) }),
    });
  }
  return problems;
}

function hasDuplicates(columns: TableColumns<unknown>, key: readonly string[]): boolean {
  const [first, ...others] = key.map((name) => textCodes(columns.anyColumn(name)));
  return first !== undefined && hasEqualCodes(joinedCodes([first, ...others]));
}

/** Returns the values of a typed row as texts. */
export function textsOf(row: unknown): RawRecord {
  return Object.fromEntries(Object.entries(row ?? {}).map(([column, value]) => [column, String(value)]));
}

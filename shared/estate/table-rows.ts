import { defined } from '../base/defined';
import type { InputProblem } from '../base/input-problem';
import type { RawTable } from './file-content';
import type { RawRecord, TableSpec } from './table-spec';

/** A typed row and the place it was read from. */
export interface LocatedRow<Row> {
  readonly value: Row;
  readonly file: string;
  /** Record of the file, counted from 1, header excluded. */
  readonly row: number;
}

/** Returns the valid records of a file as typed rows, and the problems of the others. */
export function typedRows<Row>(
  spec: TableSpec<Row>,
  raw: Pick<RawTable, 'file' | 'header' | 'records'>,
): { readonly rows: readonly LocatedRow<Row>[]; readonly problems: readonly InputProblem[] } {
  const positions = spec.columns.map((column) => raw.header.indexOf(column));
  const rows: LocatedRow<Row>[] = [];
  const problems: InputProblem[] = [];
  raw.records.forEach((fields, index) => {
    const place = { table: spec.name, file: raw.file, row: index + 1 };
    if (fields.length !== raw.header.length) {
      const expected = `${String(raw.header.length)} fields as in the header, found ${String(fields.length)}`;
      problems.push({ ...place, expected });
      return;
    }
    const record: RawRecord = Object.fromEntries(
      spec.columns.map((column, at) => [column, fields[positions[at] ?? -1] ?? '']),
    );
    const parsed = spec.schema.safeParse(record);
    if (parsed.success) rows.push({ value: parsed.data, file: raw.file, row: index + 1 });
    else
      for (const issue of parsed.error.issues) problems.push({ ...place, ...problemOf(spec, record, issue) });
  });
  return { rows, problems };
}

function problemOf(
  spec: TableSpec<unknown>,
  record: RawRecord,
  { path, message }: { readonly path: readonly PropertyKey[]; readonly message: string },
): Pick<InputProblem, 'column' | 'value' | 'expected' | 'concerns'> {
  const column = String(path[0] ?? '');
  const value = record[column] ?? '';
  return { column, value, expected: message, ...defined({ concerns: spec.concerns?.(record) }) };
}

/** Returns a problem for each row whose key an earlier row has. */
export function duplicateKeys<Row>(spec: TableSpec<Row>, rows: readonly LocatedRow<Row>[]): InputProblem[] {
  const { key } = spec;
  if (key === undefined) return [];
  const seen = new Map<string, LocatedRow<Row>>();
  return rows.flatMap((row): InputProblem[] => {
    const record = textsOf(row.value);
    const values = key.map((column) => record[column] ?? '');
    const id = JSON.stringify(values);
    const earlier = seen.get(id);
    if (earlier === undefined) {
      seen.set(id, row);
      return [];
    }
    return [
      {
        ...{ table: spec.name, file: row.file, row: row.row },
        column: key.join(' + '),
        value: values.join(' + '),
        expected: `a unique key; row ${String(earlier.row)} of ${earlier.file} has the same key`,
        ...defined({ concerns: spec.concerns?.(record) }),
      },
    ];
  });
}

/** Returns the values of a typed row as texts. */
export function textsOf(row: unknown): RawRecord {
  return Object.fromEntries(Object.entries(row ?? {}).map(([column, value]) => [column, String(value)]));
}

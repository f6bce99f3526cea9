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
    const place = (): Pick<InputProblem, 'table' | 'file' | 'row'> => ({
      table: spec.name,
      file: raw.file,
      row: index + 1,
    });
    if (fields.length !== raw.header.length) {
      const expected = `${String(raw.header.length)} fields as in the header, found ${String(fields.length)}`;
      problems.push({ ...place(), expected });
      return;
    }
    const record: Record<string, string> = {};
    for (const [at, column] of spec.columns.entries()) record[column] = fields[positions[at] ?? -1] ?? '';
    const parsed = spec.schema.safeParse(record);
    if (parsed.success) rows.push({ value: parsed.data, file: raw.file, row: index + 1 });
    else
      for (const issue of parsed.error.issues)
        problems.push({ ...place(), ...problemOf(spec, record, issue) });
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
  const seen: KeyNode<Row> = {};
  const problems: InputProblem[] = [];
  for (const row of rows) {
    const values = key.map((column) => textOf(row.value, column));
    const node = nodeOf(seen, values);
    const { row: earlier } = node;
    if (earlier === undefined) {
      node.row = row;
      continue;
    }
    problems.push({
      ...{ table: spec.name, file: row.file, row: row.row },
      column: key.join(' + '),
      value: values.join(' + '),
      expected: `a unique key; row ${String(earlier.row)} of ${earlier.file} has the same key`,
      ...defined({ concerns: spec.concerns?.(textsOf(row.value)) }),
    });
  }
  return problems;
}

/** Rows by the values of their key, one level for each value: joined keys would take more memory than the rows. */
interface KeyNode<Row> {
  row?: LocatedRow<Row>;
  below?: Map<string, KeyNode<Row>>;
}

function nodeOf<Row>(root: KeyNode<Row>, values: readonly string[]): KeyNode<Row> {
  let node = root;
  for (const value of values) {
    node.below ??= new Map();
    const found = node.below.get(value);
    const next: KeyNode<Row> = found ?? {};
    if (found === undefined) node.below.set(value, next);
    node = next;
  }
  return node;
}

function textOf(row: unknown, column: string): string {
  const value: unknown = typeof row === 'object' && row !== null ? Reflect.get(row, column) : undefined;
  return value === undefined ? '' : String(value);
}

/** Returns the values of a typed row as texts. */
export function textsOf(row: unknown): RawRecord {
  return Object.fromEntries(Object.entries(row ?? {}).map(([column, value]) => [column, String(value)]));
}

import type { z } from 'zod';
import { defined } from '../base/defined';
import type { InputProblem } from '../base/input-problem';
import type { RawTable } from './file-content';
import type { RawRecord, TableSpec } from './table-spec';

/*
 * A table of an estate can have a million rows with few different values in each column. Each value is checked once, and a row
 * is a small number in each column: objects for rows take most of the time and memory of such a month.
 */

/** A column of a table: its values, and for each row the place of its value among them. */
export interface TableColumn<Value> {
  readonly codes: readonly number[];
  /** Values that only invalid rows have may be among them. */
  readonly values: readonly Value[];
}

/** Code of a text that is invalid. */
const INVALID = -1;

/** A column while files are read. */
class GrowingColumn implements TableColumn<unknown> {
  readonly codes: number[] = [];
  readonly values: unknown[] = [];
  /** Valid texts by their code. */
  private readonly texts: string[] = [];
  private readonly codeOf = new Map<string, number>();
  private last = 0;

  constructor(
    readonly name: string,
    private readonly type: z.ZodType<unknown, string>,
  ) {}

  /** Returns the code of a text, or {@link INVALID}. */
  code(text: string): number {
    // Files are often ordered by their columns: a row then has the value of the row before, or the one that came after it.
    if (this.texts[this.last] !== text) {
      this.last =
        this.texts[this.last + 1] === text ? this.last + 1 : (this.codeOf.get(text) ?? this.added(text));
    }
    return this.last;
  }

  private added(text: string): number {
    const parsed = this.type.safeParse(text);
    const code = parsed.success ? this.values.push(parsed.data) - 1 : INVALID;
    if (parsed.success) this.texts.push(text);
    this.codeOf.set(text, code);
    return code;
  }
}

/** The valid rows of a table's files, by column. */
export class TableColumns<Row> {
  private readonly columns: readonly GrowingColumn[];
  /** The record of each row in its file. */
  private readonly records: number[] = [];
  /** Codes of the row that is read. */
  private readonly codes: number[] = [];
  private readonly files: { readonly file: string; readonly first: number }[] = [];

  constructor(readonly spec: TableSpec<Row>) {
    this.columns = Object.entries(spec.types).map(([name, type]) => new GrowingColumn(name, type));
  }

  /** Number of rows. */
  get length(): number {
    return this.records.length;
  }

  column<Name extends keyof Row & string>(name: Name): TableColumn<Row[Name]> {
    // The type of the column made its values.
    return this.anyColumn(name) as TableColumn<Row[Name]>;
  }

  anyColumn(name: string): TableColumn<unknown> {
    const column = this.columns.find((each) => each.name === name);
    if (column === undefined) throw new Error(`${this.spec.name} has no column ${name}`);
    return column;
  }

  /** Returns the file of a row, and its record there, counted from 1, header excluded. */
  placeOf(index: number): { readonly file: string; readonly row: number } {
    const file = this.files.findLast(({ first }) => first <= index)?.file ?? '';
    return { file, row: this.records[index] ?? 0 };
  }

  row(index: number): Row {
    return this.rowOf(({ codes }) => codes[index]);
  }

  /** Adds the valid records of a file. Returns the problems of the others, and the number of all. */
  add(raw: Pick<RawTable, 'file' | 'header' | 'records'>): {
    readonly problems: readonly InputProblem[];
    readonly records: number;
  } {
    const { file, header } = raw;
    this.files.push({ file, first: this.length });
    const positions = this.columns.map(({ name }) => header.indexOf(name));
    const problems: InputProblem[] = [];
    let row = 0;
    for (const fields of raw.records) {
      row += 1;
      if (fields.length === header.length && this.addRow(fields, positions)) this.records.push(row);
      else {
        const place = { table: this.spec.name, file, row };
        for (const problem of problemsOf(this.spec, header, fields)) problems.push({ ...place, ...problem });
      }
    }
    return { problems, records: row };
  }

  /** Adds a row, if it is valid. */
  private addRow(fields: readonly string[], positions: readonly number[]): boolean {
    const { columns, codes, spec } = this;
    for (let at = 0; at < columns.length; at += 1) {
      const code = columns[at]?.code(fields[positions[at] ?? INVALID] ?? '') ?? INVALID;
      if (code === INVALID) return false;
      codes[at] = code;
    }
    if (spec.keepsRule?.(this.rowOf((_, at) => codes[at])) === false) return false;
    for (let at = 0; at < columns.length; at += 1) columns[at]?.codes.push(codes[at] ?? INVALID);
    return true;
  }

  private rowOf(codeOf: (column: GrowingColumn, at: number) => number | undefined): Row {
    const row: Record<string, unknown> = {};
    for (const [at, column] of this.columns.entries()) {
      row[column.name] = column.values[codeOf(column, at) ?? INVALID];
    }
    // The types of the columns made its values.
    return row as Row;
  }
}

/** Returns what is wrong with a record. */
function problemsOf(
  spec: TableSpec<unknown>,
  header: readonly string[],
  fields: readonly string[],
): Omit<InputProblem, 'table' | 'file' | 'row'>[] {
  if (fields.length !== header.length) {
    const expected = `${String(header.length)} fields as in the header, found ${String(fields.length)}`;
    return [{ expected }];
  }
  const record: RawRecord = Object.fromEntries(
    spec.columns.map((column) => [column, fields[header.indexOf(column)] ?? '']),
  );
  const { error } = spec.schema.safeParse(record);
  return (error?.issues ?? []).map(({ path, message }) => {
    const column = String(path[0] ?? '');
    const value = record[column] ?? '';
    return { column, value, expected: message, ...defined({ concerns: spec.concerns?.(record) }) };
  });
}

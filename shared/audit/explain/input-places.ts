import type { Month } from '../../base/month';
import type { InputFiles } from '../../estate/input-files';
import { readTable, type TableReader } from '../../estate/read-table';
import type { LocatedRow } from '../../estate/table-rows';
import type { TableSpec } from '../../estate/table-spec';
import type { InputPlace } from './explanation';

type Cells = Readonly<Record<string, string | number>>;

/** Finds the records that facts come from. A table is read when it is first used. */
export class InputPlaces {
  private readonly tables = new Map<string, Promise<readonly LocatedRow<unknown>[]>>();

  constructor(
    private readonly reader: TableReader,
    private readonly files: InputFiles,
    private readonly month: Month,
  ) {}

  /** Returns the records of a table that have these values. */
  async find(spec: TableSpec<unknown>, cells: Cells): Promise<InputPlace[]> {
    const rows = await this.rowsOf(spec);
    return rows
      .filter(({ value }) => {
        const record = value as Readonly<Record<string, unknown>>;
        return Object.entries(cells).every(([column, cell]) => record[column] === cell);
      })
      .map(({ file, row }) => ({ file, row }));
  }

  private rowsOf(spec: TableSpec<unknown>): Promise<readonly LocatedRow<unknown>[]> {
    const known = this.tables.get(spec.name);
    if (known !== undefined) return known;
    const files = this.files.hasStatic(spec.name)
      ? [this.files.staticFile(spec.name)]
      : this.files.monthly(spec.name, this.month);
    const rows = readTable(this.reader, spec, files).then((content) => content.rows);
    this.tables.set(spec.name, rows);
    return rows;
  }
}

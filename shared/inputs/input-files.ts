import { isMonth } from '../calendar/month';
import type { Month } from '../calendar/month';
import type { ObjectStore, StoredObject } from '../stores/object-store';
import type { InputProblem } from './input-problem';
import { InputError } from './input-problem';

/** Endings that a table's files may have. */
const TABLE_FILE = /\.(csv|csv\.gz|parquet)$/;

const MONTH_FOLDER = /^([a-z_]+)\/usage_period=([^/]+)\/(.+)$/;

/** Folders of monthly tables: a file in them that belongs to no month would go unnoticed. */
const MONTHLY_TABLE = /^(racks|rack_use|service_use|usage|focus)\//;

/** The files of an estate, listed once: which table they belong to and, where it is monthly, to which month. */
export class InputFiles {
  private constructor(
    private readonly staticFiles: ReadonlyMap<string, readonly string[]>,
    private readonly monthlyFiles: ReadonlyMap<string, ReadonlyMap<Month, readonly string[]>>,
    /** What lies in the estate but can belong to no table, so that a misspelt folder does not go unnoticed. */
    readonly strays: readonly InputProblem[],
  ) {}

  static async list(store: ObjectStore): Promise<InputFiles> {
    const staticFiles = new Map<string, string[]>();
    const monthlyFiles = new Map<string, Map<Month, string[]>>();
    const strays: InputProblem[] = [];
    for (const object of await store.list('')) {
      if (isHidden(object)) continue;
      const monthly = MONTH_FOLDER.exec(object.key);
      if (monthly !== null) {
        const [, table = '', month = '', name = ''] = monthly;
        const problem = monthlyProblem(object.key, table, month, name);
        if (problem !== undefined) strays.push(problem);
        else
          push(
            entry(monthlyFiles, table, () => new Map<Month, string[]>()),
            month,
            object.key,
          );
      } else if (!object.key.includes('/') && TABLE_FILE.test(object.key)) {
        push(staticFiles, object.key.replace(TABLE_FILE, ''), object.key);
      } else {
        const [, table] = MONTHLY_TABLE.exec(object.key) ?? [];
        if (table !== undefined) strays.push(noMonth(table, object.key));
      }
    }
    return new InputFiles(staticFiles, monthlyFiles, strays);
  }

  /**
   * The one file of a table at the root.
   *
   * @throws InputError when there is none, or more than one
   */
  staticFile(table: string): string {
    const files = this.staticFiles.get(table) ?? [];
    const [file] = files;
    if (file === undefined) {
      throw new InputError([
        { table, file: `${table}.csv`, expected: 'the file to be there (.csv, .csv.gz or .parquet)' },
      ]);
    }
    if (files.length > 1) {
      throw new InputError([{ table, expected: `one file, found ${files.join(' and ')}` }]);
    }
    return file;
  }

  /** True when a table has a file at the root. */
  hasStatic(table: string): boolean {
    return this.staticFiles.has(table);
  }

  /** Files of a monthly table, ordered by name; none when the month has no folder. */
  monthly(table: string, month: Month): readonly string[] {
    return this.monthlyFiles.get(table)?.get(month) ?? [];
  }

  /** Months that a table has files for, oldest first. */
  monthsOf(table: string): Month[] {
    return [...(this.monthlyFiles.get(table)?.keys() ?? [])].sort();
  }
}

/** Names that begin with a dot or an underscore are notes of tools (.DS_Store, _SUCCESS), not data. */
function isHidden({ key }: StoredObject): boolean {
  return key.split('/').some((part) => /^[._]/.test(part));
}

function monthlyProblem(key: string, table: string, month: string, name: string): InputProblem | undefined {
  if (!isMonth(month)) return noMonth(table, key);
  const concerns = (other: Month): boolean => other === month;
  if (!TABLE_FILE.test(name)) {
    return { table, file: key, expected: 'a file that ends in .csv, .csv.gz or .parquet', concerns };
  }
  return undefined;
}

function noMonth(table: string, key: string): InputProblem {
  return { table, file: key, expected: 'a folder usage_period=YYYY-MM' };
}

function entry<K, V>(map: Map<K, V>, key: K, fresh: () => V): V {
  const value = map.get(key) ?? fresh();
  map.set(key, value);
  return value;
}

function push<K>(map: Map<K, string[]>, key: K, item: string): void {
  entry(map, key, () => []).push(item);
}

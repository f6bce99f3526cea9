import { append } from '../base/append';
import { groupBy } from '../base/group';
import { InputError, type InputProblem } from '../base/input-problem';
import { asMonth, isMonth, type Month } from '../base/month';
import { type Warning, warningAbout } from '../base/warning';
import type { InputStore, StoredObject } from '../stores/object-store';
import { nearNames } from './near-names';
import { type KnownManifests, ManifestFiles } from './known-manifests';
import { type Delivery, readDataExports, TABLE_FILE } from './data-export-layout';

const MONTH_FOLDER = /^([^/]+)\/usage_period=([^/]+)\/(.+)$/;

/** Monthly tables: a file in their folders that belongs to no month would go unnoticed. */
const MONTHLY_TABLES = [
  'racks',
  'rack_use',
  'service_use',
  'usage',
  'cluster_emissions',
  'service_emissions',
];

/** Tables that AWS Data Exports delivers, in its layouts. */
const DELIVERED_TABLES = ['focus', 'cur', 'aws_carbon'];

/** Output of the AWS CLI for an organization; it is not a table. */
const ACCOUNTS_FILE = 'accounts.json';

/** What a run writes by month, when inputs and exports share a folder. */
const OWN_FOLDERS = ['accounts', 'organization'];

interface ListedFiles {
  /** By table. */
  readonly staticFiles: ReadonlyMap<string, readonly string[]>;
  readonly monthlyFiles: ReadonlyMap<string, ReadonlyMap<Month, readonly string[]>>;
  readonly deliveries: ReadonlyMap<string, readonly Delivery[]>;
  readonly hasAccounts: boolean;
  readonly strays: readonly InputProblem[];
  readonly manifests: KnownManifests;
}

function filesByMonth(deliveries: readonly Delivery[]): Map<Month, string[]> {
  const byMonth = groupBy(deliveries, ({ month }) => month);
  return new Map([...byMonth].map(([month, found]) => [month, found.flatMap(({ files }) => files).sort()]));
}

/** The files of an estate, listed once: which table they belong to and, where it is monthly, to which month. */
export class InputFiles {
  private constructor(private readonly listed: ListedFiles) {}

  /** True when the estate lists its accounts. */
  get hasAccounts(): boolean {
    return this.listed.hasAccounts;
  }

  /** Files of the estate that belong to no table, so that a misspelt folder is reported. */
  get strays(): readonly InputProblem[] {
    return this.listed.strays;
  }

  /** What the manifests of the deliveries name, for the next listing. */
  get manifests(): KnownManifests {
    return this.listed.manifests;
  }

  /**
   * Lists an estate and reads the manifests of its deliveries.
   *
   * @param known manifests that were read before: those that are listed with the same version are not read
   */
  static async list(store: InputStore, known: KnownManifests = {}): Promise<InputFiles> {
    const objects = await store.list('');
    const { staticFiles, monthlyFiles, strays, delivered, others, hasAccounts } = placed(objects);
    const manifests = new ManifestFiles(store, objects, known);
    const deliveries = new Map<string, readonly Delivery[]>();
    for (const [table, keys] of delivered) {
      const found = await readDataExports(table, keys, (key) => manifests.filesOf(key));
      deliveries.set(table, found.deliveries);
      append(strays, found.problems);
      const months = entry(monthlyFiles, table, () => new Map<Month, string[]>());
      for (const [month, files] of filesByMonth(found.deliveries)) months.set(month, files);
    }
    const present = new Set([...staticFiles.keys(), ...monthlyFiles.keys(), ...delivered.keys()]);
    const missing = [...MONTHLY_TABLES, ...DELIVERED_TABLES].filter((table) => !present.has(table));
    append(strays, nearNames(foldersOf(others), missing));
    const { found } = manifests;
    return new InputFiles({ staticFiles, monthlyFiles, deliveries, hasAccounts, strays, manifests: found });
  }

  /**
   * Returns the one file of a table at the root.
   *
   * @throws InputError when the table has no file, or more than one
   */
  staticFile(table: string): string {
    const files = this.listed.staticFiles.get(table) ?? [];
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
    return this.listed.staticFiles.has(table);
  }

  /** Files of a monthly table, ordered by name; none when the month has no folder. */
  monthly(table: string, month: Month): readonly string[] {
    return this.listed.monthlyFiles.get(table)?.get(month) ?? [];
  }

  /** What AWS Data Exports delivered of a table. */
  deliveriesOf(table: string): readonly Delivery[] {
    return this.listed.deliveries.get(table) ?? [];
  }

  /** What was passed over of a month's deliveries, and why. */
  notesOf(table: string, month: Month): Warning[] {
    return warningAbout(
      { severity: 'for-the-record', code: 'delivery-not-read' },
      this.deliveriesOf(table).flatMap((delivery) => (delivery.month === month ? delivery.notes : [])),
      (notes) => notes,
    );
  }

  /** Folder of the export that a delivered file belongs to. */
  exportOf(table: string, file: string): string {
    return this.deliveriesOf(table).find(({ files }) => files.includes(file))?.root ?? '';
  }

  /** Months that a table has files for, oldest first. */
  monthsOf(table: string): Month[] {
    return [...(this.listed.monthlyFiles.get(table)?.keys() ?? [])].sort();
  }
}

/** Objects of an estate by where they are. */
interface PlacedObjects {
  readonly staticFiles: Map<string, string[]>;
  readonly monthlyFiles: Map<string, Map<Month, string[]>>;
  readonly strays: InputProblem[];
  /** Keys in the folders of delivered tables, by table. */
  readonly delivered: Map<string, string[]>;
  /** Keys elsewhere, by folder. */
  readonly others: Map<string, string[]>;
  readonly hasAccounts: boolean;
}

function placed(objects: readonly StoredObject[]): PlacedObjects {
  const files: Omit<PlacedObjects, 'hasAccounts'> = {
    ...{ staticFiles: new Map(), monthlyFiles: new Map(), strays: [] },
    ...{ delivered: new Map(), others: new Map() },
  };
  for (const object of objects) {
    if (isNoData(object)) continue;
    const [folder = ''] = object.key.split('/');
    if (DELIVERED_TABLES.includes(folder) && object.key.includes('/')) {
      push(files.delivered, folder, object.key);
      continue;
    }
    const place = placeOf(object);
    if (place === undefined) push(files.others, folder, object.key);
    else if ('stray' in place) files.strays.push(place.stray);
    else if (place.month === undefined) push(files.staticFiles, place.table, object.key);
    else {
      const months = entry(files.monthlyFiles, place.table, () => new Map<Month, string[]>());
      push(months, place.month, object.key);
    }
  }
  return { ...files, hasAccounts: objects.some(({ key, size }) => key === ACCOUNTS_FILE && size > 0) };
}

/** Names of files that AWS, Spark and file managers write next to data; names with a dot or underscore in front are hidden. */
const MARKER_NAME = /^(aws-programmatic-access-test-object|.*_\$folder\$|desktop\.ini|thumbs\.db)$/i;

/**
 * Returns true for objects that are not data: hidden files (.DS_Store, _SUCCESS), markers of tools, and the empty objects
 * with which consoles mark a folder.
 */
function isNoData({ key, size }: StoredObject): boolean {
  const parts = key.split('/');
  if (parts.some((part) => /^[._]/.test(part))) return true;
  return MARKER_NAME.test(parts.at(-1) ?? '') || (size === 0 && !TABLE_FILE.test(key));
}

/** Folders among other objects, without those of exports that share a folder with the inputs. */
function foldersOf(others: ReadonlyMap<string, readonly string[]>): string[] {
  return [...others].flatMap(([folder, keys]) => {
    const isExport = keys.some((key) => key.startsWith(`${folder}/state/`));
    return isExport || !keys.some((key) => key.includes('/')) ? [] : [folder];
  });
}

type Place = { readonly table: string; readonly month?: Month } | { readonly stray: InputProblem };

/** The table and month of an object; undefined for objects that are not in a folder of an estate. */
function placeOf({ key }: StoredObject): Place | undefined {
  const [, table, period, name] = MONTH_FOLDER.exec(key) ?? [];
  if (table !== undefined && period !== undefined && name !== undefined) {
    if (OWN_FOLDERS.includes(table)) return undefined;
    const stray = monthlyProblem(key, table, period, name);
    return stray === undefined ? { table, month: asMonth(period) } : { stray };
  }
  const [folder = '', ...rest] = key.split('/');
  if (rest.length > 0) return MONTHLY_TABLES.includes(folder) ? { stray: noMonth(folder, key) } : undefined;
  return TABLE_FILE.test(key) ? { table: key.replace(TABLE_FILE, '') } : undefined;
}

function monthlyProblem(key: string, table: string, month: string, name: string): InputProblem | undefined {
  if (!MONTHLY_TABLES.includes(table)) {
    return {
      table,
      file: key,
      expected: `a table of an estate: ${[...MONTHLY_TABLES, ...DELIVERED_TABLES].join(', ')}`,
    };
  }
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

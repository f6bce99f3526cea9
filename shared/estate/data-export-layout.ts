import { compareText, groupBy } from '../base/group';
import type { InputProblem } from '../base/input-problem';
import { isMonth, type Month } from '../base/month';
import type { ManifestReader } from './known-manifests';

/** Endings that a table's files may have. */
export const TABLE_FILE = /\.(csv|csv\.gz|parquet)$/;

/**
 * Names of the partition of a month, in small letters. AWS's bills have the first, which CUR 2.0 writes in capitals; this
 * program's usage and AWS's carbon export have the second.
 */
const MONTH_KEYS = ['billing_period', 'usage_period'];

/** Names of the partition of a model version, in AWS's carbon export. */
const VERSION_KEYS = ['carbon_model_version', 'model_version'];

/** The parts of a key in an export of AWS Data Exports. */
interface Place {
  readonly key: string;
  /** Folder of the export: everything before `data/` or `metadata/`, or before the partition. */
  readonly root: string;
  readonly isManifest: boolean;
  readonly month: Month;
  readonly modelVersion: string | undefined;
  /** Folders of the partition. */
  readonly partition: string;
  /** Path below the partition: the file, or the execution's folder and the file. */
  readonly path: string;
}

/** Files of one month (and version) of one export that count. */
export interface Delivery {
  readonly root: string;
  readonly month: Month;
  /** Version of the method, where the export is one of AWS's carbon. */
  readonly modelVersion?: string;
  readonly files: readonly string[];
  /** What was passed over, and why. */
  readonly notes: readonly string[];
}

/** What an export's folder holds. */
export interface DeliveredTable {
  readonly deliveries: readonly Delivery[];
  readonly problems: readonly InputProblem[];
}

/**
 * Returns the deliveries in a table's folder. Three layouts are read, at any depth and also together:
 *
 * - `usage_period=YYYY-MM/`;
 * - an export that AWS overwrites: `data/BILLING_PERIOD=YYYY-MM/`, with a manifest below `metadata/`;
 * - an export that AWS creates again: `data/BILLING_PERIOD=YYYY-MM/<timestamp>-<execution id>/`, of which the newest
 *   complete execution counts.
 *
 * AWS delivers the manifest last: with it a delivery is complete.
 *
 * @param keys all keys below the table's folder, which they begin with
 * @param filesOf URIs of the data files that a manifest names; undefined where the object is not a manifest
 */
export async function readDataExports(
  table: string,
  keys: readonly string[],
  filesOf: ManifestReader,
): Promise<DeliveredTable> {
  const problems: InputProblem[] = [];
  const places: Place[] = [];
  for (const key of keys) {
    const place = placeOf(key);
    if ('expected' in place) problems.push({ table, file: key, expected: place.expected });
    else if (!place.isManifest && !TABLE_FILE.test(key)) {
      const expected = 'a file that ends in .csv, .csv.gz or .parquet';
      problems.push({ table, file: key, expected, concerns: concerns(place.month) });
    } else places.push(place);
  }
  const deliveries: Delivery[] = [];
  for (const ofRoot of groupBy(places, ({ root }) => root).values()) {
    const hasManifests = ofRoot.some(({ isManifest }) => isManifest);
    for (const members of groupBy(ofRoot, ({ partition }) => partition).values()) {
      const chosen = hasManifests ? await byManifest(members, filesOf) : withoutManifests(members);
      const [first] = members;
      if (first === undefined) continue;
      if ('expected' in chosen) {
        const { file = first.key, expected } = chosen;
        problems.push({ table, file, expected, concerns: concerns(first.month) });
      } else if (chosen.files.length > 0 || isEmptyMonth(first, hasManifests)) {
        deliveries.push(deliveryOf(first, chosen));
      }
    }
  }
  return { deliveries, problems };
}

/** In AWS's carbon export, a manifest without files means a month without emissions. */
function isEmptyMonth({ modelVersion }: Place, hasManifests: boolean): boolean {
  return hasManifests && modelVersion !== undefined;
}

interface Chosen {
  readonly files: readonly string[];
  readonly notes: readonly string[];
}

interface Refusal {
  readonly file?: string;
  readonly expected: string;
}

function concerns(month: Month): (other: Month) => boolean {
  return (other) => other === month;
}

function deliveryOf({ root, month, modelVersion }: Place, { files, notes }: Chosen): Delivery {
  const delivery = { root, month, files: [...files].sort(compareText), notes };
  return modelVersion === undefined ? delivery : { ...delivery, modelVersion };
}

function placeOf(key: string): Place | Refusal {
  const parts = key.split('/');
  const first = parts.findIndex((part) => part.includes('='));
  const partition = parts.slice(first).filter((part) => part.includes('='));
  const values = new Map(
    partition.map((part) => [(part.split('=')[0] ?? '').toLowerCase(), part.slice(part.indexOf('=') + 1)]),
  );
  const valueOf = (names: readonly string[]): string | undefined =>
    names.map((name) => values.get(name)).find((value) => value !== undefined);
  const month = first < 0 ? undefined : valueOf(MONTH_KEYS);
  if (month === undefined || !isMonth(month)) {
    return { expected: 'a folder usage_period=YYYY-MM or BILLING_PERIOD=YYYY-MM' };
  }
  const before = parts.slice(0, first);
  const folder = before.at(-1);
  const isManifest = folder === 'metadata';
  return {
    key,
    root: (folder === 'data' || isManifest ? before.slice(0, -1) : before).join('/'),
    isManifest,
    month,
    modelVersion: valueOf(VERSION_KEYS),
    partition: partition.join('/'),
    path: parts.slice(first + partition.length).join('/'),
  };
}

/** Folder of the execution of a file; blank for files of an export that is overwritten. */
function executionOf(path: string): string {
  return path.includes('/') ? (path.split('/')[0] ?? '') : '';
}

/** Copies of `data/` alone: every file counts, or those of the newest execution. */
function withoutManifests(members: readonly Place[]): Chosen | Refusal {
  const executions = [...groupBy(members, ({ path }) => executionOf(path))].sort(([a], [b]) =>
    compareText(a, b),
  );
  const newest = executions.at(-1);
  if (newest === undefined) return { files: [], notes: [] };
  if (executions.length > 1 && executions[0]?.[0] === '') {
    const expected = `one layout: there are files next to the folder ${newest[0]} of an execution, which would count twice`;
    return { ...fileOf(executions[0][1]), expected };
  }
  const twice = twoFormats(newest[1]);
  if (twice !== undefined) return twice;
  const older = executions.slice(0, -1).map(([name]) => `${name} is older than ${newest[0]} and is not read`);
  return { files: newest[1].map(({ key }) => key), notes: older };
}

/** An export that changed its format or compression leaves the files of before: they hold the same lines. */
function twoFormats(members: readonly Place[]): Refusal | undefined {
  const byName = groupBy(members, ({ path }) => path.replace(/(\.snappy)?\.(csv|csv\.gz|parquet)$/, ''));
  const [same] = [...byName.values()].filter((files) => files.length > 1);
  const [first, other] = same ?? [];
  if (first === undefined || other === undefined) return undefined;
  const expected = `one format: ${other.key} has the same name in another format and would count twice; delete the older of them`;
  return { file: first.key, expected };
}

function fileOf(members: readonly Place[]): { file?: string } {
  const [first] = members;
  return first === undefined ? {} : { file: first.key };
}

/** Files that the newest manifest of a partition names. */
async function byManifest(members: readonly Place[], filesOf: ManifestReader): Promise<Chosen | Refusal> {
  const data = new Map(members.filter((place) => !place.isManifest).map((place) => [place.path, place.key]));
  const manifests = members.filter(({ isManifest, path }) => isManifest && path.endsWith('.json'));
  manifests.sort((a, b) => compareText(executionOf(a.path), executionOf(b.path)));
  const newest = manifests.at(-1);
  if (newest === undefined) {
    const expected = `a manifest below metadata/ for ${members[0]?.partition ?? ''}: without it the delivery is not complete`;
    return { expected };
  }
  const named = namedFiles(newest, await filesOf(newest.key));
  if (named === undefined)
    return { file: newest.key, expected: 'a manifest of AWS Data Exports with dataFiles' };
  const ofDelivery = [...data.keys()].filter((path) => executionOf(path) === executionOf(newest.path));
  if (named.length === 0 && ofDelivery.length > 0) {
    const expected = `dataFiles with the files of the delivery, found an empty list although ${ofDelivery.join(' and ')} is there; deliver the export again`;
    return { file: newest.key, expected };
  }
  const mixed = await mixedDelivery(newest, manifests, data, filesOf);
  if (mixed !== undefined) return mixed;
  const missing = named.find((path) => !data.has(path));
  if (missing !== undefined) {
    return { file: newest.key, expected: `the file ${missing} that it names to be there` };
  }
  const left = [...data].filter(([path]) => !named.includes(path)).map(([, key]) => key);
  return {
    files: named.flatMap((path) => data.get(path) ?? []),
    notes: left.map((key) => `${key} is not in the newest manifest and is not read`),
  };
}

/**
 * A month of an export that AWS overwrites and creates anew: names do not say which delivery is newer. A manifest beside the
 * executions may be a copy of the newest one.
 */
async function mixedDelivery(
  newest: Place,
  manifests: readonly Place[],
  data: ReadonlyMap<string, string>,
  filesOf: ManifestReader,
): Promise<Refusal | undefined> {
  const execution = executionOf(newest.path);
  const overwritten = manifests.find(({ path }) => executionOf(path) === '');
  if (overwritten === undefined || execution === '') return undefined;
  const files = namedFiles(overwritten, await filesOf(overwritten.key)) ?? [];
  if (!files.some((path) => executionOf(path) === '' && data.has(path))) return undefined;
  const expected = `one way of delivery: it is next to the execution ${execution}, and the month would be read from one of them; delete the older of them`;
  return { file: overwritten.key, expected };
}

/** Paths below the partition of the files that a manifest names; undefined where there is no manifest. */
function namedFiles({ partition }: Place, uris: readonly string[] | undefined): string[] | undefined {
  return uris?.map((uri) => {
    const at = uri.indexOf(`${partition}/`);
    return at < 0 ? uri : uri.slice(at + partition.length + 1);
  });
}

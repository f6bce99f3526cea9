import { sha256Of } from '../estate/file-content';
import type { LocalCopy, ObjectStore } from '../stores/object-store';
import { type ExportMonth, historyPrefix } from './layout';
import type { Manifest } from './manifest';
import { readStoredManifest, type StoredManifest } from './published-months';

const FILE_ENDING = /\.(snappy\.parquet|csv\.gz)$/;

/** Returns the key of a replaced data file. It contains the hash of the file, so that a file is kept once. */
export function replacedFileKey(exportName: string, at: ExportMonth, { file }: Manifest): string {
  return `${historyPrefix(exportName, at)}${file.sha256}${FILE_ENDING.exec(file.key)?.[0] ?? ''}`;
}

/** A publication that will be replaced. */
export interface Replaced extends StoredManifest {
  /** True when its data file will be replaced too. */
  readonly replacesFile: boolean;
}

/**
 * Copies a month's publication to history before it is replaced: the manifest with its ledger, and the data file where that
 * is replaced too. A repetition changes nothing.
 */
export async function keepReplaced(
  exports: ObjectStore,
  exportName: string,
  at: ExportMonth,
  { manifest, body, replacesFile }: Replaced,
): Promise<void> {
  if (replacesFile) await keepFile(exports, exportName, at, manifest);
  const kept = await keptManifests(exports, exportName, at);
  if (kept.some((key) => key.endsWith(`-${manifest.executionId}${MANIFEST_ENDING}`))) return;
  const number = String(kept.length + 1).padStart(5, '0');
  await exports.put(
    `${historyPrefix(exportName, at)}${number}-${manifest.executionId}${MANIFEST_ENDING}`,
    body,
  );
}

const MANIFEST_ENDING = '-Manifest.json';

/** Returns the keys of a month's replaced manifests, in the order in which they were replaced. */
async function keptManifests(exports: ObjectStore, exportName: string, at: ExportMonth): Promise<string[]> {
  const kept = await exports.list(historyPrefix(exportName, at));
  return kept.map(({ key }) => key).filter((key) => key.endsWith(MANIFEST_ENDING));
}

/** A file whose hash differs from its manifest, as after an interrupted run, is in history already or is lost. */
async function keepFile(
  exports: ObjectStore,
  exportName: string,
  at: ExportMonth,
  manifest: Manifest,
): Promise<void> {
  const kept = replacedFileKey(exportName, at, manifest);
  if (await isThere(exports, kept)) return;
  if (!(await isThere(exports, manifest.file.key))) return;
  const copy = await exports.localCopy(manifest.file.key);
  try {
    if ((await sha256Of(copy.path)) === manifest.file.sha256) await exports.putFile(kept, copy.path);
  } finally {
    await copy.release();
  }
}

/**
 * Returns a local copy of the data file that an execution published, from its key or from history.
 *
 * @returns undefined where it is in neither
 */
export async function publishedFileCopy(
  exports: ObjectStore,
  exportName: string,
  at: ExportMonth,
  manifest: Manifest,
): Promise<LocalCopy | undefined> {
  for (const key of [manifest.file.key, replacedFileKey(exportName, at, manifest)]) {
    if (!(await isThere(exports, key))) continue;
    const copy = await exports.localCopy(key);
    if ((await sha256Of(copy.path)) === manifest.file.sha256) return copy;
    await copy.release();
  }
  return undefined;
}

/** Returns the manifests of a month that were replaced, in the order of their first replacement. */
export async function replacedManifests(
  exports: ObjectStore,
  exportName: string,
  at: ExportMonth,
): Promise<Manifest[]> {
  const manifests: Manifest[] = [];
  for (const key of await keptManifests(exports, exportName, at)) {
    const stored = await readStoredManifest(exports, key);
    if (stored !== undefined) manifests.push(stored.manifest);
  }
  return manifests;
}

async function isThere(exports: ObjectStore, key: string): Promise<boolean> {
  return (await exports.list(key)).some((object) => object.key === key);
}

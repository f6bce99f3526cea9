import { compareText } from '../base/group';
import type { ObjectStore } from '../stores/object-store';
import { exportMetadataPrefix, type ExportMonth, manifestKey, monthOfManifestKey } from './layout';
import { type Manifest, parseManifest } from './manifest';

/** A manifest with the bytes it is stored in. */
export interface StoredManifest {
  readonly manifest: Manifest;
  /** The stored bytes, which history keeps unchanged. */
  readonly body: Buffer;
}

/** Returns the manifest with a key, or undefined where the object is missing or is not a manifest of this program. */
export async function readStoredManifest(
  exports: ObjectStore,
  key: string,
): Promise<StoredManifest | undefined> {
  const stored = await exports.get(key);
  const manifest = stored === undefined ? undefined : parseManifest(stored.body.toString('utf8'));
  return stored === undefined || manifest === undefined ? undefined : { manifest, body: stored.body };
}

/** Returns the manifest of a month, or undefined where the month is not published by this program. */
export async function readManifest(
  exports: ObjectStore,
  exportName: string,
  at: ExportMonth,
): Promise<Manifest | undefined> {
  return (await readStoredManifest(exports, manifestKey(exportName, at)))?.manifest;
}

/** Returns the months of an export that have a manifest, ordered by month and version. */
export async function publishedMonths(exports: ObjectStore, exportName: string): Promise<ExportMonth[]> {
  const objects = await exports.list(exportMetadataPrefix(exportName));
  return objects
    .flatMap(({ key }) => {
      const at = monthOfManifestKey(key);
      return at === undefined || manifestKey(exportName, at) !== key ? [] : [at];
    })
    .sort((a, b) => compareText(a.month, b.month) || compareText(a.modelVersion, b.modelVersion));
}

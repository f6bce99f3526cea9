import { z } from 'zod';
import { parseJson } from '../base/json';
import { type InputStore, type StoredObject, versionOf } from '../stores/object-store';

/** Data files that manifests of deliveries name, with the version of the manifest, by its key. */
export type KnownManifests = Readonly<
  Record<string, { readonly version: string; readonly files: readonly string[] }>
>;

/** Returns the URIs of the data files that a manifest names; undefined where the object is not a manifest. */
export type ManifestReader = (key: string) => Promise<readonly string[] | undefined>;

const manifestSchema = z.object({ dataFiles: z.array(z.string()) });

/** Reads the manifests of deliveries, unless they are known in the version that is listed. */
export class ManifestFiles {
  /** Those that were asked for. */
  readonly found: Record<string, KnownManifests[string]> = {};
  private readonly versions: ReadonlyMap<string, string | undefined>;

  constructor(
    private readonly store: InputStore,
    objects: readonly StoredObject[],
    private readonly known: KnownManifests,
  ) {
    this.versions = new Map(objects.map((object) => [object.key, versionOf(object)]));
  }

  async filesOf(key: string): Promise<readonly string[] | undefined> {
    const version = this.versions.get(key);
    const known = this.known[key];
    const files = known !== undefined && known.version === version ? known.files : await this.read(key);
    if (version !== undefined && files !== undefined) this.found[key] = { version, files };
    return files;
  }

  private async read(key: string): Promise<readonly string[] | undefined> {
    const content = await this.store.get(key);
    return content && parseJson(content.body, manifestSchema)?.dataFiles;
  }
}

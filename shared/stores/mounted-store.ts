import { compareText } from '../base/group';
import type { InputStore, LocalCopy, StoredContent, StoredObject, StoredStream } from './object-store';

/** A store some of whose folders are read from other locations. */
export class MountedStore implements InputStore {
  /** @param mounts stores by the folder that they replace, without slashes */
  constructor(
    private readonly inner: InputStore,
    private readonly mounts: ReadonlyMap<string, InputStore>,
  ) {}

  uri(key: string): string {
    const { store, rest } = this.at(key);
    return store.uri(rest);
  }

  describe(key: string): string {
    const { store, rest } = this.at(key);
    return store.describe(rest);
  }

  async list(prefix: string): Promise<StoredObject[]> {
    const lists = [this.inner.list(prefix)];
    for (const [folder, store] of this.mounts) {
      const below = `${folder}/`;
      if (!below.startsWith(prefix) && !prefix.startsWith(below)) continue;
      lists.push(listBelow(store, below, prefix.slice(below.length)));
    }
    const objects = (await Promise.all(lists)).flat();
    return objects.sort((a, b) => compareText(a.key, b.key));
  }

  get(key: string): Promise<StoredContent | undefined> {
    const { store, rest } = this.at(key);
    return store.get(rest);
  }

  localCopy(key: string): Promise<LocalCopy> {
    const { store, rest } = this.at(key);
    return store.localCopy(rest);
  }

  stream(key: string): Promise<StoredStream> {
    const { store, rest } = this.at(key);
    return store.stream(rest);
  }

  private at(key: string): { readonly store: InputStore; readonly rest: string } {
    const folder = key.split('/')[0] ?? '';
    const store = key.includes('/') ? this.mounts.get(folder) : undefined;
    return store === undefined
      ? { store: this.inner, rest: key }
      : { store, rest: key.slice(folder.length + 1) };
  }
}

async function listBelow(store: InputStore, below: string, prefix: string): Promise<StoredObject[]> {
  return (await store.list(prefix)).map((object) => ({ ...object, key: below + object.key }));
}

import { CarbonError } from '../base/carbon-error';
import type {
  LocalCopy,
  ObjectStore,
  PutCondition,
  StoredContent,
  StoredObject,
  StoredStream,
} from './object-store';

/** Somebody tried to write where another location is only read. */
export class ReadOnlyMountError extends CarbonError {
  constructor(key: string) {
    super('usage', `${key} lies in another location, which is only read`);
  }
}

/** A store below some of whose folders other locations are read, as if their content lay there. */
export class MountedStore implements ObjectStore {
  /** @param mounts stores by the folder they are read below, without slashes */
  constructor(
    private readonly inner: ObjectStore,
    private readonly mounts: ReadonlyMap<string, ObjectStore>,
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
    return objects.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0));
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

  async put(key: string, body: Buffer | string, condition?: PutCondition): Promise<string> {
    return this.own(key).put(key, body, condition);
  }

  async putFile(key: string, path: string): Promise<void> {
    await this.own(key).putFile(key, path);
  }

  async delete(key: string): Promise<void> {
    await this.own(key).delete(key);
  }

  sweep(): Promise<void> {
    return this.inner.sweep();
  }

  private own(key: string): ObjectStore {
    const { store } = this.at(key);
    if (store !== this.inner) throw new ReadOnlyMountError(key);
    return store;
  }

  private at(key: string): { readonly store: ObjectStore; readonly rest: string } {
    const folder = key.split('/')[0] ?? '';
    const store = key.includes('/') ? this.mounts.get(folder) : undefined;
    return store === undefined
      ? { store: this.inner, rest: key }
      : { store, rest: key.slice(folder.length + 1) };
  }
}

async function listBelow(store: ObjectStore, below: string, prefix: string): Promise<StoredObject[]> {
  return (await store.list(prefix)).map((object) => ({ ...object, key: below + object.key }));
}

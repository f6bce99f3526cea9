import type {
  InputStore,
  LocalCopy,
  ObjectStore,
  PutCondition,
  StoredContent,
  StoredObject,
  StoredStream,
} from './object-store';

/** What a listing showed. */
interface Listing {
  readonly prefix: string;
  readonly objects: Promise<StoredObject[]>;
  /** Keys that were written since. */
  readonly written: Set<string>;
}

/**
 * Inputs that are listed once: all steps of a run use the same listing. An object that is changed meanwhile is listed as it
 * was before, so the next run finds it changed.
 */
export class ListedInputs<Store extends InputStore = InputStore> implements InputStore {
  private readonly listings: Listing[] = [];

  constructor(protected readonly inner: Store) {}

  async list(prefix: string): Promise<StoredObject[]> {
    const objects = await (this.known(prefix) ?? this.listed(this.lists === 'all' ? '' : prefix)).objects;
    return objects.filter(({ key }) => key.startsWith(prefix));
  }

  private known(prefix: string): Listing | undefined {
    return this.listings.find(
      (listing) =>
        prefix.startsWith(listing.prefix) && ![...listing.written].some((key) => key.startsWith(prefix)),
    );
  }

  /** What is listed where objects with a prefix are needed: all, or objects with the prefix alone. */
  protected readonly lists: 'all' | 'prefix' = 'all';

  private listed(prefix: string): Listing {
    const listing = { prefix, objects: this.inner.list(prefix), written: new Set<string>() };
    this.listings.push(listing);
    return listing;
  }

  /** Records that an object was written: listings that may show it are made again. */
  protected wrote(key: string): void {
    for (const { written } of this.listings) written.add(key);
  }

  uri(key: string): string {
    return this.inner.uri(key);
  }

  describe(key: string): string {
    return this.inner.describe(key);
  }

  get(key: string): Promise<StoredContent | undefined> {
    return this.inner.get(key);
  }

  localCopy(key: string): Promise<LocalCopy> {
    return this.inner.localCopy(key);
  }

  stream(key: string): Promise<StoredStream> {
    return this.inner.stream(key);
  }
}

/**
 * Exports of which a prefix is listed once, and again where the run wrote below it. Other exports in the same place, which
 * may be large, are not listed.
 */
export class ListedExports extends ListedInputs<ObjectStore> implements ObjectStore {
  protected override readonly lists = 'prefix';

  async put(key: string, body: Buffer | string, condition?: PutCondition): Promise<string> {
    try {
      return await this.inner.put(key, body, condition);
    } finally {
      this.wrote(key);
    }
  }

  async putFile(key: string, path: string): Promise<void> {
    try {
      await this.inner.putFile(key, path);
    } finally {
      this.wrote(key);
    }
  }

  async delete(key: string): Promise<void> {
    try {
      await this.inner.delete(key);
    } finally {
      this.wrote(key);
    }
  }

  sweep(): Promise<void> {
    return this.inner.sweep();
  }
}

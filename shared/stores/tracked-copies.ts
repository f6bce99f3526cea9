import type {
  LocalCopy,
  ObjectStore,
  PutCondition,
  StoredContent,
  StoredObject,
  StoredStream,
} from './object-store';

/** A store that remembers the local copies it hands out, so that all of them can be released when a month is over. */
export class TrackedCopies implements ObjectStore {
  private readonly copies: LocalCopy[] = [];

  constructor(private readonly inner: ObjectStore) {}

  /** Frees the disk space of every copy handed out so far. */
  async releaseAll(): Promise<void> {
    await Promise.all(this.copies.splice(0).map((copy) => copy.release()));
  }

  async localCopy(key: string): Promise<LocalCopy> {
    const copy = await this.inner.localCopy(key);
    this.copies.push(copy);
    return copy;
  }

  stream(key: string): Promise<StoredStream> {
    return this.inner.stream(key);
  }

  uri(key: string): string {
    return this.inner.uri(key);
  }

  describe(key: string): string {
    return this.inner.describe(key);
  }

  list(prefix: string): Promise<StoredObject[]> {
    return this.inner.list(prefix);
  }

  get(key: string): Promise<StoredContent | undefined> {
    return this.inner.get(key);
  }

  put(key: string, body: Buffer | string, condition?: PutCondition): Promise<string> {
    return this.inner.put(key, body, condition);
  }

  putFile(key: string, path: string): Promise<void> {
    return this.inner.putFile(key, path);
  }

  delete(key: string): Promise<void> {
    return this.inner.delete(key);
  }

  sweep(): Promise<void> {
    return this.inner.sweep();
  }
}

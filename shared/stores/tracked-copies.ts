import type { InputStore, LocalCopy, StoredContent, StoredObject, StoredStream } from './object-store';

/** A store that remembers its local copies, so that all of them can be released when a month is over. */
export class TrackedCopies implements InputStore {
  private readonly copies: LocalCopy[] = [];

  constructor(private readonly inner: InputStore) {}

  /** Frees the disk space of every copy so far. */
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
}

import type {
  LocalCopy,
  ObjectStore,
  PutCondition,
  StoredContent,
  StoredObject,
  StoredStream,
} from '../../shared/stores/object-store';

/** Errors as stores give them that are out of order. */
const FAULTS: readonly (() => Error)[] = [
  () => Object.assign(new Error('Service Unavailable'), { name: 'ServiceUnavailable' }),
  () => Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' }),
  () => Object.assign(new Error('the request timed out'), { name: 'TimeoutError' }),
  () => Object.assign(new Error('no space left on device'), { code: 'ENOSPC' }),
  () => Object.assign(new Error('i/o error'), { code: 'EIO' }),
];

/** A store of which a share of the calls fails, before or after it did what it was asked for, until it has had enough. */
export class FailingStore implements ObjectStore {
  faults = 0;

  constructor(
    private readonly inner: ObjectStore,
    private readonly random: () => number,
    private readonly share: number,
    private readonly most: number,
  ) {}

  uri(key: string): string {
    return this.inner.uri(key);
  }

  describe(key: string): string {
    return this.inner.describe(key);
  }

  list(prefix: string): Promise<StoredObject[]> {
    return this.call(() => this.inner.list(prefix));
  }

  get(key: string): Promise<StoredContent | undefined> {
    return this.call(() => this.inner.get(key));
  }

  put(key: string, body: Buffer | string, condition?: PutCondition): Promise<string> {
    return this.call(() => this.inner.put(key, body, condition));
  }

  putFile(key: string, path: string): Promise<void> {
    return this.call(() => this.inner.putFile(key, path));
  }

  delete(key: string): Promise<void> {
    return this.call(() => this.inner.delete(key));
  }

  localCopy(key: string): Promise<LocalCopy> {
    return this.call(() => this.inner.localCopy(key));
  }

  stream(key: string): Promise<StoredStream> {
    return this.call(() => this.inner.stream(key));
  }

  sweep(): Promise<void> {
    return this.call(() => this.inner.sweep());
  }

  private async call<T>(work: () => Promise<T>): Promise<T> {
    if (this.faults >= this.most || this.random() >= this.share) return work();
    this.faults += 1;
    // The answer to a call that succeeded may get lost as well.
    if (this.random() < 0.3) await work();
    throw FAULTS[Math.floor(this.random() * FAULTS.length)]?.() ?? new Error('fault');
  }
}

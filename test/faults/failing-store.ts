import type {
  LocalCopy,
  ObjectStore,
  PutCondition,
  StoredContent,
  StoredObject,
  StoredStream,
} from '../../shared/stores/object-store';

/** Errors of stores that fail for a while. */
const FAULTS: readonly (() => Error)[] = [
  () => Object.assign(new Error('Service Unavailable'), { name: 'ServiceUnavailable' }),
  () => Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' }),
  () => Object.assign(new Error('the request timed out'), { name: 'TimeoutError' }),
  () => Object.assign(new Error('no space left on device'), { code: 'ENOSPC' }),
  () => Object.assign(new Error('i/o error'), { code: 'EIO' }),
];

/** A store that fails a share of its calls, before or after the work of the call, up to a number of faults. */
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
    // The response of a call that succeeded may be lost too.
    if (this.random() < 0.3) await work();
    throw FAULTS[Math.floor(this.random() * FAULTS.length)]?.() ?? new Error('fault');
  }
}

import type { Readable } from 'node:stream';
import { CarbonError } from '../base/carbon-error';

/** An object as a listing shows it. */
export interface StoredObject {
  /** Path below the store's root, with `/` between its parts. */
  readonly key: string;
  /** Size in bytes. */
  readonly size: number;
  /** Changes whenever the content is replaced; absent where telling would mean reading all of it. */
  readonly version?: string;
}

/** An object's content and the tag that a conditional put refers to. */
export interface StoredContent {
  readonly body: Buffer;
  readonly etag: string;
}

/** Puts only when nothing is there yet, or only over the content with this tag. */
export type PutCondition = { readonly ifNoneMatch: '*' } | { readonly ifMatch: string };

/** An object's content as it comes. */
export interface StoredStream {
  readonly body: Readable;
  /** Size in bytes; fewer that arrive are a connection that broke. */
  readonly size: number;
  /** False when the object was replaced since: what was read must not be used. */
  isCurrent(): Promise<boolean>;
}

/** A file on the local disk that holds an object's content. */
export interface LocalCopy {
  readonly path: string;
  /** False when the object was replaced since the copy was handed out: what was read from it must not be used. */
  isCurrent(): Promise<boolean>;
  /** Frees the disk space of a copy; the object itself stays. */
  release(): Promise<void>;
}

/**
 * Where inputs are read and exports are written: a folder or an S3 prefix. An object appears whole or not at all,
 * and a missing object is told apart from one that cannot be read: reading fails loudly, absence is `undefined`.
 */
export interface ObjectStore {
  /** The URI of a key, for manifests: `s3://bucket/key`, or the key itself where the store is a folder. */
  uri(key: string): string;
  /** A key as people know it, for messages. */
  describe(key: string): string;
  /** All objects whose key starts with `prefix`, ordered by key. */
  list(prefix: string): Promise<StoredObject[]>;
  /** Content of a small object, or undefined when there is none. */
  get(key: string): Promise<StoredContent | undefined>;
  /**
   * Writes a small object and gives its new tag.
   *
   * @throws PreconditionFailedError when the condition does not hold
   */
  put(key: string, body: Buffer | string, condition?: PutCondition): Promise<string>;
  /** Writes a local file as an object, whatever its size. */
  putFile(key: string, path: string): Promise<void>;
  /** Removes an object; nothing happens when there is none. */
  delete(key: string): Promise<void>;
  /** The object's content as a local file. */
  localCopy(key: string): Promise<LocalCopy>;
  /** The object's content as a stream, for one that is too large to be copied. */
  stream(key: string): Promise<StoredStream>;
  /** Removes what killed runs left unfinished. Only the holder of the run lock may call it. */
  sweep(): Promise<void>;
}

/** Somebody else wrote the object first. */
export class PreconditionFailedError extends CarbonError {
  constructor(readonly key: string) {
    super('state', `${key} was changed by another run`);
  }
}

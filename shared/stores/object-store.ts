import type { Readable } from 'node:stream';
import { CarbonError } from '../base/carbon-error';
import { hashOf } from '../base/fingerprint';

/** An object as a listing shows it. */
export interface StoredObject {
  /** Path below the store's root, with `/` between its parts. */
  readonly key: string;
  /** Size in bytes. */
  readonly size: number;
  /** Changes whenever the content is replaced; absent where it cannot be found without reading the content. */
  readonly version?: string;
  /**
   * Changes whenever the file is replaced or written to, and differs between copies of it: it never belongs into what is published.
   * Absent where the store has no files, or another process changed the file just now.
   */
  readonly fileVersion?: string;
}

/** Returns what changes whenever an object is written; undefined where the store cannot know it from a listing. */
export function versionOf({ version, fileVersion }: StoredObject): string | undefined {
  return version ?? fileVersion;
}

/**
 * Returns a digest of a listing that changes whenever one of the objects is written; undefined where the store cannot know
 * a version.
 *
 * @param more what else the digest depends on
 */
export function listingDigest(
  objects: readonly StoredObject[],
  more: readonly unknown[],
  version: (object: StoredObject) => string | undefined = versionOf,
): string | undefined {
  const versions = objects.map(version);
  if (versions.includes(undefined)) return undefined;
  return hashOf([objects.map(({ key, size }, index) => [key, size, versions[index]]), ...more]);
}

/** An object's content and the tag that a conditional put refers to. */
export interface StoredContent {
  readonly body: Buffer;
  readonly etag: string;
}

/** Puts only when the object does not exist, or only over the content with this tag. */
export type PutCondition = { readonly ifNoneMatch: '*' } | { readonly ifMatch: string };

/** An object's content while it arrives. */
export interface StoredStream {
  readonly body: Readable;
  /** Size in bytes. If fewer arrive, the connection broke. */
  readonly size: number;
  /** False when the object was replaced since: the bytes that were read must not be used. */
  isCurrent(): Promise<boolean>;
}

/** A file on the local disk that holds an object's content. */
export interface LocalCopy {
  readonly path: string;
  /** False when the object was replaced since the copy was made: the bytes that were read must not be used. */
  isCurrent(): Promise<boolean>;
  /** Frees the disk space of a copy; the object itself stays. */
  release(): Promise<void>;
}

/**
 * Where objects are read: a folder or an S3 prefix. A missing object is `undefined`; an object that cannot be read is an
 * error.
 */
export interface InputStore {
  /** The URI of a key, for manifests: `s3://bucket/key`, or the key itself where the store is a folder. */
  uri(key: string): string;
  /** A key as messages show it. */
  describe(key: string): string;
  /** All objects whose key starts with `prefix`, ordered by key. */
  list(prefix: string): Promise<StoredObject[]>;
  /** Content of a small object, or undefined where it does not exist. */
  get(key: string): Promise<StoredContent | undefined>;
  /** The object's content as a local file. */
  localCopy(key: string): Promise<LocalCopy>;
  /** The object's content as a stream, for an object that is too large for a copy. */
  stream(key: string): Promise<StoredStream>;
}

/** Where exports are written, too. Readers see an object with its whole content or not at all. */
export interface ObjectStore extends InputStore {
  /**
   * Writes a small object and returns its new tag.
   *
   * @throws PreconditionFailedError when the condition does not hold
   */
  put(key: string, body: Buffer | string, condition?: PutCondition): Promise<string>;
  /** Writes a local file as an object of any size. */
  putFile(key: string, path: string): Promise<void>;
  /** Removes an object, if it exists. */
  delete(key: string): Promise<void>;
  /** Removes the unfinished uploads of killed runs. Only the holder of the run lock may call it. */
  sweep(): Promise<void>;
}

/** Another run wrote the object first. */
export class PreconditionFailedError extends CarbonError {
  constructor(readonly key: string) {
    super('state', `${key} was changed by another run`);
  }
}

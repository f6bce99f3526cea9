import { S3Client } from '@aws-sdk/client-s3';
import { CarbonError } from '../base/carbon-error';
import { FolderStore } from './folder-store';
import type { ObjectStore } from './object-store';
import { S3Store } from './s3-store';

const S3_LOCATION = /^s3:\/\/([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:\/(.*))?$/;

/** A location that names neither a folder nor an S3 prefix. */
export class LocationError extends CarbonError {
  constructor(message: string, options?: ErrorOptions) {
    super('usage', message, options);
  }
}

/** Bucket and prefix of an `s3://bucket/prefix`, the prefix without slashes at its ends; undefined for a folder. */
export function parseS3Location(location: string): { bucket: string; prefix: string } | undefined {
  if (!location.startsWith('s3:')) return undefined;
  const match = S3_LOCATION.exec(location);
  if (match === null) {
    throw new LocationError(`${location}: expected s3://bucket or s3://bucket/prefix`);
  }
  const [, bucket = '', prefix = ''] = match;
  return { bucket, prefix: prefix.replace(/^\/+|\/+$/g, '') };
}

/** How long S3 may take. */
export interface S3Patience {
  /** Until a connection stands, ms. */
  readonly connectMs: number;
  /** Without a byte on a connection, ms: a transfer that goes on may take as long as it needs. */
  readonly idleMs: number;
}

const PATIENCE: S3Patience = { connectMs: 10_000, idleMs: 60_000 };

/**
 * A client that waits as long as S3 asks it to, and never for an answer that does not come. Region and credentials are
 * those of the AWS SDK's default chain; the bucket may lie in another Region.
 */
export function s3Client({ connectMs, idleMs }: S3Patience = PATIENCE): S3Client {
  return new S3Client({
    retryMode: 'adaptive',
    maxAttempts: 6,
    followRegionRedirects: true,
    requestHandler: { connectionTimeout: connectMs, socketTimeout: idleMs },
  });
}

/**
 * The store that a location names: a folder, or `s3://bucket/prefix`.
 *
 * @param scratch folder for local copies of what lies in S3; the caller removes it
 * @throws LocationError when it begins with `s3:` and names no bucket
 */
export function openStore(location: string, scratch: string): ObjectStore {
  const s3 = parseS3Location(location);
  return s3 === undefined ? new FolderStore(location) : new S3Store({ client: s3Client(), ...s3, scratch });
}

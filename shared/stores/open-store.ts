import { S3Client } from '@aws-sdk/client-s3';
import { CarbonError } from '../base/carbon-error';
import { FolderStore } from './folder-store';
import type { ObjectStore } from './object-store';
import { S3Store } from './s3-store';

const S3_LOCATION = /^s3:\/\/([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:\/(.*))?$/;

/**
 * Returns bucket and prefix of an `s3://bucket/prefix`, the prefix without slashes at its ends; undefined for a folder.
 *
 * @throws CarbonError when the location begins with `s3:` and has no valid bucket name
 */
export function parseS3Location(location: string): { bucket: string; prefix: string } | undefined {
  if (!location.startsWith('s3:')) return undefined;
  const match = S3_LOCATION.exec(location);
  if (match === null) {
    throw new CarbonError('usage', `${location}: expected s3://bucket or s3://bucket/prefix`);
  }
  const [, bucket = '', prefix = ''] = match;
  return { bucket, prefix: prefix.replace(/^\/+|\/+$/g, '') };
}

/** Timeouts of requests to S3. */
export interface S3Timeouts {
  /** Until a connection is open, ms. */
  readonly connectMs: number;
  /** Without a byte on a connection, ms: a transfer may take as long as bytes arrive. */
  readonly idleMs: number;
}

const TIMEOUTS: S3Timeouts = { connectMs: 10_000, idleMs: 60_000 };

/**
 * Returns a client that retries as S3 asks it to and has timeouts. Region and credentials are those of the AWS SDK's
 * default chain; the bucket may be in another Region.
 */
export function s3Client({ connectMs, idleMs }: S3Timeouts = TIMEOUTS): S3Client {
  return new S3Client({
    retryMode: 'adaptive',
    maxAttempts: 6,
    followRegionRedirects: true,
    requestHandler: { connectionTimeout: connectMs, socketTimeout: idleMs },
  });
}

/**
 * Returns the store at a location: a folder, or `s3://bucket/prefix`.
 *
 * @param scratch folder for local copies of objects in S3; the caller removes it
 * @throws CarbonError when the location begins with `s3:` and has no valid bucket name
 */
export function openStore(location: string, scratch: string): ObjectStore {
  const s3 = parseS3Location(location);
  return s3 === undefined ? new FolderStore(location) : new S3Store({ client: s3Client(), ...s3, scratch });
}

import { S3Client } from '@aws-sdk/client-s3';

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

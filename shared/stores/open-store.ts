import { CarbonError } from '../base/carbon-error';
import { FolderStore } from './folder-store';
import type { ObjectStore } from './object-store';

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

/**
 * Returns the store at a location: a folder, or `s3://bucket/prefix`.
 *
 * @param scratch folder for local copies of objects in S3; the caller removes it
 * @throws CarbonError when the location begins with `s3:` and has no valid bucket name
 */
export async function openStore(location: string, scratch: string): Promise<ObjectStore> {
  const s3 = parseS3Location(location);
  if (s3 === undefined) return new FolderStore(location);
  // The AWS SDK takes longer to load than a command on a folder takes to run.
  const [{ S3Store }, { s3Client }] = await Promise.all([import('./s3-store.ts'), import('./s3-client.ts')]);
  return new S3Store({ client: s3Client(), ...s3, scratch });
}

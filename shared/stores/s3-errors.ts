import { S3ServiceException } from '@aws-sdk/client-s3';
import { CarbonError } from '../base/carbon-error';

/** Returns true when S3 reports that an object does not exist. */
export function isNotFound(error: unknown): boolean {
  return error instanceof S3ServiceException && (error.name === 'NoSuchKey' || error.name === 'NotFound');
}

/** Returns true when a conditional put failed because of an earlier put, or of one at the same time. */
export function isPreconditionFailed(error: unknown): boolean {
  if (!(error instanceof S3ServiceException)) return false;
  return error.$metadata.httpStatusCode === 412 || error.name === 'ConditionalRequestConflict';
}

/** Returns the error of a download that has fewer bytes than the object: a retry may help. */
export function truncatedDownload(uri: string, bytes: number): CarbonError {
  return new CarbonError('transient', `${uri}: the connection ended after ${String(bytes)} bytes`);
}

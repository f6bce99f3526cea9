import {
  DeleteObjectCommand,
  GetObjectCommand,
  NoSuchKey,
  PutObjectCommand,
  S3Client,
  S3ServiceException,
} from '@aws-sdk/client-s3';
import { mockClient } from 'aws-sdk-client-mock';
import { isTransient } from '../../shared/base/retry';
import { PreconditionFailedError } from '../../shared/stores/object-store';
import { openStore, parseS3Location } from '../../shared/stores/open-store';
import { S3Store } from '../../shared/stores/s3-store';

const client = new S3Client({ region: 'us-east-1' });
const store = new S3Store({ client, bucket: 'bucket', prefix: 'some/prefix', scratch: '/nowhere' });
const s3 = mockClient(client);

beforeEach(() => {
  s3.reset();
});

function failure(name: string, httpStatusCode: number): S3ServiceException {
  return new S3ServiceException({ name, $fault: 'server', $metadata: { httpStatusCode } });
}

describe('locations', () => {
  test.each([
    ['s3://bucket', { bucket: 'bucket', prefix: '' }],
    ['s3://bucket/', { bucket: 'bucket', prefix: '' }],
    ['s3://bucket/a/b/', { bucket: 'bucket', prefix: 'a/b' }],
    ['./folder', undefined],
    ['/abs/s3', undefined],
  ])('%s', (location, expected) => {
    expect(parseS3Location(location)).toEqual(expected);
  });

  test.each(['s3:bucket', 's3://', 's3://B/x'])('%s names no bucket', async (location) => {
    await expect(openStore(location, '/nowhere')).rejects.toThrow(
      `${location}: expected s3://bucket or s3://bucket/prefix`,
    );
  });

  test('a key is written in messages as a URI', () => {
    expect(store.uri('a/b.csv')).toBe('s3://bucket/some/prefix/a/b.csv');
    expect(store.describe('a/b.csv')).toBe('s3://bucket/some/prefix/a/b.csv');
  });
});

describe('errors of S3', () => {
  test('a missing object is undefined, one that may not be read is not', async () => {
    s3.on(GetObjectCommand).rejectsOnce(new NoSuchKey({ message: '', $metadata: { httpStatusCode: 404 } }));
    await expect(store.get('a')).resolves.toBeUndefined();
    s3.on(GetObjectCommand).rejects(failure('AccessDenied', 403));
    await expect(store.get('a')).rejects.toThrow(S3ServiceException);
  });

  test('a lost condition is a PreconditionFailedError with the key', async () => {
    s3.on(PutObjectCommand).rejects(failure('PreconditionFailed', 412));
    s3.on(GetObjectCommand).rejects(new NoSuchKey({ message: '', $metadata: { httpStatusCode: 404 } }));
    await expect(store.put('a', 'b', { ifNoneMatch: '*' })).rejects.toThrow(new PreconditionFailedError('a'));
  });

  test('uploads carry a checksum and the condition', async () => {
    s3.on(PutObjectCommand).resolves({ ETag: '"1"' });
    await expect(store.put('a', 'b', { ifMatch: '"0"' })).resolves.toBe('"1"');
    expect(s3.commandCalls(PutObjectCommand)[0]?.args[0].input).toMatchObject({
      Key: 'some/prefix/a',
      ChecksumAlgorithm: 'SHA256',
      IfMatch: '"0"',
    });
  });

  test('other errors go through', async () => {
    s3.on(DeleteObjectCommand).rejects(failure('AccessDenied', 403));
    await expect(store.delete('a')).rejects.toThrow(S3ServiceException);
  });
});

describe('what can pass', () => {
  test.each([
    [failure('SlowDown', 503), true],
    [failure('InternalError', 500), true],
    [failure('AccessDenied', 403), false],
    [Object.assign(new Error('reset'), { code: 'ECONNRESET' }), true],
    [new Error('around', { cause: Object.assign(new Error('reset'), { code: 'EPIPE' }) }), true],
    [new TypeError('a bug'), false],
    ['text', false],
  ])('%s: %s', (error, expected) => {
    expect(isTransient(error)).toBe(expected);
  });
});

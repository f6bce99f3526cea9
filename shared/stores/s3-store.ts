import { randomUUID } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, rm, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import {
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  paginateListObjectsV2,
  PutObjectCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import { defined } from '../base/defined';
import { compareText } from '../base/group';
import { retryTransient } from '../base/retry';
import {
  type LocalCopy,
  type ObjectStore,
  PreconditionFailedError,
  type PutCondition,
  type StoredContent,
  type StoredObject,
  type StoredStream,
} from './object-store';
import { isNotFound, isPreconditionFailed, truncatedDownload } from './s3-errors';

/** What an {@link S3Store} works with. */
export interface S3StoreOptions {
  readonly client: S3Client;
  readonly bucket: string;
  /** Prefix of every key, without a slash at either end; blank: the whole bucket. */
  readonly prefix: string;
  /** Folder for local copies; created with the first of them. */
  readonly scratch: string;
  /** ARN of a KMS key for what is written. @default - the bucket's own default encryption */
  readonly kmsKeyArn?: string;
}

/** S3's least part is 5 MiB; parts of 16 MiB reach 160 GB with its 10,000 parts. */
const PART_BYTES = 16 << 20;

/** An {@link ObjectStore} below a prefix of an S3 bucket. Uploads carry a SHA-256 that S3 checks. */
export class S3Store implements ObjectStore {
  constructor(private readonly options: S3StoreOptions) {}

  uri(key: string): string {
    return `s3://${this.options.bucket}/${this.keyOf(key)}`;
  }

  describe(key: string): string {
    return this.uri(key);
  }

  async list(prefix: string): Promise<StoredObject[]> {
    const { client, bucket } = this.options;
    const objects: StoredObject[] = [];
    const skipped = this.keyOf('').length;
    const pages = paginateListObjectsV2({ client }, { Bucket: bucket, Prefix: this.keyOf(prefix) });
    for await (const page of pages) {
      for (const { Key: key = '', Size: size = 0, ETag: version } of page.Contents ?? []) {
        // The console of S3 marks a folder by an empty object whose key ends in a slash.
        if (key.endsWith('/')) continue;
        objects.push({ key: key.slice(skipped), size, ...defined({ version }) });
      }
    }
    return objects.sort((a, b) => compareText(a.key, b.key));
  }

  async get(key: string): Promise<StoredContent | undefined> {
    const { client, bucket } = this.options;
    try {
      // A connection may break in the middle of a body, which the SDK's own retries do not cover.
      return await retryTransient(async () => {
        const answer = await client.send(new GetObjectCommand({ Bucket: bucket, Key: this.keyOf(key) }));
        const body = Buffer.from((await answer.Body?.transformToByteArray()) ?? []);
        return { body, etag: answer.ETag ?? '' };
      });
    } catch (error) {
      if (isNotFound(error)) return undefined;
      throw error;
    }
  }

  async put(key: string, body: Buffer | string, condition?: PutCondition): Promise<string> {
    const { client, bucket } = this.options;
    const content = Buffer.from(body);
    try {
      const answer = await client.send(
        new PutObjectCommand({
          Bucket: bucket,
          Key: this.keyOf(key),
          Body: content,
          // The console then opens a page instead of saving it.
          ...(key.endsWith('.html') && { ContentType: 'text/html; charset=utf-8' }),
          ChecksumAlgorithm: 'SHA256',
          ...this.encryption(),
          ...conditionHeaders(condition),
        }),
      );
      return answer.ETag ?? '';
    } catch (error) {
      if (condition === undefined || !isPreconditionFailed(error)) throw error;
      // The answer to a put that succeeded may get lost: the retry then finds the object that the first one wrote.
      const present = await this.get(key);
      if (present?.body.equals(content) === true) return present.etag;
      throw new PreconditionFailedError(key);
    }
  }

  async putFile(key: string, path: string): Promise<void> {
    const { client, bucket } = this.options;
    await retryTransient(async () => {
      const upload = new Upload({
        client,
        partSize: PART_BYTES,
        queueSize: 2,
        params: {
          Bucket: bucket,
          Key: this.keyOf(key),
          Body: createReadStream(path, { highWaterMark: 1 << 20 }),
          ChecksumAlgorithm: 'SHA256',
          ...this.encryption(),
        },
      });
      await upload.done();
    });
  }

  async delete(key: string): Promise<void> {
    const { client, bucket } = this.options;
    await client.send(new DeleteObjectCommand({ Bucket: bucket, Key: this.keyOf(key) }));
  }

  async localCopy(key: string): Promise<LocalCopy> {
    const { scratch } = this.options;
    await mkdir(scratch, { recursive: true });
    // The name keeps its ending, by which readers find out about compression.
    const path = join(scratch, `${randomUUID()}-${basename(key)}`);
    try {
      const isCurrent = await retryTransient(() => this.download(key, path));
      return { path, isCurrent, release: () => rm(path, { force: true }) };
    } catch (error) {
      await rm(path, { force: true });
      throw error;
    }
  }

  async stream(key: string): Promise<StoredStream> {
    const { client, bucket } = this.options;
    const answer = await client.send(new GetObjectCommand({ Bucket: bucket, Key: this.keyOf(key) }));
    const { Body: body, ContentLength: size = 0, ETag: etag } = answer;
    if (!(body instanceof Readable)) throw new Error(`${this.uri(key)}: no stream of content`);
    return { body, size, isCurrent: async () => (await this.etagOf(key)) === etag };
  }

  /**
   * Nothing to do: an interrupted upload is invisible, and the bucket's lifecycle rule removes its parts. Another
   * export under the same prefix may be uploading now.
   */
  sweep(): Promise<void> {
    return Promise.resolve();
  }

  /** Streams an object to a file and returns a check that the object is still the same. */
  private async download(key: string, path: string): Promise<StoredStream['isCurrent']> {
    const { body, size, isCurrent } = await this.stream(key);
    await pipeline(body, createWriteStream(path));
    const { size: arrived } = await stat(path);
    if (arrived !== size) throw truncatedDownload(this.uri(key), arrived);
    return isCurrent;
  }

  private async etagOf(key: string): Promise<string | undefined> {
    const { client, bucket } = this.options;
    try {
      return (await client.send(new HeadObjectCommand({ Bucket: bucket, Key: this.keyOf(key) }))).ETag;
    } catch (error) {
      if (isNotFound(error)) return undefined;
      throw error;
    }
  }

  private keyOf(key: string): string {
    return this.options.prefix === '' ? key : `${this.options.prefix}/${key}`;
  }

  private encryption(): { ServerSideEncryption?: 'aws:kms'; SSEKMSKeyId?: string } {
    const { kmsKeyArn } = this.options;
    if (kmsKeyArn === undefined) return {};
    return { ServerSideEncryption: 'aws:kms', SSEKMSKeyId: kmsKeyArn };
  }
}

function conditionHeaders(condition: PutCondition | undefined): { IfNoneMatch?: '*'; IfMatch?: string } {
  if (condition === undefined) return {};
  return 'ifNoneMatch' in condition ? { IfNoneMatch: '*' } : { IfMatch: condition.ifMatch };
}

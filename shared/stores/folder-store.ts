import { createHash, randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import { copyFile, link, mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { dirname, join, resolve, sep } from 'node:path';
import { errorCode } from '../errors/error-info';
import { compareText } from '../method/group';
import { PreconditionFailedError } from './object-store';
import type { LocalCopy, ObjectStore, PutCondition, StoredContent, StoredObject } from './object-store';

/**
 * Where objects are written before they get their name. Readers of Hive-style tables pass over names that begin with
 * a dot, and {@link FolderStore.sweep} removes what a killed run left here.
 */
const UPLOADS = '.uploads';

/** An {@link ObjectStore} in a folder: a key is a path, and an object gets its name by an atomic rename. */
export class FolderStore implements ObjectStore {
  private readonly root: string;

  constructor(folder: string) {
    this.root = resolve(folder);
  }

  uri(key: string): string {
    return key;
  }

  describe(key: string): string {
    return key;
  }

  async list(prefix: string): Promise<StoredObject[]> {
    const folder = prefix.slice(0, prefix.lastIndexOf('/') + 1);
    const objects: StoredObject[] = [];
    await this.walk(folder, objects);
    return objects.filter(({ key }) => key.startsWith(prefix)).sort((a, b) => compareText(a.key, b.key));
  }

  private async walk(folder: string, objects: StoredObject[]): Promise<void> {
    const entries = await absentAs([], () => readdir(this.pathOf(folder), { withFileTypes: true }));
    for (const entry of entries) {
      if (entry.name === UPLOADS) continue;
      const key = folder + entry.name;
      const details = await stat(this.pathOf(key));
      if (details.isDirectory()) await this.walk(`${key}/`, objects);
      else objects.push({ key, size: details.size });
    }
  }

  async get(key: string): Promise<StoredContent | undefined> {
    const body = await absentAs(undefined, () => readFile(this.pathOf(key)));
    return body === undefined ? undefined : { body, etag: tagOf(body) };
  }

  /**
   * A condition is checked and then acted on: two processes are kept apart by the run lock, whose own creation is
   * atomic in the file system.
   */
  async put(key: string, body: Buffer | string, condition?: PutCondition): Promise<string> {
    const content = Buffer.from(body);
    if (condition !== undefined && 'ifNoneMatch' in condition) {
      await this.create(key, content);
      return tagOf(content);
    }
    if (condition !== undefined && (await this.get(key))?.etag !== condition.ifMatch) {
      throw new PreconditionFailedError(key);
    }
    await this.rename(key, (upload) => writeNew(upload, content));
    return tagOf(content);
  }

  async putFile(key: string, path: string): Promise<void> {
    await this.rename(key, async (upload) => {
      await copyFile(path, upload, constants.COPYFILE_EXCL);
      const file = await open(upload, 'r+');
      try {
        await file.sync();
      } finally {
        await file.close();
      }
    });
  }

  async delete(key: string): Promise<void> {
    await rm(this.pathOf(key), { force: true });
  }

  async localCopy(key: string): Promise<LocalCopy> {
    const path = this.pathOf(key);
    const before = await fileIdentity(path);
    return {
      path,
      isCurrent: async () => (await absentAs('', () => fileIdentity(path))) === before,
      release: () => Promise.resolve(),
    };
  }

  async sweep(): Promise<void> {
    await rm(this.pathOf(UPLOADS), { recursive: true, force: true });
  }

  /**
   * An object that is created gets its name by a link, which fails where there is one: it is whole from the start.
   * The run that holds the lock may sweep the upload of one that asks for it, which then tries again.
   */
  private async create(key: string, content: Buffer, attempts = 3): Promise<void> {
    try {
      await this.upload(key, (upload) => writeNew(upload, content), linkOrCopy);
    } catch (error) {
      if (errorCode(error) === 'EEXIST') throw new PreconditionFailedError(key);
      if (errorCode(error) !== 'ENOENT' || attempts === 1) throw error;
      await this.create(key, content, attempts - 1);
    }
  }

  private async rename(key: string, write: (path: string) => Promise<void>): Promise<void> {
    await this.upload(key, write, rename);
  }

  /** Writes beside the objects, then gives what was written its name. */
  private async upload(
    key: string,
    write: (upload: string) => Promise<void>,
    giveName: (upload: string, path: string) => Promise<void>,
  ): Promise<void> {
    const upload = join(this.root, UPLOADS, randomUUID());
    const path = this.pathOf(key);
    try {
      await mkdir(dirname(upload), { recursive: true });
      await write(upload);
      await mkdir(dirname(path), { recursive: true });
      await giveName(upload, path);
    } finally {
      await rm(upload, { force: true });
    }
  }

  private pathOf(key: string): string {
    const path = resolve(this.root, key);
    if (path !== this.root && !path.startsWith(this.root + sep)) {
      throw new Error(`${key} lies outside ${this.root}`);
    }
    return path;
  }
}

async function writeNew(path: string, content: Buffer): Promise<void> {
  const file = await open(path, 'wx');
  try {
    await file.writeFile(content);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** File systems that know no hard links say so in one of these ways. */
const NO_LINKS: readonly unknown[] = ['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK'];

async function linkOrCopy(from: string, to: string): Promise<void> {
  try {
    await link(from, to);
  } catch (error) {
    if (!NO_LINKS.includes(errorCode(error))) throw error;
    await copyFile(from, to, constants.COPYFILE_EXCL);
  }
}

function tagOf(content: Buffer): string {
  return createHash('sha256').update(content).digest('hex');
}

/** Changes whenever the file is replaced or written to. */
async function fileIdentity(path: string): Promise<string> {
  const { ino, size, mtimeNs, ctimeNs } = await stat(path, { bigint: true });
  return [ino, size, mtimeNs, ctimeNs].join(':');
}

async function absentAs<T>(absent: T, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return absent;
    throw error;
  }
}

import { createHash, randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import { copyFile, mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
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
    await this.rename(key, async (path) => {
      const file = await open(path, 'wx');
      try {
        await file.writeFile(content);
        await file.sync();
      } finally {
        await file.close();
      }
    });
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

  private async create(key: string, content: Buffer): Promise<void> {
    const path = this.pathOf(key);
    await mkdir(dirname(path), { recursive: true });
    try {
      const file = await open(path, 'wx');
      try {
        await file.writeFile(content);
        await file.sync();
      } finally {
        await file.close();
      }
    } catch (error) {
      if (errorCode(error) === 'EEXIST') throw new PreconditionFailedError(key);
      throw error;
    }
  }

  private async rename(key: string, write: (path: string) => Promise<void>): Promise<void> {
    const upload = join(this.root, UPLOADS, randomUUID());
    await mkdir(dirname(upload), { recursive: true });
    try {
      await write(upload);
      const path = this.pathOf(key);
      await mkdir(dirname(path), { recursive: true });
      await rename(upload, path);
    } catch (error) {
      await rm(upload, { force: true });
      throw error;
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

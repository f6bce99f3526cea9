import { createHash, randomUUID } from 'node:crypto';
import { constants, createReadStream, type Stats } from 'node:fs';
import {
  access,
  copyFile,
  link,
  mkdir,
  open,
  readdir,
  readFile,
  rename,
  rm,
  rmdir,
  stat,
} from 'node:fs/promises';
import { hostname } from 'node:os';
import { dirname, join, resolve, sep } from 'node:path';
import { defined } from '../base/defined';
import { errorCode } from '../base/error-info';
import { compareText } from '../base/group';
import { isProcessNumberInUse } from '../base/process-identity';
import { absentAs, detailsOf, fileDetails, namesIn } from './folder-entries';
import {
  type LocalCopy,
  type ObjectStore,
  PreconditionFailedError,
  type PutCondition,
  type StoredContent,
  type StoredObject,
  type StoredStream,
} from './object-store';

/**
 * Folder in which objects are written before they get their name. Readers of Hive-style tables ignore names that begin
 * with a dot, and {@link FolderStore.sweep} removes the files of killed runs.
 */
const UPLOADS = '.uploads';

/** An {@link ObjectStore} in a folder: a key is a path, and an object gets its name by an atomic rename. */
export class FolderStore implements ObjectStore {
  private readonly root: string;
  /** Versions of the objects that this process wrote, by key. */
  private readonly written = new Map<string, string>();

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
    await this.walk(folder, objects, prefix.slice(folder.length));
    return objects.sort((a, b) => compareText(a.key, b.key));
  }

  /** @param start of the names in the folder itself */
  private async walk(folder: string, objects: StoredObject[], start = ''): Promise<void> {
    for (const name of await namesIn(this.pathOf(folder), folder)) {
      if (name === UPLOADS || !name.startsWith(start)) continue;
      const key = folder + name;
      const details = await detailsOf(this.pathOf(key), key);
      if (details?.isDirectory() === true) await this.walk(`${key}/`, objects);
      else if (details !== undefined) {
        const fileVersion = versionOf(details, this.written.get(key));
        objects.push({ key, size: details.size, ...defined({ fileVersion }) });
      }
    }
  }

  async get(key: string): Promise<StoredContent | undefined> {
    const path = this.pathOf(key);
    if ((await fileDetails(path, key)) === undefined) return undefined;
    const body = await absentAs(undefined, () => readFile(path));
    return body === undefined ? undefined : { body, etag: tagOf(body) };
  }

  /** Both conditions are atomic in the file system: a link creates a name, and a rename removes one. */
  async put(key: string, body: Buffer | string, condition?: PutCondition): Promise<string> {
    const content = Buffer.from(body);
    if (condition === undefined) await this.rename(key, (upload) => writeNew(upload, content));
    else if ('ifNoneMatch' in condition) await this.create(key, content);
    else await this.replace(key, content, condition.ifMatch);
    await this.noteVersion(key);
    return tagOf(content);
  }

  private async noteVersion(key: string): Promise<void> {
    const details = await absentAs(undefined, () => stat(this.pathOf(key)));
    if (details !== undefined) this.written.set(key, identityOf(details));
  }

  /** If two processes replace the same content, the rename of one of them succeeds. */
  private async replace(key: string, content: Buffer, tag: string): Promise<void> {
    const path = this.pathOf(key);
    const claimed = this.uploadPath();
    await mkdir(dirname(claimed), { recursive: true });
    try {
      await rename(path, claimed);
    } catch (error) {
      if (errorCode(error) === 'ENOENT') throw new PreconditionFailedError(key);
      throw error;
    }
    try {
      if (tagOf(await readFile(claimed)) !== tag) {
        await linkOrCopy(claimed, path);
        throw new PreconditionFailedError(key);
      }
      await this.create(key, content);
    } finally {
      await rm(claimed, { force: true });
    }
  }

  /** Name of an upload, with host and process, so that a sweep removes abandoned uploads only. */
  private uploadPath(): string {
    return join(this.root, UPLOADS, `${hostname()}.${String(process.pid)}.${randomUUID()}`);
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
    await this.noteVersion(key);
  }

  async delete(key: string): Promise<void> {
    await rm(this.pathOf(key), { force: true });
  }

  async localCopy(key: string): Promise<LocalCopy> {
    const path = this.pathOf(key);
    await fileDetails(path, key);
    const before = await fileIdentity(path);
    return {
      path,
      isCurrent: async () => (await absentAs('', () => fileIdentity(path))) === before,
      release: () => Promise.resolve(),
    };
  }

  async stream(key: string): Promise<StoredStream> {
    const { path, isCurrent } = await this.localCopy(key);
    return { body: createReadStream(path), size: (await stat(path)).size, isCurrent };
  }

  async sweep(): Promise<void> {
    const folder = this.pathOf(UPLOADS);
    for (const name of await absentAs([], () => readdir(folder))) {
      if (await isAbandoned(join(folder, name), name)) await rm(join(folder, name), { force: true });
    }
    try {
      await rmdir(folder);
    } catch (error) {
      // Another export in this folder may be uploading now.
      if (!['ENOENT', 'ENOTEMPTY', 'EEXIST'].includes(errorCode(error) ?? '')) throw error;
    }
  }

  /** A new object gets its name by a link, which fails where the name exists. Readers see its whole content or nothing. */
  private async create(key: string, content: Buffer): Promise<void> {
    try {
      await this.upload(key, (upload) => writeNew(upload, content), linkOrCopy);
    } catch (error) {
      if (errorCode(error) === 'EEXIST') throw new PreconditionFailedError(key);
      throw error;
    }
  }

  private async rename(key: string, write: (path: string) => Promise<void>): Promise<void> {
    await this.upload(key, write, rename);
  }

  /**
   * Writes a file in the folder of uploads, then renames it to its key. Another export's run may remove that folder while
   * it is empty: the upload is then repeated.
   */
  private async upload(
    key: string,
    write: (upload: string) => Promise<void>,
    giveName: (upload: string, path: string) => Promise<void>,
    attempts = 3,
  ): Promise<void> {
    const upload = this.uploadPath();
    const path = this.pathOf(key);
    try {
      await mkdir(dirname(upload), { recursive: true });
      await write(upload);
      await mkdir(dirname(path), { recursive: true });
      await giveName(upload, path);
    } catch (error) {
      if (errorCode(error) !== 'ENOENT') throw error;
      if (attempts === 1) {
        // On a read-only file system Node reports ENOENT for a folder that it cannot create.
        await access(this.root, constants.W_OK);
        throw error;
      }
      await this.upload(key, write, giveName, attempts - 1);
    } finally {
      await rm(upload, { force: true });
    }
  }

  private pathOf(key: string): string {
    const path = resolve(this.root, key);
    if (path !== this.root && !path.startsWith(this.root + sep)) {
      throw new Error(`${key} is outside ${this.root}`);
    }
    return path;
  }
}

/** Longest time that an upload of another machine may take, ms. */
const UPLOAD_MS = 24 * 3_600_000;

async function isAbandoned(path: string, name: string): Promise<boolean> {
  const [, host, pid] = /^(.+)\.(\d+)\.[^.]+$/.exec(name) ?? [];
  if (host === undefined) return true;
  if (host === hostname()) return !isProcessNumberInUse(Number(pid));
  const details = await absentAs(undefined, () => stat(path));
  return details !== undefined && Date.now() - details.mtimeMs > UPLOAD_MS;
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

/** Codes with which file systems report that they have no hard links. */
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

/** File systems count times in steps of up to two seconds: two changes within a step look like one. */
const SETTLED_MS = 3_000;

/**
 * Returns {@link StoredObject.fileVersion}; undefined for a file that was changed just now.
 *
 * @param written the version that this process wrote: a file that gets its name by a rename or link is another file
 */
function versionOf(details: Stats, written: string | undefined): string | undefined {
  const version = identityOf(details);
  const isSettled = Date.now() - Math.max(details.mtimeMs, details.ctimeMs) > SETTLED_MS;
  return isSettled || version === written ? version : undefined;
}

function identityOf({ ino, size, mtimeMs, ctimeMs }: Stats): string {
  return [ino, size, mtimeMs, ctimeMs].join(':');
}

/** Changes whenever the file is replaced or written to. */
async function fileIdentity(path: string): Promise<string> {
  const { ino, size, mtimeNs, ctimeNs } = await stat(path, { bigint: true });
  return [ino, size, mtimeNs, ctimeNs].join(':');
}

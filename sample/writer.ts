import { type FileHandle, mkdir, open, readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** Characters gathered before they are written in one go. */
const BATCH = 1 << 20;

/** A file that is written in batches. */
export class TableFile {
  private text = '';
  /** Bytes written so far. */
  bytes = 0;

  /** @param handle an open file */
  constructor(private readonly handle: FileHandle) {}

  /**
   * @param text whole lines, with their line ends
   * @returns whether it is time to {@link TableFile.flush}
   */
  add(text: string): boolean {
    this.text += text;
    return this.text.length >= BATCH;
  }

  /** Writes what has been gathered. */
  async flush(): Promise<void> {
    const bytes = Buffer.from(this.text, 'utf8');
    this.text = '';
    this.bytes += bytes.length;
    // writeFile on a handle goes on where the last one ended, and writes all of it.
    await this.handle.writeFile(bytes);
  }
}

/** The folder an estate is written into. */
export class EstateFolder {
  /** Files written so far. */
  files = 0;
  /** Bytes written so far. */
  bytes = 0;

  private constructor(private readonly root: string) {}

  /**
   * @param root a folder that is new or empty
   * @returns the folder
   * @throws RangeError when the folder is not empty: an estate of another size would mix with its files
   */
  static async create(root: string): Promise<EstateFolder> {
    await mkdir(root, { recursive: true });
    const found = await readdir(root);
    if (found.length > 0) {
      throw new RangeError(
        `outDir must be a new or empty folder, and ${root} holds ${found.length === 1 ? (found[0] ?? '') : `${found.length} entries`}`,
      );
    }
    return new EstateFolder(root);
  }

  /**
   * Writes a file as a stream.
   *
   * @param path path in the estate, with forward slashes
   * @param body adds the text
   * @returns what the body returns
   */
  async stream<T>(path: string, body: (file: TableFile) => Promise<T>): Promise<T> {
    const target = join(this.root, path);
    await mkdir(dirname(target), { recursive: true });
    const handle = await open(target, 'wx');
    try {
      const file = new TableFile(handle);
      const result = await body(file);
      await file.flush();
      this.files++;
      this.bytes += file.bytes;
      return result;
    } finally {
      await handle.close();
    }
  }

  /**
   * @param path path in the estate, with forward slashes
   * @param text the whole file
   */
  async file(path: string, text: string): Promise<void> {
    await this.stream(path, (file) => {
      file.add(text);
      return Promise.resolve();
    });
  }

  /**
   * @param path path in the estate, with forward slashes
   * @param header column names, comma-separated
   * @param lines rows, without line ends
   */
  async table(path: string, header: string, lines: Iterable<string>): Promise<void> {
    await this.stream(path, async (file) => {
      file.add(`${header}\n`);
      for (const line of lines) if (file.add(`${line}\n`)) await file.flush();
    });
  }
}

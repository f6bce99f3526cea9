import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { DuckSession } from '../../../shared/sql/duck-session';
import { FolderStore } from '../../../shared/stores/folder-store';
import type { StoredStream } from '../../../shared/stores/object-store';
import { readLargeFile } from '../../../shared/usage/athena/read-large-file';
import { DUCK_ENGINE } from '../../../shared/usage/lines/duck-engine';

const CSV = 'a,b\n1,"x, ""y"""\n2,\n';
let folder: string;
let session: DuckSession;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'large-file-'));
  session = await DuckSession.open();
  writeFileSync(join(folder, 'plain.csv'), CSV);
  writeFileSync(join(folder, 'packed.csv.gz'), gzipSync(CSV));
  writeFileSync(join(folder, 'empty.csv'), 'a,b\n');
  await session.run(
    `COPY (SELECT i AS a, MAP {'k': CAST(i AS VARCHAR)} AS m FROM range(5000) r(i)) TO '${join(folder, 'rows.parquet')}' (FORMAT parquet, ROW_GROUP_SIZE 2048)`,
  );
  await session.run(
    `COPY (SELECT i AS a, MAP {'k': CAST(i AS VARCHAR)} AS m FROM range(20) r(i)) TO '${join(folder, 'few.parquet')}' (FORMAT parquet)`,
  );
  await session.run(`COPY (SELECT 1 AS a WHERE false) TO '${join(folder, 'none.parquet')}' (FORMAT parquet)`);
});

afterAll(async () => {
  await session.close();
  rmSync(folder, { recursive: true });
});

const reader = () => ({ store: new FolderStore(folder), session });

test.each(['plain.csv', 'packed.csv.gz', 'empty.csv', 'rows.parquet', 'none.parquet'])(
  '%s: the stream has the facts of a copy on the disk',
  async (file) => {
    const copied = await DUCK_ENGINE.read(reader(), 'usage', file);
    const streamed = await readLargeFile(reader(), file);
    const factsOf = ({ sha256, records, header, types }: typeof copied) => ({
      sha256,
      records,
      header,
      types,
    });
    expect(factsOf(streamed)).toEqual(factsOf(copied));
    expect(streamed.path).toBe(new FolderStore(folder).uri(file));
    expect(await streamed.copy.isCurrent()).toBe(true);
  },
);

/** A store whose streams are made by hand. */
class ByHand extends FolderStore {
  streams = 0;

  constructor(private readonly next: () => Omit<StoredStream, 'isCurrent'>) {
    super(folder);
  }

  override stream(): Promise<StoredStream> {
    this.streams += 1;
    return Promise.resolve({ ...this.next(), isCurrent: () => Promise.resolve(true) });
  }
}

function pieces(body: Buffer, size: number): Readable {
  const count = Math.ceil(body.length / size);
  return Readable.from(
    Array.from({ length: count }, (_, index) => body.subarray(index * size, (index + 1) * size)),
  );
}

test.each([
  [1, 'few.parquet', 20],
  [3, 'few.parquet', 20],
  [1_000, 'rows.parquet', 5_000],
  [1 << 20, 'rows.parquet', 5_000],
])('a Parquet file that comes in pieces of %i bytes: %s', async (size, file, rows) => {
  const body = readFileSync(join(folder, file));
  const store = new ByHand(() => ({ body: pieces(body, size), size: body.length }));
  const { types, records } = await readLargeFile({ store, session }, file);
  expect(types?.get('m')).toBe('MAP(VARCHAR, VARCHAR)');
  expect(records).toBe(rows);
});

test.each(['plain.csv', 'packed.csv.gz', 'rows.parquet'])(
  'a connection that breaks does not mean a damaged file: the file is read again, and the error is reported if that fails too: %s',
  async (file) => {
    const body = readFileSync(join(folder, file));
    const store = new ByHand(() => ({ body: pieces(body.subarray(0, 12), 8), size: body.length }));
    await expect(readLargeFile({ store, session }, file)).rejects.toThrow(
      'the connection ended after 12 bytes',
    );
    expect(store.streams).toBe(4);
  },
);

test.each([
  [
    'bytes in its middle',
    (packed: Buffer): Buffer => Buffer.from(packed).fill(0xff, packed.length / 2, packed.length / 2 + 100),
  ],
  ['no gzip at all', (packed: Buffer): Buffer => Buffer.alloc(packed.length, 'plain text, 1\n')],
  [
    'something after its end',
    (packed: Buffer): Buffer => Buffer.concat([packed, Buffer.alloc(3 << 20, 'x')]),
  ],
])('a damaged gzip file is not taken for a connection that breaks: %s', async (_what, spoil) => {
  const lines = Array.from(
    { length: 200_000 },
    (_, index) => `${String((index * 7919) % 1_000_003)},${String(index)}\n`,
  );
  const packed = gzipSync(['a,b\n', ...lines].join(''), { level: 1 });
  const body = spoil(packed);
  const store = new ByHand(() => ({ body: pieces(body, 1 << 16), size: body.length }));
  await expect(readLargeFile({ store, session }, 'packed.csv.gz')).rejects.toThrow(
    'a whole gzip file; it is truncated or damaged',
  );
  expect(store.streams).toBe(1);
});

test.each([
  ['text.parquet', CSV, 'a whole Parquet file; it is truncated or damaged (its magic bytes are missing)'],
  ['short.parquet', 'PAR1', 'a whole Parquet file; it is truncated or damaged (its magic bytes are missing)'],
  ['long.parquet', 'PAR1\u00ff\u0000\u0000\u0000PAR1', 'bytes of metadata are declared'],
  ['broken.csv', 'a,b\n1,"x\ny"\n', 'no line break inside quotes: Athena reads every line as a record'],
])('%s is reported as damaged', async (file, content, message) => {
  writeFileSync(join(folder, file), content);
  await expect(readLargeFile(reader(), file)).rejects.toThrow(message);
});

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { readTable, type TableContent } from '../../shared/estate/read-table';
import { RACK_USE } from '../../shared/estate/tables';
import { withSession } from '../../shared/sql/duck-session';
import { FolderStore } from '../../shared/stores/folder-store';
import { EstateFolder } from '../support/estate-folder';
import { scratch } from '../support/scratch';

const folder = scratch();

function read(path: string, ...files: readonly string[]): Promise<TableContent<unknown>> {
  return withSession({}, (session) => readTable({ store: new FolderStore(path), session }, RACK_USE, files));
}

test('a table of 150,000 rows in one file is read', async () => {
  const estate = new EstateFolder(folder());
  const rows = Array.from({ length: 150_000 }, (_, index) => `r${String(index)},A,0.5`);
  estate.write('large.csv', ['rack_id,product_code,share', ...rows, ''].join('\n'));
  const { rows: found, problems } = await read(estate.path, 'large.csv');
  expect([found.length, problems]).toEqual([150_000, []]);
});

test('130,000 problems of one file are all reported', async () => {
  const estate = new EstateFolder(folder());
  const rows = Array.from({ length: 130_000 }, (_, index) => `r${String(index)},A,x`);
  estate.write('invalid.csv', ['rack_id,product_code,share', ...rows, ''].join('\n'));
  expect((await read(estate.path, 'invalid.csv')).problems).toHaveLength(130_000);
});

test('a small gzip file whose content does not fit into memory is an error with its size', async () => {
  const path = folder();
  // A gzip file may have many members.
  const header = gzipSync('rack_id,product_code,share\n');
  const member = gzipSync('rack,A,0.5\n'.repeat(1_000_000), { level: 1 });
  const members = Array.from({ length: 25 }, () => member);
  writeFileSync(join(path, 'bomb.csv.gz'), Buffer.concat([header, ...members]));
  const { rows, problems } = await read(path, 'bomb.csv.gz');
  expect(rows).toEqual([]);
  expect(problems).toEqual([
    {
      table: 'rack_use',
      file: 'bomb.csv.gz',
      expected:
        'at most 256 MiB of uncompressed content, which is what a table has left for this file; found 263 MiB',
    },
  ]);
});

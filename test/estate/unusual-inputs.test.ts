import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { BAD, fileOf } from '../support/bad-input';
import { EstateFolder } from '../support/estate-folder';
import { monthlyEstate } from '../support/estates/monthly-estate';
import { EXPORT_NAME } from '../support/export-name';
import { readExportRows, readManifest } from '../support/export-reader';
import { copyFolder } from '../support/folder-contents';
import { nonEmpty } from '../support/non-empty';
import { runEstate } from '../support/run-command';
import { scratch } from '../support/scratch';

/*
 * What looks unusual and is fine: the rows of the month are the same, to the last bit, as without it.
 */

const USAGE = fileOf('usage');
const PLACE = { exportName: EXPORT_NAME, month: BAD, modelVersion: 'v2.0.0', format: 'parquet' } as const;

const folder = scratch();
let inputs = '';
let expected: unknown;

beforeAll(async () => {
  inputs = EstateFolder.of(monthlyEstate([BAD]), join(folder(), 'inputs')).path;
  const out = folder();
  expect((await runEstate(inputs, out)).code).toBe(0);
  expected = await readExportRows({ out, ...PLACE });
});

const TEXT_TABLES = [
  'clusters.csv',
  'electricity.csv',
  'services.csv',
  'internal_accounts.csv',
  fileOf('racks'),
  fileOf('service_use'),
  USAGE,
];

test.each<{ what: string; change: (estate: EstateFolder) => unknown }>([
  {
    what: 'a byte order mark in every table',
    change: (estate) => {
      for (const file of TEXT_TABLES) estate.write(file, `\ufeff${estate.read(file)}`);
    },
  },
  {
    what: 'CRLF in every table',
    change: (estate) => {
      for (const file of TEXT_TABLES) estate.write(file, estate.read(file).replaceAll('\n', '\r\n'));
    },
  },
  {
    what: 'a byte order mark and CRLF in gzip',
    change: (estate) => {
      for (const file of TEXT_TABLES) {
        estate.write(file, `\ufeff${estate.read(file).replaceAll('\n', '\r\n')}`);
        estate.gzip(file);
      }
    },
  },
  {
    what: 'no line break at the end',
    change: (estate) => {
      for (const file of TEXT_TABLES) estate.write(file, estate.read(file).trimEnd());
    },
  },
  {
    what: 'empty lines',
    change: (estate) => {
      for (const file of TEXT_TABLES) estate.write(file, `${estate.read(file).replace('\n', '\n\n')}\n\n`);
    },
  },
  {
    what: 'every field in quotes',
    change: (estate) => {
      for (const file of TEXT_TABLES) estate.write(file, estate.read(file).replaceAll(/[^,\n]+/g, '"$&"'));
    },
  },
  {
    what: 'further columns and another order of columns',
    change: (estate) => {
      for (const file of TEXT_TABLES) {
        const lines = estate.read(file).trimEnd().split('\n');
        const turned = lines.map((line, index) =>
          [index === 0 ? 'note' : 'x', ...line.split(',').reverse()].join(','),
        );
        estate.write(file, turned.join('\n'));
      }
    },
  },
  {
    what: 'gzip in two members, as tools that append write it',
    change: (estate) => {
      const [header = '', ...lines] = estate.read(USAGE).split('\n');
      estate.remove(USAGE);
      estate.write(`${USAGE}.gz`, Buffer.concat([gzipSync(`${header}\n`), gzipSync(lines.join('\n'))]));
    },
  },
  {
    what: 'Parquet with numbers as numbers',
    change: async (estate) => {
      await estate.parquet(
        USAGE,
        `SELECT * REPLACE (TRY_CAST(usage_quantity AS DOUBLE) AS usage_quantity, TRY_CAST(usage_revenue AS DECIMAL(18, 2)) AS usage_revenue) FROM csv`,
      );
      await estate.parquet(
        fileOf('racks'),
        'SELECT * REPLACE (CAST(power_kw AS FLOAT) AS power_kw) FROM csv',
      );
      await estate.parquet(fileOf('rack_use'), 'SELECT * REPLACE (CAST(share AS DOUBLE) AS share) FROM csv');
      await estate.parquet('grid_factors.csv', 'SELECT * REPLACE (CAST(year AS INTEGER) AS year) FROM csv');
    },
  },
  {
    what: 'empty files next to the full one: CSV with a header only, and Parquet without rows',
    change: async (estate) => {
      const [header = ''] = estate.read(USAGE).split('\n');
      for (const name of ['a', 'b', 'c', 'd']) {
        estate.write(
          `usage/usage_period=${BAD}/${name}.csv`,
          `${header}\n${header.replaceAll(/[^,]/g, 'x')}\n`,
        );
      }
      await estate.parquet(`usage/usage_period=${BAD}/a.csv`, 'SELECT * FROM csv LIMIT 0');
      await estate.parquet(`usage/usage_period=${BAD}/b.csv`, 'SELECT * FROM csv LIMIT 0');
      estate.write(`usage/usage_period=${BAD}/c.csv`, `${header}\n`);
      estate.write(`usage/usage_period=${BAD}/d.csv`, header);
    },
  },
  {
    what: 'numbers in other spellings',
    change: (estate) => {
      estate.edit(USAGE, ',3,1.5', ',+3.,1.50');
      estate.edit(fileOf('racks'), ',10', ',1e1');
      estate.edit(fileOf('rack_use'), '0.25', '+.25');
      estate.edit(fileOf('rack_use'), '0.5', '5E-1');
    },
  },
  {
    what: 'lines that are negative and net to nothing less than 0',
    change: (estate) => {
      estate.append(USAGE, '000000000001,c1,A,-2,', '000000000001,c1,A,2.0,', '000000000002,c1,B,,-1');
      estate.append(USAGE, '000000000002,c1,B,,1');
    },
  },
  {
    what: 'an account whose quantities net to exactly 0, over the exact decimals',
    change: (estate) => {
      estate.append(USAGE, '000000000007,c1,A,0.3,', '000000000007,c1,A,-0.1,', '000000000007,c1,A,-0.2,');
    },
  },
  {
    what: 'notes of tools next to the tables',
    change: (estate) => {
      estate.write(`usage/usage_period=${BAD}/_SUCCESS`, '');
      estate.write(`usage/usage_period=${BAD}/.part.crc`, '');
      estate.write('README.md', 'hello');
      estate.write('.DS_Store', '');
    },
  },
  {
    what: 'shares that exceed 1 by the tolerance',
    change: (estate) => {
      estate.edit(fileOf('service_use'), '0.1', '0.1');
      estate.append(fileOf('racks'), 'r0,c1,server,0');
      estate.append(fileOf('rack_use'), 'r0,A,1.0000000001');
    },
  },
  {
    what: 'sums that exceed 1 by the tolerance',
    change: (estate) => {
      estate.append(fileOf('racks'), 'r0,c1,server,0');
      estate.append(fileOf('rack_use'), 'r0,A,0.5', 'r0,B,0.5000000001');
    },
  },
])('$what', async ({ change }) => {
  // Prepare
  const estate = new EstateFolder(copyFolder(inputs, folder()));
  await change(estate);
  const out = folder();
  // Act
  const run = await runEstate(estate.path, out);
  // Assess
  expect(run.outcomes[BAD]?.error).toBeUndefined();
  expect(run).toMatchObject({ code: 0, problems: [] });
  expect(await readExportRows({ out, ...PLACE })).toEqual(expected);
});

test('rack use of exactly 1 and a bit is divided by what was used, so that nothing is lost or won', async () => {
  // Prepare
  const estate = new EstateFolder(copyFolder(inputs, folder()));
  estate.edit(fileOf('rack_use'), '0.5', '0.75000000009');
  const out = folder();
  // Act
  const run = await runEstate(estate.path, out);
  // Assess
  expect(run.code).toBe(0);
  expect(readManifest({ out, ...PLACE }).largestResidual).toBeLessThan(1e-12);
});

test('a month with usage and without emissions has rows of 0', async () => {
  // Prepare
  const estate = new EstateFolder(copyFolder(inputs, folder()));
  for (const table of ['electricity', 'fuel_use']) {
    estate.write(`${table}.csv`, `${estate.read(`${table}.csv`).split('\n')[0] ?? ''}\n`);
  }
  const out = folder();
  // Act
  const run = await runEstate(estate.path, out);
  // Assess
  expect(run.code).toBe(0);
  const rows = await readExportRows({ out, ...PLACE });
  expect(rows).toHaveLength(3);
  expect(nonEmpty(rows).every((row) => row['total_mbm_emissions_value'] === 0)).toBe(true);
});

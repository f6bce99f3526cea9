import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type SampleOptions, writeSampleEstate } from '../../sample/generate';
import { nonEmpty } from '../support/non-empty';
import { column, digestOf, generate, monthsOf, newFolder, readMonth, readTable } from './estate';
import { filesBelow } from '../support/folder-contents';

const SMALL = { months: 3, regions: 4, services: 8, accounts: 12 } as const;

describe('the same bytes', () => {
  afterEach(() => {
    jest.restoreAllMocks();
  });

  const inAnotherYear = (): void => {
    jest.spyOn(Date, 'now').mockReturnValue(Date.UTC(2041, 5, 1));
    jest.spyOn(Math, 'random').mockReturnValue(0.123);
  };

  it('come out of two runs with the same options, in any year: no clock, no other randomness', async () => {
    const one = await generate(SMALL);
    inAnotherYear();
    const two = await generate(SMALL);

    expect(digestOf(two.dir)).toBe(digestOf(one.dir));
  });

  it('come out of the default sample in any year', async () => {
    inAnotherYear();
    const later = await generate();

    // No upgrade of Node.js and no platform may change the data. The texts of the README may be improved.
    expect(digestOf(later.dir, (file) => file !== 'README.md')).toBe(
      '56328c6b18d1f6506dc6b1296ac57fdf944eb7e2f85917e7c4504ad1fc811292',
    );
  });

  it('do not come out of another seed, except for what is real', async () => {
    const one = await generate({ ...SMALL, seed: 1 });
    const two = await generate({ ...SMALL, seed: 2 });

    const differing = filesBelow(one.dir).filter(
      (file) => JSON.stringify(readText(one.dir, file)) !== JSON.stringify(readText(two.dir, file)),
    );
    expect(filesBelow(two.dir)).toEqual(filesBelow(one.dir));
    expect(differing).toEqual(
      expect.arrayContaining(['electricity.csv', 'usage/usage_period=2026-10/usage.csv']),
    );
    expect(differing).not.toContain('fuel_factors.csv');
    expect(differing).not.toContain('grid_factors.csv');
  });

  it('of one cluster do not depend on how many others there are', async () => {
    const few = await generate({ ...SMALL, regions: 2 });
    const more = await generate({ ...SMALL, regions: 4 });

    const racks = (dir: string): unknown =>
      readMonth(dir, 'racks', '2026-10').filter((row) => row['cluster_id'] === 'us-east-1');
    expect(racks(more.dir)).toEqual(racks(few.dir));
  });
});

function readText(dir: string, file: string): unknown {
  return file.endsWith('.csv') ? readTable(dir, file) : file;
}

describe('sizes', () => {
  it.each([
    { $description: 'small', options: SMALL },
    { $description: 'one month of long ago', options: { ...SMALL, months: 1, lastMonth: '2001-02' } },
    { $description: 'one month of later', options: { ...SMALL, months: 2, lastMonth: '2040-01' } },
    {
      $description: 'more than there are real Regions and services',
      options: { months: 1, regions: 30, services: 40, accounts: 150, racksPerCluster: 20 },
    },
    {
      $description: 'the least of all',
      options: { months: 1, regions: 1, services: 6, accounts: 4, racksPerCluster: 3 },
    },
  ])('are honoured: $$description', async ({ options }) => {
    const { dir, summary } = await generate(options);

    const lastMonth = 'lastMonth' in options ? options.lastMonth : '2026-10';
    const clusters = readTable(dir, 'clusters.csv');
    const racks = readMonth(dir, 'racks', lastMonth);
    expect(monthsOf(dir, 'racks')).toHaveLength(options.months);
    expect(monthsOf(dir, 'usage').at(-1)).toBe(lastMonth);
    expect(clusters.filter((row) => row['kind'] === 'region')).toHaveLength(options.regions);
    expect(readTable(dir, 'services.csv')).toHaveLength(options.services);
    expect(summary.accounts).toBe(options.accounts);
    const perCluster = 'racksPerCluster' in options ? options.racksPerCluster : 8;
    expect(racks).toHaveLength(perCluster * clusters.length);
    expect(column(racks, 'rack_id').size).toBe(racks.length);
    expect(readMonth(dir, 'usage', lastMonth).length).toBeGreaterThan(options.accounts);
    expect(summary).toMatchObject({ months: options.months, lastMonth, focusRows: 0 });
  });

  it.each([200_000, 123_457])('of a benchmark are exact: %i rows in a month', async (rows) => {
    const { dir, summary } = await generate({ months: 1, usageRowsPerMonth: rows });

    const usage = readMonth(dir, 'usage', '2026-10');
    expect(usage).toHaveLength(rows);
    expect(summary.usageRows).toBe(rows);
    expect(nonEmpty(usage).every((row) => Number(row['usage_quantity'] ?? '') >= 0)).toBe(true);
  });

  it('below the natural number of rows change nothing', async () => {
    const natural = await generate(SMALL);
    const fewer = await generate({ ...SMALL, usageRowsPerMonth: 10 });

    expect(digestOf(fewer.dir)).toBe(digestOf(natural.dir));
  });

  it('of a benchmark keep the real month as it is', async () => {
    const { dir, summary } = await generate({ months: 2, lastMonth: '2024-10', usageRowsPerMonth: 5_000 });

    expect(monthsOf(dir, 'usage')).toEqual(['2024-10']);
    expect(monthsOf(dir, 'focus')).toEqual(['2024-09']);
    expect(summary).toMatchObject({ usageRows: 5_000, focusRows: 942 });
  });

  it('count what was written', async () => {
    const { dir, summary } = await generate(SMALL);

    const rows = (table: string): number =>
      monthsOf(dir, table).reduce((sum, month) => sum + readMonth(dir, table, month).length, 0);
    expect(summary).toMatchObject({
      files: filesBelow(dir).length,
      rackRows: rows('racks'),
      usageRows: rows('usage'),
      sites: readTable(dir, 'sites.csv').length,
      clusters: readTable(dir, 'clusters.csv').length,
      firstMonth: '2026-08',
    });
  });
});

describe('the real month', () => {
  it('is usage like any other where focus is off', async () => {
    const { dir } = await generate({ months: 2, lastMonth: '2024-09', focus: false });

    expect(monthsOf(dir, 'usage')).toEqual(['2024-08', '2024-09']);
    expect(monthsOf(dir, 'focus')).toEqual([]);
  });
});

describe('options out of bounds', () => {
  it.each<[string, Omit<SampleOptions, 'outDir'>]>([
    ['months must be a whole number from 1 to 600, not 0', { months: 0 }],
    ['months must be a whole number from 1 to 600, not 1.5', { months: 1.5 }],
    ['regions must be a whole number from 1 to 500, not -3', { regions: -3 }],
    ['services must be a whole number from 6 to 2000, not 2', { services: 2 }],
    ['accounts must be a whole number from 4 to 1000000, not NaN', { accounts: Number.NaN }],
    ['racksPerCluster must be a whole number from 3 to 10000, not 1', { racksPerCluster: 1 }],
    [
      'usageRowsPerMonth must be a whole number from 0 to 20000000, not 20000001',
      { usageRowsPerMonth: 20_000_001 },
    ],
    ['seed must be a whole number from 0 to 4294967295, not -1', { seed: -1 }],
    ['lastMonth must be a month YYYY-MM from 1900-01 to 2099-12, not "2026-13"', { lastMonth: '2026-13' }],
    ['the real rows are of 2024-09, and the months are 2026-10 to 2026-10', { focus: true, months: 1 }],
    ['the real rows name 19 Regions, and regions is 5', { focus: true, regions: 5 }],
    ['the real rows name 24 services, and services is 10', { focus: true, services: 10 }],
    ['the real rows name 66 accounts, and accounts 60 leaves room for 56', { focus: true, accounts: 60 }],
  ])('are refused: %s', async (message, options) => {
    const dir = newFolder();

    const attempt = writeSampleEstate({ ...options, outDir: dir });

    await expect(attempt).rejects.toThrow(RangeError);
    await expect(attempt).rejects.toThrow(message);
    expect(filesBelow(dir)).toEqual([]);
  });

  it('are refused: a blank folder', async () => {
    await expect(writeSampleEstate({ outDir: ' ' })).rejects.toThrow(
      'outDir must name a folder, not be blank',
    );
  });

  it('are refused: a folder that holds something, which stays as it is', async () => {
    const dir = newFolder();
    writeFileSync(join(dir, 'mine.txt'), 'mine');

    await expect(writeSampleEstate({ outDir: dir })).rejects.toThrow(
      /outDir must be a new or empty folder.*mine\.txt/,
    );
    expect(filesBelow(dir)).toEqual(['mine.txt']);
  });
});

import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type EstateTables, readEstate, writeEstate, type WriteOptions } from './estate-tables';
import { randomEstate } from './random-estate';

describe('writing and reading an estate', () => {
  let directory: string;

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'estate-'));
  });

  afterEach(() => {
    rmSync(directory, { recursive: true });
  });

  it('returns the same tables in the same order', () => {
    // Prepare
    const tables = randomEstate(3);
    // Act
    writeEstate(tables, directory);
    // Assess
    expect(readEstate(directory)).toEqual(tables);
  });

  it.each<WriteOptions & { what: string }>([
    { what: 'shuffled', shuffleSeed: 5 },
    { what: 'compressed', gzip: true },
    { what: 'in several files', filesPerMonth: 4 },
    { what: 'all of these', shuffleSeed: 6, gzip: true, filesPerMonth: 3 },
  ])('has the same rows when they are written $what', (options) => {
    // Prepare
    const tables = randomEstate(4);
    // Act
    writeEstate(tables, directory, options);
    // Assess
    expect(sorted(readEstate(directory))).toEqual(sorted(tables));
  });

  it('writes as many files as asked for, compressed if so asked', () => {
    // Prepare
    const tables = randomEstate(5);
    // Act
    writeEstate(tables, directory, { filesPerMonth: 3, gzip: true });
    // Assess
    expect(readdirSync(join(directory, 'usage', 'usage_period=2025-01')).sort()).toEqual([
      'usage-part-1.csv.gz',
      'usage-part-2.csv.gz',
      'usage-part-3.csv.gz',
    ]);
    expect(readdirSync(directory)).toContain('clusters.csv.gz');
  });

  it('never writes two files of one month that are the same', () => {
    // Prepare
    const row = {
      usage_account_id: '000000000001',
      cluster_id: 'c',
      product_code: 's',
      usage_quantity: '1',
      usage_revenue: '',
    };
    const tables = { ...randomEstate(6), usage: { '2025-01': [row, row, row, row] } };
    // Act
    writeEstate(tables, directory, { filesPerMonth: 3 });
    // Assess: two and two would be the same again, so all four are in one file
    expect(readdirSync(join(directory, 'usage', 'usage_period=2025-01'))).toHaveLength(1);
    expect(readEstate(directory).usage['2025-01']).toHaveLength(4);
  });
});

/** The estate with the rows of every table in the order of their text. */
function sorted(tables: EstateTables): EstateTables {
  const copy = structuredClone(tables);
  const { accounts, racks, rack_use, service_use, usage, cluster_emissions, service_emissions, ...rest } =
    copy;
  const lists: object[][] = [...Object.values(rest), accounts.Accounts];
  const monthly = [racks, rack_use, service_use, usage, cluster_emissions, service_emissions];
  for (const table of monthly) lists.push(...Object.values(table));
  const text = (row: object): string => JSON.stringify(row);
  for (const rows of lists) rows.sort((left, right) => (text(left) < text(right) ? -1 : 1));
  return copy;
}

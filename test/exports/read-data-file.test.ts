import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { columnsOfExport } from '../../shared/exports/columns';
import { dataFileRelation } from '../../shared/exports/read-data-file';
import { withSession } from '../../shared/sql/duck-session';
import { scratch } from '../support/scratch';

const folder = scratch();

/** Reads columns of a CSV file of a breakdown. */
function read(lines: readonly (readonly string[])[], columns: string): Promise<unknown> {
  const path = join(folder(), 'data.csv.gz');
  writeFileSync(path, gzipSync(lines.map((fields) => `${fields.join(',')}\n`).join('')));
  return withSession({}, (session) =>
    session.rows(`SELECT ${columns} FROM ${dataFileRelation(path, '$1')}`, [path]),
  );
}

const names = columnsOfExport(true).map(({ name }) => name);

/** Fields of a row, by name; the others are 1. */
const row = (fields: Readonly<Record<string, string>>): string[] => names.map((name) => fields[name] ?? '1');

describe('a data file in CSV', () => {
  const values = ['1.50', '0010', '2024-1-5', 'TRUE', '""', "'=1"];

  test('has texts of tags as they are, whatever they look like, and numbers', async () => {
    const rows = values.map((value) => row({ split_value: value, total_lbm_emissions_value: '1.5e-3' }));
    const columns = 'split_value, usage_account_id, total_lbm_emissions_value AS lbm';
    const found = await read([names, ...rows], columns);
    expect(found).toEqual(
      values.map((value) => ({
        ...{ split_value: value === '""' ? null : value, usage_account_id: '1', lbm: 0.0015 },
      })),
    );
  });

  test('has the columns of its header, in any order', async () => {
    const lines = [names, row({ split_value: 'x', region_code: 'y' })].map((line) => [...line].reverse());
    const found = await read(lines, 'split_value, region_code, total_mbm_emissions_value AS mbm');
    expect(found).toEqual([{ split_value: 'x', region_code: 'y', mbm: 1 }]);
  });

  test('has no row where only the header is there', async () => {
    expect(await read([names], 'count(*)::INTEGER AS n')).toEqual([{ n: 0 }]);
  });

  test('that is damaged is an error of the engine', async () => {
    const path = join(folder(), 'damaged.csv.gz');
    writeFileSync(path, 'no gzip');
    const reading = withSession({}, (session) =>
      session.rows(`SELECT * FROM ${dataFileRelation(path, '$1')}`, [path]),
    );
    await expect(reading).rejects.toThrow('GZIP');
  });
});

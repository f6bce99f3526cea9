import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { nonEmpty } from '../support/non-empty';
import { column, generate, monthsOf, readMonth, readTable, type Row } from './estate';

const REFERENCE = join(__dirname, '..', '..', 'sample', 'reference');

let dir = '';
let sites: Row[] = [];

beforeAll(async () => {
  ({ dir } = await generate());
  sites = readTable(dir, 'sites.csv');
});

const allMonths = (): string[] => monthsOf(dir, 'racks');
const real = (): Row[] =>
  readTable(REFERENCE, 'focus_1_0_sample.csv').filter((row) => row['ProviderName'] === 'AWS');

describe('what is real is as in the reference', () => {
  it('keeps the 942 rows byte for byte', () => {
    const lines = readFileSync(join(REFERENCE, 'focus_1_0_sample.csv'), 'utf8').split('\n');
    const written = readFileSync(join(dir, 'focus/usage_period=2024-09/focus_1_0_sample_aws.csv'), 'utf8');
    expect(written.split('\n').slice(0, -1)).toEqual(
      lines.filter((line, i) => i === 0 || line.includes('"AWS"')),
    );
    const rows = readMonth(dir, 'focus', '2024-09');
    expect(rows).toHaveLength(942);
    expect(rows).toEqual(real());
  });

  it('takes grid factors, fuel factors and warming potentials unchanged', () => {
    for (const file of ['fuel_factors.csv', 'gwp.csv']) {
      expect(readFileSync(join(dir, file))).toEqual(readFileSync(join(REFERENCE, file)));
    }
    const reference = readTable(REFERENCE, 'aws_region_grid_factors.csv');
    const factors = new Set(column(reference, 'location_based_kg_per_kwh'));
    const written = readTable(dir, 'grid_factors.csv');
    for (const row of nonEmpty(written)) expect(factors).toContain(row['location_based_kg_per_kwh']);
    const gridOf = new Map(sites.map((row) => [row['cluster_id'], row['grid_id']]));
    for (const row of nonEmpty(reference)) {
      const grid = gridOf.get(row['region_code']);
      const found = written.find((factor) => factor['grid_id'] === grid);
      if (found !== undefined)
        expect(found['location_based_kg_per_kwh']).toBe(row['location_based_kg_per_kwh']);
    }
  });

  it.each(['us-east-1', 'eu-north-1', 'ap-south-2', 'af-south-1'])(
    'has the PUE of %s that AWS published',
    (region) => {
      const published = readTable(REFERENCE, 'aws_regions.csv')
        .filter((row) => row['region_code'] === region && row['power_usage_effectiveness'] !== '')
        .map((row) => Number(row['power_usage_effectiveness']))
        .at(-1);
      let energy = 0;
      let power = 0;
      for (const month of allMonths().filter((m) => m.startsWith('2025'))) {
        const days = new Date(Date.UTC(2025, Number(month.slice(5)), 0)).getUTCDate();
        for (const rack of readMonth(dir, 'racks', month)) {
          if (rack['cluster_id'] === region) power += (Number(rack['power_kw']) * 24 * days) / 1000;
        }
      }
      for (const row of readTable(dir, 'electricity.csv')) {
        const ours = row['site_id']?.startsWith(`${region}-s`) && row['usage_period']?.startsWith('2025');
        if (ours === true) energy += Number(row['mwh']);
      }
      expect(energy / power).toBeCloseTo(published ?? NaN, 1);
    },
  );
});

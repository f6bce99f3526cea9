import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type EstateTables, writeEstate } from '../../support/estates/estate-tables';
import { embodied, scope3Estate as estate } from '../../support/estates/scope-3-estate';
import { runFolders } from '../../support/run-export';
import { scratch } from '../../support/scratch';

/* Bad values of the tables of v3.0.0. */

const folder = scratch();

async function failureOf(tables: EstateTables, model = 'v3.0.0'): Promise<string | undefined> {
  const inputs = join(folder(), 'inputs');
  writeEstate(tables, inputs);
  const { months } = await runFolders(inputs, folder(), { model });
  return months[0]?.error;
}

test('warming potentials of two assessment reports are an error with the place', async () => {
  const inputs = join(folder(), 'inputs');
  writeEstate(estate({ rack_embodied: [embodied('r1')] }), inputs);
  const rows = ['co2,1,,AR6', 'ch4,28,,AR6', 'n2o,265,,AR5'];
  writeFileSync(join(inputs, 'gwp.csv'), ['gas,gwp100,source,assessment_report', ...rows].join('\n'));
  const { months } = await runFolders(inputs, folder(), { model: 'v3.0.0' });
  expect(months[0]?.error).toContain(
    'gwp.csv, row 3, column assessment_report: found "AR5", expected the assessment report of the first row, AR6',
  );
});

test.each([
  [
    'rack_embodied',
    { rack_embodied: [embodied('r1', { retired_on: '2024-11-30' })] },
    'row 1, column retired_on',
  ],
  [
    'rack_embodied',
    { rack_embodied: [embodied('r1', { service_months: '0' })] },
    'row 1, column service_months',
  ],
  [
    'rack_embodied',
    { rack_embodied: [embodied('r1', { service_months: '601' })] },
    'row 1, column service_months',
  ],
  ['rack_embodied', { rack_embodied: [embodied('r1', { method: 'guess' })] }, 'row 1, column method'],
  ['rack_embodied', { rack_embodied: [embodied('r1'), embodied('r1')] }, 'row 2, column rack_id'],
  ['rack_embodied', { rack_embodied: [embodied('r1', { cluster_id: 'c9' })] }, 'row 1, column cluster_id'],
  ['rack_embodied', { rack_embodied: [embodied('r1', { embodied_kg: '-1' })] }, 'row 1, column embodied_kg'],
  [
    'rack_embodied',
    { rack_embodied: [embodied('r1', { in_service_on: '2025-02-30' })] },
    'row 1, column in_service_on',
  ],
  [
    'assets',
    { assets: [{ asset_id: 'a', kind: 'building', in_service_on: '2024-12-01', embodied_kg: '1' }] },
    'row 1, column cluster_id',
  ],
  [
    'refrigerant_use',
    { rack_embodied: [], refrigerant_use: [{ site_id: 's1', period: '2024', gas: 'xx', quantity_kg: '1' }] },
    'row 1, column gas',
  ],
])('a bad value of %s is an error with its place (%#)', async (table, changes, place) => {
  const message = await failureOf(estate(changes));
  expect(message).toContain(`${table}.csv, ${place}: `);
  // v2.0.0 does not read the table.
  expect(await failureOf(estate(changes), 'v2.0.0')).toBeUndefined();
});

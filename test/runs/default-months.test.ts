import { join } from 'node:path';
import { addMonths, asMonth } from '../../shared/base/month';
import type { ExportSettings } from '../../shared/exports/export-settings';
import { listExport, planRun } from '../../shared/runs/plan-run';
import { FolderStore } from '../../shared/stores/folder-store';
import { EstateFolder } from '../support/estate-folder';
import { scratch } from '../support/scratch';

const folder = scratch();

/** Months from 2022-01 on, as AWS delivers them. */
const DELIVERED = Array.from({ length: 58 }, (_, index) => addMonths(asMonth('2022-01'), index));

const SETTINGS: ExportSettings = { exportName: 'carbon', format: 'parquet', productDetail: 'all' };

async function planOf(table: string, totals: Pick<ExportSettings, 'totals'>): ReturnType<typeof planRun> {
  const estate = new EstateFolder(join(folder(), 'inputs'));
  for (const month of DELIVERED) {
    const version = table === 'aws_carbon' ? 'carbon_model_version=v3.0.0/' : '';
    estate.write(`${table}/${version}usage_period=${month}/part.csv`, '');
  }
  const exports = new FolderStore(folder());
  const request = {
    ...{ inputs: new FolderStore(estate.path), exports, selection: {} },
    settings: { ...SETTINGS, ...totals },
    asOf: new Date('2026-11-20T00:00:00Z'),
  };
  return planRun(request, await listExport(exports, SETTINGS.exportName));
}

test("a run covers all months that AWS delivered of AWS's totals by default", async () => {
  const { months } = await planOf('aws_carbon', { totals: 'aws' });
  expect(months.map(({ month }) => month)).toEqual(DELIVERED);
});

test('a run of computed totals covers 38 months by default', async () => {
  const { months } = await planOf('usage', {});
  expect(months.map(({ month }) => month)).toEqual(DELIVERED.slice(-38));
});

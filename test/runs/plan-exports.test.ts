import { join } from 'node:path';
import { NO_PROGRESS } from '../../shared/base/progress';
import type { Breakdown } from '../../shared/exports/breakdown';
import { breakdownSettings, withBreakdowns } from '../../shared/exports/export-settings';
import { dataKey, asExportMonth } from '../../shared/exports/layout';
import { readListAccountsFiles } from '../../shared/organization/list-accounts-file';
import { planExports } from '../../shared/runs/plan-exports';
import { runExport } from '../../shared/runs/run-export';
import { FolderStore } from '../../shared/stores/folder-store';
import type { StoredObject } from '../../shared/stores/object-store';
import { billCsv, estateWithoutUsage, FOCUS_BILL, focusRow } from '../support/bills';
import { EXPORT_NAME } from '../support/export-name';
import { nonEmpty } from '../support/non-empty';
import { AS_OF } from '../support/run-command';
import { scratch } from '../support/scratch';

/*
 * The exports of a deployment are planned as one: months name their breakdown.
 */

const folder = scratch();

const TEAM: Breakdown = { kind: 'tag', key: 'team' };
const RESOURCE: Breakdown = { kind: 'resource', key: '' };
const PLAIN = { exportName: EXPORT_NAME, format: 'parquet', productDetail: 'all' } as const;
const AT = asExportMonth('2025-01', 'v2.0.0');

/** A folder whose objects have versions, as those of S3 have: without versions, every month is read. */
class VersionedFolder extends FolderStore {
  override async list(prefix: string): Promise<StoredObject[]> {
    return (await super.list(prefix)).map((object) => ({ ...object, version: 'first' }));
  }
}

/** An estate with bills of one month, published without breakdowns and with these. */
async function published(by: readonly Breakdown[]): Promise<{
  readonly exports: FolderStore;
  readonly plan: () => ReturnType<typeof planExports>;
}> {
  const estate = estateWithoutUsage(join(folder(), 'inputs'));
  const line = focusRow({}, { Tags: '{"team": "red", "Team!": "blue"}', ResourceId: 'i-1' });
  estate.write(FOCUS_BILL, billCsv([line]));
  estate.write('racks/stray.csv', '');
  const stores = { inputs: new VersionedFolder(estate.path), exports: new VersionedFolder(folder()) };
  const request = { ...stores, selection: {}, asOf: new Date(`${AS_OF}T00:00:00Z`) };
  for (const settings of nonEmpty(withBreakdowns(PLAIN, by))) {
    const running = { ...request, settings, now: new Date(), limits: {} };
    const { months } = await runExport(
      { ...running, readOrganization: (asOf) => readListAccountsFiles(stores.inputs, asOf) },
      NO_PROGRESS,
    );
    expect(months.map(({ status, error }) => error ?? status)).toEqual(['published']);
  }
  return {
    exports: stores.exports,
    plan: () => planExports(request, withBreakdowns(PLAIN, [TEAM, RESOURCE])),
  };
}

test('a month is planned for the exports that lack it, and common problems are reported once', async () => {
  const { plan } = await published([TEAM]);
  const { months, unchanged, notAvailable, problems } = await plan();
  expect(months).toEqual([{ ...AT, split: 'resource' }]);
  expect(unchanged).toEqual([
    { exportName: EXPORT_NAME, ...AT, status: 'unchanged', summary: expect.anything() as unknown },
    // The figures of a breakdown are not passed from step to step.
    { exportName: `${EXPORT_NAME}-by-tag-team`, ...AT, status: 'unchanged' },
  ]);
  expect(notAvailable).toEqual(['2025-02']);
  expect(problems).toEqual([expect.stringContaining('stray.csv')]);
});

test('a breakdown whose export holds another one is reported, and the others are planned', async () => {
  const { exports, plan } = await published([{ kind: 'tag', key: 'Team!' }]);
  // An export was copied over the one of another tag.
  const record = `${EXPORT_NAME}-by-tag-team/state/export.json`;
  const other = `${EXPORT_NAME}-by-tag-Team-8c8a8b15/state/export.json`;
  await exports.put(record, (await exports.get(other))?.body ?? '');
  const { months, unchanged, problems } = await plan();
  expect(months).toEqual([{ ...AT, split: 'resource' }]);
  expect(unchanged.map(({ exportName }) => exportName)).toEqual([EXPORT_NAME]);
  expect(problems).toEqual([
    expect.stringMatching(/^no month of carbon-by-tag-team was planned: .*another breakdown than tag:team/),
    expect.stringContaining('stray.csv'),
  ]);
});

test('where a breakdown lost its file, its month alone is planned again', async () => {
  const { exports, plan } = await published([TEAM, RESOURCE]);
  expect((await plan()).months).toEqual([]);
  await exports.delete(dataKey(breakdownSettings(PLAIN, TEAM).exportName, AT, 'parquet'));
  expect((await plan()).months).toEqual([{ ...AT, split: 'tag:team' }]);
});

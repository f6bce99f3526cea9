import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { moversOf, total } from '../../report/causes';
import { sums } from '../../report/model';
import { writeAwsEstate } from '../../sample/aws-estate';
import { type Figure, figureColumn, FIGURES } from '../../shared/exports/emissions';
import { asMonth } from '../../shared/base/month';
import { writeAccountsTable } from '../../shared/organization/accounts-table';
import { readSnapshot, snapshotMonths } from '../../shared/organization/snapshots';
import { readReport } from '../../shared/report/read-report';
import { type ReportCube, type ReportData, reportSchema } from '../../shared/report/report-data';
import { reportPage, writeReportPage } from '../../shared/report/report-page';
import { FolderStore } from '../../shared/stores/folder-store';
import { AWS_NAME, AWS_ROW, carbonCsv, carbonFile, GENERATIONS, runSplit } from '../support/aws-totals';
import { EstateFolder } from '../support/estate-folder';
import { monthlyEstate, MONTHS } from '../support/estates/monthly-estate';
import { EXPORT_NAME } from '../support/export-name';
import { readExportRows } from '../support/export-reader';
import { carbonExports, runEstate } from '../support/run-command';
import { scratch } from '../support/scratch';

const folder = scratch();

const reportOf = (out: string, exportName: string): Promise<ReportData> =>
  readReport({ exports: new FolderStore(out), exportName });

/** Grams of a figure in a period of a cube, as the page reads it. */
function gramsOf({ figures, members }: ReportCube, figure: Figure, period: number, periods: number): number {
  const values = figures[figure];
  if (values === 'zero') return 0;
  if (values === 'sum') {
    const of = figure === 'total_lbm' ? 'lbm' : 'mbm';
    const scopes = ['scope_1', `scope_2_${of}`, `scope_3_${of}`] as const;
    return scopes.reduce(
      (sum, scope) => sum + gramsOf({ ...CUBE, figures, members }, scope, period, periods),
      0,
    );
  }
  expect(values).toHaveLength((members[0]?.length ?? 0) * periods);
  return (values ?? [])
    .filter((_, at) => at % periods === period)
    .reduce<number>((sum, value) => sum + (value ?? NaN), 0);
}

const CUBE: ReportCube = { dimensions: [], members: [], figures: {}, folded: 0 };

/** Every cube adds up to the totals of every period, which are those of the data file. */
async function expectTotals(report: ReportData, out: string): Promise<void> {
  for (const [index, { month, version, totals }] of report.periods.entries()) {
    const place = {
      out,
      exportName: report.exportName,
      month,
      modelVersion: version,
      format: 'parquet',
    } as const;
    const rows = await readExportRows(place);
    expect(rows.length).toBeGreaterThan(0);
    for (const figure of FIGURES) {
      const inFile = rows.reduce((sum, row) => sum + Number(row[figureColumn(figure)]), 0);
      expect(totals[figure]).toBeCloseTo(inFile, 12);
      const cubes = [...Object.values(report.cubes), ...report.breakdowns.map(({ cube }) => cube)];
      for (const cube of cubes) {
        const grams = gramsOf(cube, figure, index, report.periods.length);
        expect(Math.abs(grams / 1e6 - inFile)).toBeLessThanOrEqual(Math.abs(inFile) * 1e-4);
      }
    }
  }
}

describe('a computed export', () => {
  let out: string;
  let report: ReportData;

  beforeAll(async () => {
    out = folder();
    const inputs = EstateFolder.of(monthlyEstate(), join(folder(), 'inputs')).path;
    expect((await runEstate(inputs, out)).code).toBe(0);
    report = await reportOf(out, EXPORT_NAME);
  });

  test('has every month, and its totals are those of the data files', async () => {
    expect(report.periods.map(({ month }) => month)).toEqual(MONTHS);
    await expectTotals(report, out);
  });

  test('follows its schema, in JSON too', () => {
    expect(reportSchema.parse(JSON.parse(JSON.stringify(report)))).toEqual(report);
  });

  test('leads to the same page each time, whose data are those of the report', async () => {
    const page = reportPage('<p><!--report-data--></p>', report, 's');
    expect(reportPage('<p><!--report-data--></p>', await reportOf(out, EXPORT_NAME), 's')).toBe(page);
    const data = gunzipSync(Buffer.from(page.slice(3, -4), 'base64')).toString('utf8');
    expect(JSON.parse(data)).toEqual(report);
  });

  test('its page is stored beside the data, stays while nothing changes, and is replaced when a month is', async () => {
    const store = new FolderStore(out);
    const before = (await store.list('')).map(({ key }) => key);
    const request = { exports: store, exportName: EXPORT_NAME, template: 'REPORT-STATE <!--report-data-->' };
    const key = await writeReportPage(request);
    const after = (await store.list('')).map((object) => object.key);
    expect(after.filter((each) => !before.includes(each))).toEqual([key]);
    expect(key).toBe(`${EXPORT_NAME}/report.html`);
    const put = jest.spyOn(store, 'put');
    await writeReportPage(request);
    expect(put).not.toHaveBeenCalled();
    await writeReportPage({ ...request, template: `${request.template}, of a newer program` });
    expect(put).toHaveBeenCalledTimes(1);
    put.mockRestore();
    const page = await store.get(key);
    const [place = ''] = (await store.list(`${EXPORT_NAME}/metadata/`)).map((object) => object.key);
    const manifest = await store.get(place);
    const text = manifest?.body.toString('utf8') ?? '';
    await store.put(place, text.replace(/"executionId": "[^"]*"/, '"executionId": "another"'));
    await writeReportPage(request);
    expect((await store.get(key))?.body.equals(page?.body ?? Buffer.alloc(0))).toBe(false);
    await store.put(place, text);
  });

  test('its page is made again when the table that names its accounts is replaced', async () => {
    const store = new FolderStore(out);
    const request = { exports: store, exportName: EXPORT_NAME, template: 'REPORT-STATE <!--report-data-->' };
    const key = await writeReportPage(request);
    const page = await store.get(key);
    const [month = asMonth('2025-01')] = (await snapshotMonths(store)).slice(-1);
    const stored = await readSnapshot(store, month);
    if (stored === undefined) throw new Error('no snapshot is stored');
    const accounts = stored.snapshot.accounts.map((account) => ({ ...account, accountName: 'Renamed' }));
    const target = { store, scratch: folder(), replaces: true };
    await writeAccountsTable(target, month, { ...stored.snapshot, accounts });
    await writeReportPage(request);
    expect((await store.get(key))?.body.equals(page?.body ?? Buffer.alloc(0))).toBe(false);
    expect((await reportOf(out, EXPORT_NAME)).accounts.map(({ name }) => name)).toContain('Renamed');
    await writeAccountsTable(target, month, stored.snapshot);
  });

  test('the page filters and groups as a query over the rows does', async () => {
    const [first] = report.periods;
    const place = {
      out,
      exportName: EXPORT_NAME,
      month: first?.month ?? '',
      modelVersion: first?.version ?? '',
    };
    const rows = await readExportRows({ ...place, format: 'parquet' });
    const [{ usage_account_id: id = '', region_code: region = '' } = {}] = rows;
    const account = report.accounts.findIndex((one) => one.id === id);
    const filter = {
      account: new Set([account]),
      region: new Set([report.regions.findIndex(({ code }) => code === region)]),
    };
    const found = sums(report, { filter, figure: 'total_mbm', by: 'service' });
    const own = rows.filter((row) => row['usage_account_id'] === id && row['region_code'] === region);
    expect(own.length).toBeGreaterThan(0);
    for (const [place, service] of report.services.entries()) {
      const expected = own
        .filter((row) => row['product_code'] === service)
        .reduce((sum, row) => sum + Number(row['total_mbm_emissions_value']), 0);
      expect(Math.abs((found?.get(place)?.[0] ?? 0) - expected)).toBeLessThanOrEqual(expected * 1e-4);
    }
  });

  test('the causes of all movers add up to the change of the total', () => {
    const compared = { before: 0, shown: 0, after: 1 };
    const movers = moversOf(report, { filter: {}, method: 'lbm', by: 'account' }, compared) ?? [];
    expect(movers.length).toBeGreaterThan(0);
    const change = movers.reduce((sum, { causes }) => sum + total(causes), 0);
    const [before, after] = report.periods.map(({ totals }) => totals.total_lbm ?? NaN);
    expect(Math.abs(change - ((after ?? NaN) - (before ?? NaN)))).toBeLessThanOrEqual((after ?? NaN) * 1e-4);
  });

  test('the flow of the ledger starts with the emissions and ends with what is exported', () => {
    const [period] = report.periods;
    expect(period?.flow.map(({ step }) => step)).toEqual(['clusters', 'racks', 'services', 'accounts']);
    expect(period?.flow.at(-1)?.out.mbm).toBeCloseTo(period?.totals.total_mbm ?? NaN, 9);
  });
});

test("AWS's totals and their breakdowns add up to the same", async () => {
  const [inputs, out] = [folder(), folder()];
  await writeAwsEstate(inputs);
  const places = ['--inputs', inputs, '--out', out, '--as-of', '2024-10-20'];
  expect((await carbonExports('run', ...places, '--by', 'tag:environment', 'resource')).code).toBe(0);
  const report = await reportOf(out, 'carbon-emissions-aws');
  expect(report.totals).toBe('aws');
  expect(report.breakdowns.map(({ by }) => by)).toEqual(['resource', 'tag:environment']);
  await expectTotals(report, out);
  expect(report.periods[0]?.aws?.rows).toBe(165);
});

test('a value that AWS did not deliver is unknown, not 0', async () => {
  const { out } = await runSplit(folder(), {
    [carbonFile()]: carbonCsv([AWS_ROW], { emissions: GENERATIONS[0] ?? [] }),
  });
  const report = await reportOf(out, AWS_NAME);
  expect(report.periods).toHaveLength(1);
  expect(report.periods[0]?.totals).toMatchObject({ total_mbm: 1, total_lbm: null, scope_1: null });
  expect(report.cubes.accounts.figures.total_lbm).toEqual([null]);
  expect(report.cubes.accounts.figures.total_mbm).toEqual([1e6]);
});

test('an export without a month is an error that says what to do', async () => {
  await expect(reportOf(folder(), 'nothing')).rejects.toThrow(/found no published month, .*; run first/);
});

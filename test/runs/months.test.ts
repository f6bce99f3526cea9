import { defined } from '../../shared/base/defined';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { asMonth, monthsBetween } from '../../shared/base/month';
import { asExportMonth, stateKey } from '../../shared/exports/layout';
import { defaultModelVersion } from '../../shared/method/model-version';
import { modelledMonth, monthsNotAvailable, selectMonths } from '../../shared/runs/month-versions';
import { EstateFolder } from '../support/estate-folder';
import { monthlyEstate, MONTHS } from '../support/estates/monthly-estate';
import { EXPORT_NAME } from '../support/export-name';
import { readExportRows } from '../support/export-reader';
import { filesOfMonth, hashesAndTimesOf, hashesOf } from '../support/folder-contents';
import { nonEmpty } from '../support/non-empty';
import { AS_OF, carbonExports, runCommand, runEstate, statusesOf } from '../support/run-command';
import { scratch } from '../support/scratch';

const folder = scratch();
let inputs = '';

beforeAll(() => {
  inputs = EstateFolder.of(monthlyEstate(), join(folder(), 'inputs')).path;
});

const at = (day: string): Date => new Date(`${day}T00:00:00Z`);

describe('the months of a run', () => {
  const available = monthsBetween(asMonth('2020-01'), asMonth('2026-12'));

  test('are the last 38 closed ones that have usage', () => {
    const selected = selectMonths(available, at('2026-11-20'), {});
    expect(selected).toHaveLength(38);
    expect([selected[0], selected.at(-1)]).toEqual(['2023-09', '2026-10']);
  });

  test.each([
    { day: '2026-11-30', last: '2026-10' },
    { day: '2026-12-01', last: '2026-11' },
    { day: '2024-03-01', last: '2024-02' },
    { day: '2027-01-01', last: '2026-12' },
  ])('end, as of $day, with $last: a month is closed once it has ended', ({ day, last }) => {
    expect(selectMonths(available, at(day), {}).at(-1)).toBe(last);
  });

  test.each([
    { selection: { months: 2 }, months: ['2026-09', '2026-10'] },
    { selection: { from: '2026-09' }, months: ['2026-09', '2026-10'] },
    { selection: { from: '2026-09', to: '2026-09' }, months: ['2026-09'] },
    { selection: { from: '2026-10', to: '2030-01' }, months: ['2026-10'] },
    { selection: { from: '2026-11' }, months: [] },
    { selection: { to: '2020-02' }, months: ['2020-01', '2020-02'] },
  ])('by $selection are $months', ({ selection, months }) => {
    const { from, to, ...rest } = selection as { from?: string; to?: string; months?: number };
    const asked = defined({
      from: from === undefined ? undefined : asMonth(from),
      to: to === undefined ? undefined : asMonth(to),
    });
    expect(selectMonths(available, at('2026-11-20'), { ...rest, ...asked })).toEqual(months);
  });

  test('that have no usage, between others that have, are not yet available', () => {
    const gap = ['2026-05', '2026-07', '2026-10'].map(asMonth);
    expect(monthsNotAvailable(gap, at('2026-12-01'), {})).toEqual([
      '2026-06',
      '2026-08',
      '2026-09',
      '2026-11',
    ]);
  });

  test.each([
    { month: '2019-01', version: 'v1.0.0' },
    { month: '2024-12', version: 'v1.0.0' },
    { month: '2025-01', version: 'v2.0.0' },
    { month: '2030-01', version: 'v2.0.0' },
  ])('have a default version: $month has $version', ({ month, version }) => {
    expect(defaultModelVersion(asMonth(month)).id).toBe(version);
    expect(modelledMonth(asMonth(month), {}).modelVersion).toBe(version);
  });
});

describe('a run', () => {
  test('leaves months out that are not closed', async () => {
    const out = folder();
    const run = await runEstate(inputs, out, '--as-of', '2025-02-28');
    expect(run.code).toBe(0);
    expect(statusesOf(run)).toEqual({ '2024-12': 'published', '2025-01': 'published' });
    expect(filesOfMonth(out, '2025-02')).toEqual({});
  });

  test('reports a month without usage as not yet available, which is not an error', async () => {
    // Prepare
    const estate = EstateFolder.of(monthlyEstate(), join(folder(), 'inputs'));
    estate.remove('usage/usage_period=2025-01');
    const out = folder();
    // Act
    const run = await runEstate(estate.path, out);
    // Assess
    expect(run).toMatchObject({ code: 0, notAvailable: ['2025-01'], problems: [] });
    expect(statusesOf(run)).toEqual({ '2024-12': 'published', '2025-02': 'published' });
  });

  test('on an estate without any usage is wrong usage, and publishes nothing', async () => {
    const estate = EstateFolder.of(monthlyEstate([]), join(folder(), 'inputs'));
    const out = folder();
    const { code, stderr } = await runCommand(estate.path, out);
    expect(code).toBe(2);
    expect(stderr).toContain(`${estate.path}: found usage of no month, expected a month in usage/`);
    expect(hashesOf(out)).toEqual({});
  });

  test('computes the months before and after a failed month', async () => {
    // Prepare
    const estate = EstateFolder.of(monthlyEstate(), join(folder(), 'inputs'));
    estate.append('electricity.csv', 's1,2025-01,x,metered');
    const out = folder();
    // Act
    const run = await runEstate(estate.path, out);
    // Assess
    expect(run.code).toBe(1);
    expect(statusesOf(run)).toEqual({ '2024-12': 'published', '2025-01': 'failed', '2025-02': 'published' });
    expect(filesOfMonth(out, '2025-01')).toEqual({});
  });
});

describe('the state of a month', () => {
  const stateIn = (out: string, month: string, modelVersion: string): Record<string, unknown> =>
    JSON.parse(
      readFileSync(join(out, stateKey(EXPORT_NAME, asExportMonth(month, modelVersion))), 'utf8'),
    ) as Record<string, unknown>;

  test('is done with the published figures, or failed with the reason', async () => {
    // Prepare
    const estate = EstateFolder.of(monthlyEstate(), join(folder(), 'inputs'));
    estate.append('electricity.csv', 's1,2025-01,x,metered');
    const out = folder();
    // Act
    const run = await runEstate(estate.path, out);
    // Assess
    expect(stateIn(out, '2024-12', 'v1.0.0')).toMatchObject({
      status: 'done',
      asOf: '2025-03-15T00:00:00.000Z',
      summary: run.outcomes['2024-12']?.summary,
    });
    expect(stateIn(out, '2025-01', 'v2.0.0')).toMatchObject({
      status: 'failed',
      error: 'electricity.csv, row 4, column mwh: found "x", expected a number of at least 0',
    });
  });

  test('is pending, then running, then done', async () => {
    // Prepare
    const estate = EstateFolder.of(monthlyEstate(), join(folder(), 'inputs'));
    const out = folder();
    const seen: string[][] = [];
    // Act
    const running = runEstate(estate.path, out);
    let isOver = false;
    const watch = (async () => {
      while (!isOver) {
        const states = MONTHS.map((month) => {
          try {
            const version = defaultModelVersion(asMonth(month)).id;
            return /"status": "(\w+)"/.exec(
              readFileSync(join(out, stateKey(EXPORT_NAME, asExportMonth(month, version))), 'utf8'),
            )?.[1];
          } catch {
            return undefined;
          }
        });
        seen.push(states.map((status) => status ?? 'none'));
        await new Promise((resolve) => setTimeout(resolve, 2));
      }
    })();
    await running;
    isOver = true;
    await watch;
    // Assess
    const states = new Set(seen.map((each) => each.join(' ')));
    expect(states).toContain('running pending pending');
    expect(states).toContain('done running pending');
    expect(states).toContain('done done running');
  });

  test('does not exist for a month that no run covered', async () => {
    const out = folder();
    await runEstate(inputs, out, '--from', '2025-02', '--to', '2025-02');
    const states = Object.keys(hashesOf(join(out, EXPORT_NAME, 'state', 'months')));
    expect(states).toEqual(['carbon_model_version=v2.0.0/usage_period=2025-02.json']);
  });
});

describe('another version of a month', () => {
  test('is stored next to the default one, and no file holds rows of both', async () => {
    // Prepare
    const out = folder();
    await runEstate(inputs, out);
    const before = hashesAndTimesOf(out);
    // Act
    const run = await runEstate(inputs, out, '--from', '2024-12', '--to', '2024-12', '--model', 'v2.0.0');
    // Assess
    expect(run.months).toMatchObject([{ month: '2024-12', modelVersion: 'v2.0.0', status: 'published' }]);
    const after = hashesAndTimesOf(out);
    for (const [path, content] of nonEmpty(Object.entries(before)))
      expect([path, after[path]]).toEqual([path, content]);
    for (const modelVersion of ['v1.0.0', 'v2.0.0']) {
      const place = {
        out,
        exportName: EXPORT_NAME,
        month: '2024-12',
        modelVersion,
        format: 'parquet',
      } as const;
      const rows = await readExportRows(place);
      expect(new Set(rows.map((row) => row['model_version']))).toEqual(new Set([modelVersion]));
      expect(rows.length).toBeGreaterThan(0);
    }
  });

  test('stays unchanged in later runs of the default one', async () => {
    // Prepare
    const out = folder();
    await runEstate(inputs, out, '--model', 'v1.0.0');
    const before = hashesAndTimesOf(out, (path) => path.includes('v1.0.0'));
    // Act
    const run = await runEstate(inputs, out);
    // Assess
    expect(statusesOf(run)).toEqual({
      '2024-12': 'unchanged',
      '2025-01': 'published',
      '2025-02': 'published',
    });
    expect(hashesAndTimesOf(out, (path) => path.includes('v1.0.0'))).toEqual(before);
  });
});

test('an export that holds another format is refused and stays unchanged', async () => {
  // Prepare
  const out = folder();
  await runEstate(inputs, out);
  const before = hashesAndTimesOf(out);
  // Act
  const options = ['--inputs', inputs, '--out', out, '--export-name', EXPORT_NAME, '--as-of', AS_OF];
  const run = await carbonExports('run', ...options, '--format', 'csv');
  // Assess
  expect(run.code).toBe(1);
  expect(run.stderr).toBe(
    `export ${EXPORT_NAME} holds another file format than csv: choose another export name (${EXPORT_NAME}/state/export.json)\n`,
  );
  expect(hashesAndTimesOf(out)).toEqual(before);
});

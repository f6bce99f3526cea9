import { z } from 'zod';
import { lockKey, runPlanKey, runReportKey } from '../../shared/exports/layout';
import { acquireRunLocks } from '../../shared/exports/run-lock';
import {
  type ExecutionReport,
  finishRun,
  type FinishRequest,
  isWorthMailing,
  reportOf,
} from '../../shared/runs/finish-run';
import { resultSchema, runPlanSchema, type StepEvent, stepEventSchema } from '../../shared/runs/run-event';
import type { RunRecord } from '../../shared/runs/run-pages';
import type { ObjectStore } from '../../shared/stores/object-store';
import { notificationOf } from '../../shared/runs/run-notification';
import { FolderStore } from '../../shared/stores/folder-store';
import { scratch } from '../support/scratch';

const folder = scratch();

function event(state: unknown): StepEvent {
  return stepEventSchema.parse({ execution: 'e1', startedAt: '2025-03-15T06:00:01.234Z', state });
}

const outcome = { exportName: 'x', modelVersion: 'v2.0.0' };
const page = { asOf: '2025-03-15T06:00:00Z', page: 1, before: 0, months: [], left: 0 };
const plan = { months: [], unchanged: [], notAvailable: [], problems: [] };

const record = (stored: unknown, results: readonly unknown[] = []): RunRecord => ({
  plan: runPlanSchema.parse(stored),
  results: z.array(resultSchema).parse(results),
});

describe('reportOf', () => {
  test('a run that found nothing new succeeds and sends no mail', () => {
    const unchanged = [{ ...outcome, month: '2025-01', status: 'unchanged' }];
    const report = reportOf('x', event({ plan: page }), record({ ...plan, unchanged }));
    expect(report).toMatchObject({ status: 'succeeded', missing: [], problems: [] });
    expect(report.asOf).toBe('2025-03-15T06:00:01.000Z');
    expect(isWorthMailing(report)).toBe(false);
  });

  test('a failed month is reported with its message and without its class name', () => {
    const results = [
      { outcome: { ...outcome, month: '2025-02', status: 'published' } },
      {
        failed: { month: '2025-01', modelVersion: 'v2.0.0' },
        failure: { Error: 'InputError', Cause: JSON.stringify({ errorMessage: 'usage: row 3' }) },
      },
    ];
    const report = reportOf('x', event({ plan: page }), record(plan, results));
    expect(report.status).toBe('failed');
    expect(report.missing).toEqual(['2025-01']);
    expect(report.months.map(({ month, status }) => [month, status])).toEqual([
      ['2025-01', 'failed'],
      ['2025-02', 'published'],
    ]);
    expect(notificationOf(report).message).toContain('2025-01 v2.0.0:\nusage: row 3');
    expect(notificationOf(report).subject).toBe('FAILED: x');
  });

  test('the report of a run that could not be planned has the reason', () => {
    const planFailure = { Error: 'ExportLockedError', Cause: 'execution e0 is writing' };
    const report = reportOf('x', event({ planFailure }), { results: [] });
    expect(report.status).toBe('failed');
    expect(report.problems).toEqual([
      'no month was planned: the step ended with ExportLockedError: execution e0 is writing',
    ]);
    const later = reportOf('x', event({ plan: { ...page, left: 7 }, planFailure }), record(plan));
    expect(later.problems).toEqual([
      '7 months were not started: the step ended with ExportLockedError: execution e0 is writing',
    ]);
  });

  test('where no month has usage, the last closed one is missing', () => {
    expect(reportOf('x', event({ plan: page }), record(plan)).missing).toEqual(['2025-02']);
  });
});

describe('a published month with a warning that changes numbers', () => {
  const warning = {
    ...{ severity: 'changes-numbers', code: 'electricity-missing', count: 1 },
    message: 'electricity: found no row',
  };
  const published = { ...outcome, exportName: 'x', month: '2025-01', status: 'published' };
  const reportWith = (warnings: readonly unknown[]): ExecutionReport =>
    reportOf('x', event({ plan: page }), record(plan, [{ outcome: { ...published, warnings } }]));

  test('makes the report and the mail say "published with warnings"', () => {
    const report = reportWith([warning]);
    expect(report.status).toBe('published with warnings');
    const { subject, message } = notificationOf(report);
    expect(subject).toBe('Published with warnings: x');
    expect(message).toContain('Warning (changes numbers): 2025-01 v2.0.0: electricity: found no row');
  });

  test('the mail has the market-based total of a month, in the unit of its size', () => {
    const figures = {
      rows: 1,
      accounts: 1,
      retainedMbm: 0,
      estimatedClusters: 0,
      unknownAccounts: 0,
      warnings: 0,
    };
    const summary = { ...figures, totalMbm: 0.0123456, largestResidual: 0 };
    const results = [{ outcome: { ...published, summary } }];
    const { message } = notificationOf(reportOf('x', event({ plan: page }), record(plan, results)));
    expect(message).toContain('Published: 2025-01 v2.0.0 (12.35 kg market-based)');
  });

  test('is not one whose warnings are only worth a look', () => {
    const report = reportWith([{ ...warning, severity: 'worth-a-look' }]);
    expect(report.status).toBe('succeeded');
    expect(notificationOf(report).message).not.toContain('Warning');
  });
});

describe('with breakdowns', () => {
  const SPLIT = 'x-by-tag-team';
  const published = (exportName: string, month: string): unknown => ({
    outcome: { ...outcome, exportName, month, status: 'published' },
  });
  const unchanged = [{ ...outcome, exportName: SPLIT, month: '2024-12', status: 'unchanged' }];
  const state = {
    plan: page,
    results: [
      published('x', '2025-01'),
      published('x', '2025-02'),
      published(SPLIT, '2025-02'),
      {
        failed: { month: '2025-01', modelVersion: 'v2.0.0', split: 'tag:team' },
        failure: { Error: 'InputError', Cause: JSON.stringify({ errorMessage: 'usage: expected bills' }) },
      },
    ],
  };

  const ofState = (): ExecutionReport =>
    reportOf('x', event(state), record({ ...plan, unchanged }, state.results));

  test('a month that failed in a breakdown alone fails the run, is reported for that export, and is not missing', () => {
    const report = ofState();
    expect(report).toMatchObject({ exportName: 'x', status: 'failed', missing: [] });
    expect(report.months.map(({ exportName, month, status }) => [exportName, month, status])).toEqual([
      [SPLIT, '2024-12', 'unchanged'],
      ['x', '2025-01', 'published'],
      [SPLIT, '2025-01', 'failed'],
      ['x', '2025-02', 'published'],
      [SPLIT, '2025-02', 'published'],
    ]);
  });

  test('the mail lists every export separately', () => {
    const { subject, message } = notificationOf(ofState());
    expect(subject).toBe('FAILED: x');
    expect(message.split('\n').slice(1, 8)).toEqual([
      'Published: 2025-01 v2.0.0, 2025-02 v2.0.0',
      'Unchanged: 0',
      'Failed: none',
      `Published of ${SPLIT}: 2025-02 v2.0.0`,
      `Unchanged of ${SPLIT}: 1`,
      `Failed of ${SPLIT}: 2025-01 v2.0.0`,
      'Missing: none',
    ]);
    expect(message).toContain(`2025-01 v2.0.0 of ${SPLIT}:\nusage: expected bills`);
  });

  test('a lock that cannot be released does not stop the release of the others', async () => {
    class Stuck extends FolderStore {
      override delete(key: string): Promise<void> {
        return key.startsWith('x/') ? Promise.reject(new Error('SlowDown')) : super.delete(key);
      }
    }
    const store = new Stuck(folder());
    await acquireRunLocks(store, ['x', SPLIT], { id: 'e1' }, new Date());
    await expect(finishRun(finishing(store, ['x', SPLIT]), event({}))).rejects.toThrow('SlowDown');
    const keys = (await store.list('')).map(({ key }) => key).filter((key) => key.includes('lock'));
    expect(keys.map((key) => key.split('/')[0])).toEqual(['x', 'x']);
  });

  test('the report is stored with the export that is not broken down, and all locks of this execution are released', async () => {
    const store = new FolderStore(folder());
    const locked = async (): Promise<string[]> =>
      (await store.list('')).flatMap(({ key }) => key.match(/.*lock.*/) ?? []);
    await acquireRunLocks(store, ['x', SPLIT], { id: 'e1' }, new Date());
    await acquireRunLocks(store, ['x-by-resource'], { id: 'e0' }, new Date());
    await store.put(runPlanKey('x', 'e1'), JSON.stringify({ ...plan, unchanged }));
    const { months } = await finishRun(finishing(store, ['x', SPLIT, 'x-by-resource']), event(state));
    expect(months).toHaveLength(5);
    expect(await locked()).toEqual([lockKey('x-by-resource')]);
    expect(await store.get(runReportKey('x', 'e1'))).toBeDefined();
  });
});

function finishing(exports: ObjectStore, everyExport: readonly string[]): FinishRequest {
  return { exports, exportName: 'x', everyExport, register: () => Promise.resolve([]) };
}

test('months that are not visible in the catalog are a problem of the report: the run is red and a mail is sent', async () => {
  const request = finishing(new FolderStore(folder()), ['x']);
  const problem = 'Glue table carbon_emissions: no rights';
  const report = await finishRun({ ...request, register: () => Promise.resolve([problem]) }, event({}));
  expect(report).toMatchObject({ status: 'failed', problems: [problem] });
  expect(isWorthMailing(report)).toBe(true);
  expect(notificationOf(report).message).toContain(problem);
});

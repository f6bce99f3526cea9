import { isWorthTelling, notificationOf, reportOf } from '../../shared/runs/finish-run';
import { stepEventSchema } from '../../shared/runs/run-event';
import type { StepEvent } from '../../shared/runs/run-event';

function event(state: unknown): StepEvent {
  return stepEventSchema.parse({ execution: 'e1', startedAt: '2025-03-15T06:00:01.234Z', state });
}

const outcome = { exportName: 'x', modelVersion: 'v2.0.0' };
const plan = { asOf: '2025-03-15T06:00:00Z', months: [], unchanged: [], notAvailable: [], problems: [] };

describe('reportOf', () => {
  test('a run that found nothing new is green and tells nobody', () => {
    const unchanged = [{ ...outcome, month: '2025-01', status: 'unchanged' }];
    const report = reportOf('x', event({ plan: { ...plan, unchanged } }));
    expect(report).toMatchObject({ status: 'succeeded', missing: [], problems: [] });
    expect(report.asOf).toBe('2025-03-15T06:00:01.000Z');
    expect(isWorthTelling(report)).toBe(false);
  });

  test('a failed month is named with what Lambda says of it', () => {
    const results = [
      { outcome: { ...outcome, month: '2025-02', status: 'published' } },
      {
        failed: { month: '2025-01', modelVersion: 'v2.0.0' },
        failure: { Error: 'InputError', Cause: JSON.stringify({ errorMessage: 'usage: row 3' }) },
      },
    ];
    const report = reportOf('x', event({ plan, results }));
    expect(report.status).toBe('failed');
    expect(report.missing).toEqual(['2025-01']);
    expect(report.months.map(({ month, status }) => [month, status])).toEqual([
      ['2025-01', 'failed'],
      ['2025-02', 'published'],
    ]);
    expect(notificationOf(report).message).toContain('InputError: usage: row 3');
    expect(notificationOf(report).subject).toBe('FAILED: x');
  });

  test('a run that could not be planned says why', () => {
    const planFailure = { Error: 'ExportLockedError', Cause: 'execution e0 is writing' };
    const report = reportOf('x', event({ planFailure }));
    expect(report.status).toBe('failed');
    expect(report.problems[0]).toContain('execution e0 is writing');
  });

  test('where no month has usage, the last closed one is missing', () => {
    expect(reportOf('x', event({ plan })).missing).toEqual(['2025-02']);
  });
});

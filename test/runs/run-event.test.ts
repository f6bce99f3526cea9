import { CarbonError } from '../../shared/base/carbon-error';
import { executionEndSchema, monthEventSchema, pastAsOf, stepEventSchema } from '../../shared/runs/run-event';

/*
 * Members of a step's event become parts of keys: names that would leave their folder are refused.
 */

const step = (execution: string): unknown => ({ execution, startedAt: '2025-01-01T00:00:00Z', state: {} });

test.each(['run-1', 'b4a6e1c2-0000_1', '1a2b.c'])('execution %j is accepted', (execution) => {
  expect(stepEventSchema.safeParse(step(execution)).success).toBe(true);
});

test.each(['', '..', '.', '../x', 'a/b', 'a\\b', 'a b', 'x'.repeat(201)])(
  'execution %j is refused',
  (execution) => {
    expect(stepEventSchema.safeParse(step(execution)).success).toBe(false);
  },
);

test.each([
  { month: '2025-01', modelVersion: 'v2.0.0', taken: true },
  { month: '../2025-01', modelVersion: 'v2.0.0', taken: false },
  { month: '2025-13', modelVersion: 'v2.0.0', taken: false },
  { month: '2025-01', modelVersion: '../v2.0.0', taken: false },
  { month: '2025-01', modelVersion: 'v2.0.0', split: 'tag:team', taken: true },
  { month: '2025-01', modelVersion: 'v2.0.0', split: 'cost-category:Unit', taken: true },
  { month: '2025-01', modelVersion: 'v2.0.0', split: 'resource', taken: true },
  { month: '2025-01', modelVersion: 'v2.0.0', split: 'team', taken: false },
  { month: '2025-01', modelVersion: 'v2.0.0', split: 'tag:', taken: false },
  { month: '2025-01', modelVersion: 'v2.0.0', split: '', taken: false },
])('month $month in $modelVersion, broken down by $split', ({ taken, ...at }) => {
  expect(monthEventSchema.safeParse({ asOf: '2025-01-01T00:00:00Z', at }).success).toBe(taken);
});

test('a breakdown is parsed, and is absent where the event has none', () => {
  const at = (split: object): unknown =>
    monthEventSchema.parse({
      asOf: '2025-01-01T00:00:00Z',
      at: { month: '2025-01', modelVersion: 'v2.0.0', ...split },
    }).at;
  expect(at({ split: 'tag:a:b' })).toMatchObject({ split: { kind: 'tag', key: 'a:b' } });
  expect(at({})).not.toHaveProperty('split');
});

const eventAt = (asOf: string | undefined) =>
  stepEventSchema.parse({ execution: 'e1', startedAt: '2026-03-15T06:00:01.234Z', state: { asOf } });

describe('pastAsOf', () => {
  test.each([
    ['the start of the execution where none is given', undefined, '2026-03-15T06:00:01.000Z'],
    ['the time of the schedule', '2026-03-15T06:00:00Z', '2026-03-15T06:00:00.000Z'],
    [
      'an instant ahead of the start by less than a minute',
      '2026-03-15T06:00:50Z',
      '2026-03-15T06:00:50.000Z',
    ],
    ['an instant in another time zone', '2026-03-15T08:00:00+02:00', '2026-03-15T06:00:00.000Z'],
  ])('returns %s', (_, asOf, expected) => {
    expect(pastAsOf(eventAt(asOf)).toISOString()).toBe(expected);
  });

  test('refuses an instant in the future', () => {
    const work = (): unknown => pastAsOf(eventAt('2027-03-15T06:00:00Z'));
    expect(work).toThrow(CarbonError);
    expect(work).toThrow(
      'asOf: found 2027-03-15T06:00:00Z, expected an instant not later than the start of the execution',
    );
  });
});

/** As EventBridge delivers it for a stopped execution, shortened. */
const EVENT = {
  source: 'aws.states',
  'detail-type': 'Step Functions Execution Status Change',
  detail: {
    executionArn: 'arn:aws:states:us-east-1:123456789012:execution:CarbonExports:e1',
    stateMachineArn: 'arn:aws:states:us-east-1:123456789012:stateMachine:CarbonExports',
    name: 'e1',
    status: 'ABORTED',
    startDate: 1_760_000_000_000,
    stopDate: 1_760_000_100_000,
  },
};

test('the event of a stopped execution names the holder of its locks', () => {
  expect(executionEndSchema.parse(EVENT).detail).toMatchObject({ name: 'e1', status: 'ABORTED' });
});

test('the event of an execution that is not over is refused', () => {
  const running = { ...EVENT, detail: { ...EVENT.detail, status: 'RUNNING' } };
  expect(executionEndSchema.safeParse(running).success).toBe(false);
});

import { monthEventSchema, stepEventSchema } from '../../shared/runs/run-event';

/*
 * What starts a step becomes parts of keys: names that would leave their folder are refused.
 */

const step = (execution: string): unknown => ({ execution, startedAt: '2025-01-01T00:00:00Z', state: {} });

test.each(['run-1', 'b4a6e1c2-0000_1', '1a2b.c'])('execution %j is taken', (execution) => {
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
])('month $month in $modelVersion', ({ taken, ...at }) => {
  expect(monthEventSchema.safeParse({ asOf: '2025-01-01T00:00:00Z', at }).success).toBe(taken);
});

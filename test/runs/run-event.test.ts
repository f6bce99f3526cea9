import { monthEventSchema, stepEventSchema } from '../../shared/runs/run-event';

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

test('a breakdown is parsed, and is absent where there is none', () => {
  const at = (split: object): unknown =>
    monthEventSchema.parse({
      asOf: '2025-01-01T00:00:00Z',
      at: { month: '2025-01', modelVersion: 'v2.0.0', ...split },
    }).at;
  expect(at({ split: 'tag:a:b' })).toMatchObject({ split: { kind: 'tag', key: 'a:b' } });
  expect(at({})).not.toHaveProperty('split');
});

import { chooseEngine } from '../../shared/runs/engine-choice';
import { MonthTooLargeError } from '../../shared/runs/month-size';

const MB = 1e6;
const GB = 1e9;
const capacity = { memoryBytes: 2 * GB, diskBytes: 4 * GB };
const racks = { key: 'racks/usage_period=2025-01/racks.csv', size: 10 * MB };
const small = [racks, { key: 'usage/usage_period=2025-01/a.parquet', size: 10 * MB }];
const large = ['usage', 'focus', 'cur'].map((table) => [
  racks,
  { key: `${table}/usage_period=2025-01/a.parquet`, size: 50 * GB },
]);

test('auto: DuckDB where the month fits the function', () => {
  expect(chooseEngine('auto', '2025-01', small, capacity)).toMatchObject({
    engine: 'duckdb',
    size: { inputBytes: 20 * MB },
  });
});

test.each(large.map((objects) => [objects[1]?.key ?? '', objects] as const))(
  'auto: Athena where it does not; the function needs room for all but the usage: %s',
  (_key, objects) => {
    expect(chooseEngine('auto', '2025-01', objects, capacity)).toMatchObject({
      engine: 'athena',
      size: { inputBytes: 10 * MB },
    });
  },
);

test('athena: also for a month that would fit', () => {
  expect(chooseEngine('athena', '2025-01', small, capacity).engine).toBe('athena');
});

test('duckdb: a month that does not fit is an error', () => {
  const attempt = (): unknown => chooseEngine('duckdb', '2025-01', large[0] ?? [], capacity);
  expect(attempt).toThrow(MonthTooLargeError);
  expect(attempt).toThrow('raise the limits in cdk.json, or let Athena sum the month (engine)');
});

test('inputs that Athena does not read must fit in any case', () => {
  const totals = [{ key: 'aws_carbon/x/data/usage_period=2025-01/a.csv', size: 50 * GB }];
  for (const setting of ['auto', 'athena'] as const) {
    expect(() => chooseEngine(setting, '2025-01', totals, capacity)).toThrow(MonthTooLargeError);
  }
});

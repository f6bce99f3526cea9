import { assertMonthFits, monthSizeOf, MonthTooLargeError } from '../../shared/runs/month-size';

const MB = 1e6;

const size = monthSizeOf([
  { key: 'usage/usage_period=2025-01/a.parquet', size: 600 * MB },
  { key: 'clusters.csv', size: 400 * MB },
]);

test('a month that fits is accepted', () => {
  expect(() => {
    assertMonthFits('2025-01', size, { memoryBytes: 2_000 * MB, diskBytes: 4_000 * MB }, 'or wait');
  }).not.toThrow();
});

test('the error of a month that does not fit names the shortage, its size and the fix', () => {
  const capacity = { memoryBytes: 500 * MB, diskBytes: 1_000 * MB };
  const attempt = (): void => {
    assertMonthFits('2025-01', size, capacity, 'or wait');
  };
  expect(attempt).toThrow(MonthTooLargeError);
  expect(attempt).toThrow(
    '2025-01 has 1,000 MB of input and needs 3,000 MB of disk where 1,000 MB are free (limits.storageMb) and 1,269 MB of memory where the engine has 500 MB (limits.memoryMb): raise the limits in cdk.json, or wait',
  );
});

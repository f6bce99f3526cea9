import {
  asMonth,
  addMonths,
  daysIn,
  endOf,
  isDay,
  isMonth,
  lastClosedMonth,
  lastDayOf,
  monthsBetween,
  startOf,
  yearOf,
} from '../../shared/base/month';

test.each([
  { period: '2023-02', days: 28 },
  { period: '2024-02', days: 29 },
  { period: '2000-02', days: 29 },
  { period: '1900-02', days: 28 },
  { period: '2100-02', days: 28 },
  { period: '2024-01', days: 31 },
  { period: '2024-04', days: 30 },
  { period: '2024-12', days: 31 },
  { period: '2023', days: 365 },
  { period: '2024', days: 366 },
  { period: '2000', days: 366 },
  { period: '1900', days: 365 },
])('$period has $days days', ({ period, days }) => {
  expect(daysIn(period)).toBe(days);
});

test.each(['2023', '2024', '2100'])('the months of %s have its days', (year) => {
  const days = monthsBetween(asMonth(`${year}-01`), asMonth(`${year}-12`)).reduce(
    (sum, month) => sum + daysIn(month),
    0,
  );
  expect(days).toBe(daysIn(year));
});

test.each([
  { text: '2025-01', is: true },
  { text: '2025-12', is: true },
  { text: '2025-00', is: false },
  { text: '2025-13', is: false },
  { text: '2025-1', is: false },
  { text: '2025', is: false },
  { text: '2025-01-01', is: false },
  { text: ' 2025-01', is: false },
])('$text is a month: $is', ({ text, is }) => {
  expect(isMonth(text)).toBe(is);
});

test.each([
  { text: '2024-02-29', is: true },
  { text: '2025-02-29', is: false },
  { text: '2025-02-30', is: false },
  { text: '2025-04-31', is: false },
  { text: '2025-12-31', is: true },
  { text: '2025-1-1', is: false },
  { text: '2025-13-01', is: false },
  { text: '01.02.2025', is: false },
])('$text is a day: $is', ({ text, is }) => {
  expect(isDay(text)).toBe(is);
});

test.each([
  { month: '2024-12', count: 1, other: '2025-01' },
  { month: '2025-01', count: -1, other: '2024-12' },
  { month: '2025-01', count: -13, other: '2023-12' },
  { month: '2025-06', count: 0, other: '2025-06' },
  { month: '2023-09', count: 37, other: '2026-10' },
])('$count months after $month is $other', ({ month, count, other }) => {
  expect(addMonths(asMonth(month), count)).toBe(other);
});

test('a month goes from its first instant to the first of the next, in UTC', () => {
  expect(startOf(asMonth('2024-02')).toISOString()).toBe('2024-02-01T00:00:00.000Z');
  expect(endOf(asMonth('2024-02')).toISOString()).toBe('2024-03-01T00:00:00.000Z');
  expect(endOf(asMonth('2024-12')).toISOString()).toBe('2025-01-01T00:00:00.000Z');
  expect(lastDayOf(asMonth('2024-02'))).toBe('2024-02-29');
  expect(yearOf('2024-02')).toBe(2024);
});

test('no months are between two in the wrong order', () => {
  expect(monthsBetween(asMonth('2025-02'), asMonth('2025-01'))).toEqual([]);
  expect(monthsBetween(asMonth('2025-01'), asMonth('2025-01'))).toEqual(['2025-01']);
});

test('a month is closed from the first instant of the next on', () => {
  expect(lastClosedMonth(new Date('2025-02-28T23:59:59.999Z'))).toBe('2025-01');
  expect(lastClosedMonth(new Date('2025-03-01T00:00:00.000Z'))).toBe('2025-02');
});

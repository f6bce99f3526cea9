import { defined } from '../../shared/base/defined';
import { asMonth, monthsBetween } from '../../shared/base/month';
import { bookedDays, countedDays, type ServiceLife } from '../../shared/method/amortisation';

const life = (inServiceOn: string, serviceMonths = 72, retiredOn?: string): ServiceLife => ({
  ...{ inServiceOn, serviceMonths },
  ...defined({ retiredOn }),
});

const days = (of: ServiceLife, month: string, rule: 'continue' | 'write_off' = 'continue'): number[] => {
  const { inService, afterRetirement } = countedDays(of, asMonth(month), rule);
  return [inService, afterRetirement];
};

describe('days of a service life', () => {
  test.each(['continue', 'write_off'] as const)(
    'booked up to a month and left for later months add up to the life and to its months (%s)',
    (rule) => {
      const of = life('2024-02-29', 5, '2024-05-17');
      const { ofLife } = countedDays(of, asMonth('2024-02'), rule);
      let sum = 0;
      for (const month of monthsBetween(asMonth('2024-01'), asMonth('2024-09'))) {
        const { booked, rest } = bookedDays(of, month, rule);
        sum += days(of, month, rule).reduce((total, part) => total + part, 0);
        expect([booked, rest]).toEqual([sum, ofLife - sum]);
      }
      expect(sum).toBe(ofLife);
    },
  );

  test('from 29 February 2024, 72 months end on 28 February 2030', () => {
    const of = life('2024-02-29');
    expect(countedDays(of, asMonth('2024-02'), 'continue')).toEqual({
      inService: 1,
      afterRetirement: 0,
      ofLife: 2_191,
    });
    expect(days(of, '2030-02')).toEqual([27, 0]);
    expect(days(of, '2030-03')).toEqual([0, 0]);
  });

  test('add up to the whole life for every first day of a leap cycle', () => {
    const months = monthsBetween(asMonth('2023-12'), asMonth('2034-01'));
    let lives = 0;
    for (let day = Date.UTC(2024, 0, 1); day < Date.UTC(2028, 0, 1); day += 86_400_000) {
      const of = life(new Date(day).toISOString().slice(0, 10));
      const sum = months.reduce((total, month) => total + (days(of, month)[0] ?? NaN), 0);
      expect(sum).toBe(countedDays(of, asMonth('2024-01'), 'continue').ofLife);
      lives += 1;
    }
    expect(lives).toBe(1_461);
  });

  test.each([
    ['2025-01', 31],
    ['2025-02', 28],
    ['2024-12', 1],
    ['2030-12', 30],
  ])('%s has %i days of a life from 31 December 2024', (month, expected) => {
    expect(days(life('2024-12-31'), month)).toEqual([expected, 0]);
  });

  test.each([
    ['in the middle of a month', '2025-01-11', '2025-01', [10, 21], [10, 59 - 10]],
    ['in the middle of a month, the month after', '2025-01-11', '2025-02', [0, 28], [0, 0]],
    ['on the first day of a month', '2025-02-01', '2025-02', [0, 28], [0, 28]],
    ['on the first day of a month, the month before', '2025-02-01', '2025-01', [31, 0], [31, 0]],
    ['on the day in service', '2025-01-01', '2025-01', [0, 31], [0, 59]],
    ['after the service life', '2025-06-01', '2025-02', [28, 0], [28, 0]],
    ['on the day after the service life', '2025-03-01', '2025-03', [0, 0], [0, 0]],
  ])('of a retirement %s (%s) in %s', (_, retiredOn, month, continued, writtenOff) => {
    const of = life('2025-01-01', 2, retiredOn);
    expect(days(of, month, 'continue')).toEqual(continued);
    expect(days(of, month, 'write_off')).toEqual(writtenOff);
  });
});

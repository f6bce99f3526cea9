import { daysInMonth, daysInYear, monthIndex, monthOf } from '../../sample/months';
import { microsText } from '../../sample/usage';

describe('months', () => {
  it.each(['2023-09', '2024-01', '2024-12', '2099-06'])('go to an index and back: %s', (month) => {
    expect(monthOf(monthIndex(month))).toBe(month);
  });

  it('have the days of the calendar', () => {
    for (let index = monthIndex('1999-01'); index <= monthIndex('2101-12'); index++) {
      const [year = 0, month = 0] = monthOf(index).split('-').map(Number);
      expect(daysInMonth(index)).toBe(new Date(Date.UTC(year, month, 0)).getUTCDate());
    }
    expect([1900, 2000, 2024, 2025].map(daysInYear)).toEqual([365, 366, 366, 365]);
  });
});

describe('amounts', () => {
  it.each([
    [0, '0.000000'],
    [1, '0.000001'],
    [-1, '-0.000001'],
    [12_003_456, '12.003456'],
    [-1_000_999, '-1.000999'],
    [9_007_199_254_740_991, '9007199254.740991'],
  ])('of %i millionths read %s', (micros, text) => {
    expect(microsText(micros)).toBe(text);
  });
});

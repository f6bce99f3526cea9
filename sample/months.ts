/** Months here are UTC calendar months `YYYY-MM`; their index counts months from year 0, so that they can be added. */

/**
 * @param month `YYYY-MM`, or a date `YYYY-MM-DD`, of which the day is ignored
 * @returns months since year 0
 */
export function monthIndex(month: string): number {
  return Number(month.slice(0, 4)) * 12 + Number(month.slice(5, 7)) - 1;
}

/**
 * @param index months since year 0
 * @returns `YYYY-MM`
 */
export function monthOf(index: number): string {
  const year = Math.floor(index / 12);
  return `${String(year).padStart(4, '0')}-${String(index - year * 12 + 1).padStart(2, '0')}`;
}

/**
 * @param year a calendar year
 * @returns days in it, 365 or 366
 */
export function daysInYear(year: number): number {
  return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0 ? 366 : 365;
}

/**
 * @param index months since year 0
 * @returns days in the month, 28 to 31
 */
export function daysInMonth(index: number): number {
  const year = Math.floor(index / 12);
  const month = index - year * 12;
  if (month === 1) return daysInYear(year) - 337;
  return month === 3 || month === 5 || month === 8 || month === 10 ? 30 : 31;
}

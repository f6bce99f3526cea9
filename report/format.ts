/** A unit of mass and how many of it are in one MTCO2e. */
export interface Unit {
  readonly name: string;
  readonly perMtco2e: number;
}

const UNITS: readonly [Unit, Unit, Unit] = [
  { name: 'MTCO2e', perMtco2e: 1 },
  { name: 'kg CO2e', perMtco2e: 1e3 },
  { name: 'g CO2e', perMtco2e: 1e6 },
];

/** Returns the unit in which the largest of some masses is at least 1, so that no number is 0.000. */
export function unitFor(mtco2e: readonly number[]): Unit {
  const largest = Math.max(0, ...mtco2e.map(Math.abs));
  if (largest === 0) return UNITS[0];
  return UNITS.find(({ perMtco2e }) => largest * perMtco2e >= 1) ?? UNITS[2];
}

const SHORT = new Intl.NumberFormat('en-US', { maximumSignificantDigits: 4 });
const WHOLE = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });

/** Returns a number with four significant digits, or without decimals above 1,000. */
export function number(value: number): string {
  return (Math.abs(value) >= 1_000 ? WHOLE : SHORT).format(value).replace('-', '−');
}

/** Returns a mass in its unit, such as `402.1 MTCO2e`; `unknown` for null. */
export function mass(mtco2e: number | null, unit?: Unit): string {
  if (mtco2e === null) return 'unknown';
  const { name, perMtco2e } = unit ?? unitFor([mtco2e]);
  return `${number(mtco2e * perMtco2e)} ${name}`;
}

/** Returns a change of a mass with its sign, such as `+6.12 MTCO2e`. */
export function change(mtco2e: number, unit?: Unit): string {
  return `${mtco2e > 0 ? '+' : ''}${mass(mtco2e, unit)}`;
}

/** Returns a change in percent with its sign, such as `+1.5 %`; blank where there was nothing before. */
export function percentChange(before: number, after: number): string {
  if (before === 0) return '';
  const percent = (100 * (after - before)) / Math.abs(before);
  const digits = Math.abs(percent) < 10 ? 1 : 0;
  return `${percent > 0 ? '+' : ''}${percent.toFixed(digits).replace('-', '−')} %`;
}

/** Returns a part of a whole, such as `12 %`. */
export function share(part: number, whole: number): string {
  if (whole === 0) return '0 %';
  const percent = (100 * part) / whole;
  if (percent > 0 && percent < 0.1) return 'under 0.1 %';
  return `${percent.toFixed(Math.abs(percent) < 10 ? 1 : 0)} %`;
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** Names of the months of a year, January first. */
export const MONTH_NAMES: readonly string[] = MONTHS;

/** Returns a month such as 2026-10 as `Oct 2026`. */
export function monthName(month: string): string {
  return `${MONTHS[Number(month.slice(5)) - 1] ?? ''} ${month.slice(0, 4)}`;
}

/** Returns the month `count` months after another, YYYY-MM. */
export function addMonths(month: string, count: number): string {
  const index = Number(month.slice(0, 4)) * 12 + Number(month.slice(5)) - 1 + count;
  return `${String(Math.floor(index / 12))}-${String((index % 12) + 1).padStart(2, '0')}`;
}

/** Returns a count with its noun, such as `1 account` or `66 accounts`. */
export function counted(count: number, noun: string): string {
  return `${WHOLE.format(count)} ${noun}${count === 1 ? '' : 's'}`;
}

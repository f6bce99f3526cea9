import type { Mtco2e } from './mass';

/*
 * Numbers for people: the digits that matter, and a unit by size. Tables of the command, mails and the report page show
 * them by these functions. What programs read has every digit.
 */

/** Digits of a value that people compare. */
const DIGITS = 4;

/** A unit of CO2 equivalent. */
export interface MassUnit {
  readonly name: string;
  /** Its size in metric tons. */
  readonly tons: number;
}

/** Largest first. */
const UNITS: readonly MassUnit[] = [
  { name: 'Mt', tons: 1_000_000 },
  { name: 't', tons: 1 },
  { name: 'kg', tons: 0.001 },
  { name: 'g', tons: 0.000_001 },
  { name: 'mg', tons: 0.000_000_001 },
];

/** The unit of a mass of 0. */
const TON: MassUnit = { name: 't', tons: 1 };

/** Returns a number with thousands separators and a fixed number of decimals, the same in every locale. */
export function formatNumber(value: number, decimals = 0): string {
  return value.toLocaleString('en-US', { minimumFractionDigits: decimals, maximumFractionDigits: decimals });
}

/** Returns a count with its noun, such as `1 account` or `66 accounts`. */
export function counted(count: number, noun: string): string {
  return `${formatNumber(count)} ${noun}${count === 1 ? '' : 's'}`;
}

/** Returns a number with at least four significant digits; digits before the decimal point are never rounded away. */
export function significant(value: number): string {
  if (value === 0 || !Number.isFinite(value)) return String(value);
  // 0.99996 has one digit before the decimal point, once it is rounded.
  const magnitude = Math.floor(Math.log10(Math.abs(Number(value.toPrecision(DIGITS))))) + 1;
  return formatNumber(value, Math.min(20, Math.max(0, DIGITS - magnitude)));
}

/** Returns a whole number as it is, with thousands separators, and any other with four significant digits. */
export function numberText(value: number): string {
  return Number.isInteger(value) ? formatNumber(value) : significant(value);
}

/**
 * Returns the unit in which the largest of some masses is at least 1, so that all of a chart have one unit.
 *
 * @param values MTCO2e
 */
export function massUnit(values: readonly number[]): MassUnit {
  const size = values.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0);
  if (size === 0) return TON;
  // 999.96 kg are 1,000 kg with four digits, and so 1 t. Tons are shown whole.
  const fits = ({ name, tons }: MassUnit): boolean =>
    (name === 'Mt' ? size / tons : Number((size / tons).toPrecision(DIGITS))) >= 1;
  return UNITS.find(fits) ?? UNITS.at(-1) ?? TON;
}

/**
 * Returns a mass of CO2 equivalent with its unit: Mt, t (metric tons), kg, g or mg, such as `607.3 t` or `1.000 g`.
 *
 * @param value MTCO2e: metric tons of CO2 equivalent
 */
export function massText(value: Mtco2e, unit = massUnit([value])): string {
  return `${significant(value / unit.tons)} ${unit.name}`;
}

/** Returns a change of a mass with its sign and unit, such as `+6.120 t`. */
export function massChangeText(change: Mtco2e, unit?: MassUnit): string {
  return `${change > 0 ? '+' : ''}${massText(change, unit)}`;
}

/** Returns a percentage, such as `12 %`, `1.5 %` or `0.031 %`. */
export function percentText(percent: number): string {
  const size = Math.abs(percent);
  if (size > 0 && size < 0.01) return 'under 0.01 %';
  const decimals = [10, 1, 0.1].findIndex((limit) => size >= limit);
  return `${formatNumber(percent, size === 0 ? 0 : decimals < 0 ? 3 : decimals)} %`;
}

/** Returns a change in percent with its sign, such as `+1.5 %`; blank where there was nothing before. */
export function percentChangeText(before: number, after: number): string {
  if (before === 0) return after === 0 ? percentText(0) : '';
  const percent = (100 * (after - before)) / Math.abs(before);
  return `${percent >= 0.01 ? '+' : ''}${percentText(percent)}`;
}

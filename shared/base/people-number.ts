import type { Mtco2e } from './mass';

/*
 * Numbers for people: the digits that matter, and a unit by size. Tables of the command and mails show masses by
 * these functions. The report page has its own (report/format.ts), because a chart has one unit for all of its masses. What
 * programs read has every digit.
 */

/** Digits of a value that people compare. */
const DIGITS = 4;

/** Units of CO2 equivalent, largest first, with their size in metric tons. */
const UNITS = [
  { unit: 'Mt', tons: 1_000_000 },
  { unit: 't', tons: 1 },
  { unit: 'kg', tons: 0.001 },
  { unit: 'g', tons: 0.000_001 },
  { unit: 'mg', tons: 0.000_000_001 },
] as const;

/** Returns a change of a mass with its sign and unit, such as `+6.120 t`. */
export function massChangeText(change: Mtco2e): string {
  return `${change > 0 ? '+' : ''}${massText(change)}`;
}

/** Returns a percentage, such as `12 %`, `1.5 %` or `0.031 %`. */
export function percentText(percent: number): string {
  const size = Math.abs(percent);
  if (size > 0 && size < 0.01) return 'under 0.01 %';
  const decimals = [10, 1, 0.1].findIndex((limit) => size >= limit);
  return `${formatNumber(percent, size === 0 ? 0 : decimals < 0 ? 3 : decimals)} %`;
}

/** Returns a number with thousands separators and a fixed number of decimals, the same in every locale. */
export function formatNumber(value: number, decimals = 0): string {
  return value.toLocaleString('en-US', { minimumFractionDigits: decimals, maximumFractionDigits: decimals });
}

/** Returns a number with at least four significant digits; digits before the decimal point are never rounded away. */
export function significant(value: number): string {
  if (value === 0 || !Number.isFinite(value)) return String(value);
  // 0.99996 has one digit before the decimal point, once it is rounded.
  const magnitude = Math.floor(Math.log10(Math.abs(Number(value.toPrecision(DIGITS))))) + 1;
  return formatNumber(value, Math.min(20, Math.max(0, DIGITS - magnitude)));
}

/**
 * Returns a mass of CO2 equivalent with its unit: Mt, t (metric tons), kg, g or mg, such as `607.3 t` or `1.000 g`.
 *
 * @param value MTCO2e: metric tons of CO2 equivalent
 */
export function massText(value: Mtco2e): string {
  if (value === 0) return '0 t';
  const size = Math.abs(value);
  // 999.96 kg are 1,000 kg with four digits, and so 1 t. Tons are shown whole.
  const fits = ({ unit, tons }: (typeof UNITS)[number]): boolean =>
    (unit === 'Mt' ? size / tons : Number((size / tons).toPrecision(DIGITS))) >= 1;
  const { unit, tons } = UNITS.find(fits) ?? UNITS[UNITS.length - 1] ?? UNITS[0];
  return `${significant(value / tons)} ${unit}`;
}

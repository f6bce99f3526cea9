import { asMtco2e } from '../shared/base/mass';
import { massChangeText, massText, type MassUnit, percentText } from '../shared/base/people-number';

/*
 * Words of the page around the numbers of shared/base/people-number.
 */

const SHORT = new Intl.NumberFormat('en-US', { maximumSignificantDigits: 4 });

/** Returns a number without zeros at its end, for ticks of an axis and small cells. */
export function shortNumber(value: number): string {
  return SHORT.format(value);
}

/** Returns a mass in MTCO2e as a text, such as `402.1 t CO2e`; `unknown` for null. */
export function mass(mtco2e: number | null, unit?: MassUnit): string {
  return mtco2e === null ? 'unknown' : `${massText(asMtco2e(mtco2e), unit)} CO2e`;
}

/** Returns a change of a mass in MTCO2e with its sign, such as `+6.120 t CO2e`. */
export function change(mtco2e: number, unit?: MassUnit): string {
  return `${massChangeText(asMtco2e(mtco2e), unit)} CO2e`;
}

/** Returns a part of a whole, such as `12 %`. */
export function share(part: number, whole: number): string {
  return percentText(whole === 0 ? 0 : (100 * part) / whole);
}

/** Names of the months of a year, January first. */
export const MONTH_NAMES: readonly string[] = [
  ...['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun'],
  ...['Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'],
];

/** Returns a month such as 2026-10 as `Oct 2026`. */
export function monthName(month: string): string {
  return `${MONTH_NAMES[Number(month.slice(5)) - 1] ?? ''} ${month.slice(0, 4)}`;
}

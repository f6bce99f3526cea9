import { z } from 'zod';
import { accountIdSchema, padAccountId } from '../base/account-id';
import { isDay, isMonth } from '../base/month';

/*
 * Types of input columns. Every message completes the sentence "expected …".
 */

/** A decimal number, also with an exponent; not NaN, Infinity, hexadecimal or with thousands separators. */
const DECIMAL_PATTERN = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d{1,3})?$/i;

/** Returns true for a decimal number in the range of a double: a number that is not 0 must not become 0. */
export function isDecimal(text: string): boolean {
  if (!DECIMAL_PATTERN.test(text)) return false;
  const number = Number(text);
  return Number.isFinite(number) && (number !== 0 || !/[1-9]/.test(text.replace(/e.*$/i, '')));
}

/** Amounts of this size and above are mistakes: the engine's exact decimals have 20 digits before the point. */
export const AMOUNT_LIMIT = 1e20;

/** A text that is not blank. */
export const text = z.string().min(1, 'a value, not a blank');

/**
 * A text that rows of the export contain. Spreadsheets read a text in a CSV file that begins with = + - or @ as a formula.
 * No name of a service or Region begins with one of them.
 */
export const exportedText = text.regex(
  // The pattern looks for control characters.
  // eslint-disable-next-line no-control-regex
  /^(?![=+\-@])[^\u0000-\u001f\u007f]*$/,
  'a text without control characters that does not begin with = + - or @: a spreadsheet would take it for a formula',
);

/** A text that may be blank. */
export const optionalText = z.string();

/** A 12-digit account id; leading zeros that a spreadsheet removed are restored. */
export const paddedAccountId = z.string().transform(padAccountId).pipe(accountIdSchema);

/** Returns the schema of a number within bounds, both included. */
export function decimal(bounds: { least?: number; most?: number } = {}): z.ZodType<number, string> {
  const { least = -Infinity, most = Infinity } = bounds;
  const range =
    (least > -Infinity ? ` of at least ${String(least)}` : '') +
    (most < Infinity ? ` and at most ${String(most)}` : '');
  return z.string().transform((value, context) => {
    const number = Number(value);
    const isAmount = isDecimal(value) && number >= least && number <= most;
    if (isAmount && number < AMOUNT_LIMIT) return number;
    context.addIssue({ code: 'custom', message: isAmount ? 'a number below 1e20' : `a number${range}` });
    return z.NEVER;
  });
}

/** A number within bounds, or a blank. */
export function optionalDecimal(
  bounds: { least?: number; most?: number } = {},
): z.ZodType<number | undefined, string> {
  const { least, most } = bounds;
  const range =
    (least === undefined ? '' : ` of at least ${String(least)}`) +
    (most === undefined ? '' : ` and at most ${String(most)}`);
  return z.union([z.literal('').transform(() => undefined), decimal(bounds)], {
    error: `a number${range} or a blank`,
  });
}

/** The share of fed-in energy that is lost on the way, from 0 to below 1, or a blank. */
export const optionalLossRate: z.ZodType<number | undefined, string> = optionalDecimal({ least: 0 }).refine(
  (rate) => rate === undefined || rate < 1,
  { error: 'a share from 0 to below 1 (energy lost / energy fed in) or a blank' },
);

/** A share 0..1 (to the tolerance of 1e-9), as its exact text without a plus sign. */
export const share = z
  .string()
  .refine((value) => isDecimal(value) && inShareRange(Number(value)), { error: 'a share from 0 to 1' })
  .transform((value) => value.replace(/^\+/, ''));

/** Sums and shares may exceed 1 by this much. */
export const SHARE_TOLERANCE = 1e-9;

function inShareRange(value: number): boolean {
  return value >= 0 && value <= 1 + SHARE_TOLERANCE;
}

/** Years that data can have: 0205 is a typing error. */
const YEAR_PATTERN = /^(19|20|21)\d\d$/;

function isDataMonth(value: string): boolean {
  return isMonth(value) && YEAR_PATTERN.test(value.slice(0, 4));
}

/** `YYYY-MM`. */
export const month = z.string().refine(isDataMonth, { error: 'a month YYYY-MM' });

/** `YYYY`. */
export const year = z.string().regex(YEAR_PATTERN, 'a year YYYY').transform(Number);

/** `YYYY-MM` or `YYYY`. */
export const period = z.string().refine((value) => isDataMonth(value) || YEAR_PATTERN.test(value), {
  error: 'a month YYYY-MM or a year YYYY',
});

/** `YYYY-MM-DD` or blank. */
export const optionalDay = z
  .string()
  .refine((value) => value === '' || isDay(value), { error: 'a day YYYY-MM-DD or a blank' });

/** `YYYY-MM-DD`. */
export const day = z.string().refine((value) => isDay(value) && YEAR_PATTERN.test(value.slice(0, 4)), {
  error: 'a day YYYY-MM-DD',
});

/** A whole number within bounds, both included, or a blank. */
export function optionalInteger(least: number, most: number): z.ZodType<number | undefined, string> {
  const error = `a whole number from ${String(least)} to ${String(most)} or a blank`;
  return z.string().transform((value, context) => {
    if (value === '') return undefined;
    const number = Number(value);
    if (isDecimal(value) && Number.isInteger(number) && number >= least && number <= most) return number;
    context.addIssue({ code: 'custom', message: error });
    return z.NEVER;
  });
}

/** One of a few words, or a blank. */
export function optionalOneOf<const T extends readonly [string, ...string[]]>(
  words: T,
): z.ZodType<T[number] | '', string> {
  return z.enum(['', ...words], { error: `${words.join(', ')} or a blank` });
}

/** One of a few words. */
export function oneOf<const T extends readonly [string, ...string[]]>(
  words: T,
): z.ZodType<T[number], string> {
  return z.enum(words, { error: words.slice(0, -1).join(', ') + ' or ' + (words.at(-1) ?? '') });
}

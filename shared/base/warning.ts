import { z } from 'zod';
import { SHOWN } from './shown';

/**
 * How much a warning matters, most important first.
 *
 * - `changes-numbers`: an input is missing or contradictory; a published number is probably wrong.
 * - `worth-a-look`: the numbers follow the inputs, and a person should check the inputs.
 * - `for-the-record`: a fact that explains the numbers.
 */
export const SEVERITIES = ['changes-numbers', 'worth-a-look', 'for-the-record'] as const;

/** One of the {@link SEVERITIES}. */
export type Severity = (typeof SEVERITIES)[number];

/** Schema of a {@link Warning}, for manifests, states and reports. */
export const warningSchema = z.object({
  severity: z.enum(SEVERITIES),
  /** Identifies the kind of warning in every version of this program, such as `electricity-missing`. */
  code: z.string(),
  /** Number of things that the warning is about, such as sites, services or lines. */
  count: z.number(),
  /** One line. It names no month, so that equal warnings of several months can be grouped. */
  message: z.string(),
  /** All of the things, where the message names only the first. */
  items: z.array(z.string()).readonly().exactOptional(),
});

/** What a reader of a month should know although the month did not fail. */
export type Warning = Readonly<z.infer<typeof warningSchema>>;

/** Severity and code of a warning. */
export type WarningKind = Pick<Warning, 'severity' | 'code'>;

/**
 * Returns one warning about all items, so that what repeats is one line; no warning without items.
 *
 * @param messageOf returns the message; it is called with the first items as text
 */
export function warningAbout(
  kind: WarningKind,
  items: readonly string[],
  messageOf: (items: string) => string,
): Warning[] {
  if (items.length === 0) return [];
  const warning = { ...kind, count: items.length, message: messageOf(listed(items)) };
  return [items.length > SHOWN.examples ? { ...warning, items } : warning];
}

function listed(items: readonly string[]): string {
  const rest = items.length - SHOWN.examples;
  const named = items.slice(0, SHOWN.examples).join(', ');
  return rest > 0 ? `${named} and ${String(rest)} more` : named;
}

/** Returns warnings without their lists of items, for states and reports: the manifest has the lists. */
export function withoutItems(warnings: readonly Warning[]): Warning[] {
  return warnings.map(({ severity, code, count, message }) => ({ severity, code, count, message }));
}

/** Returns the warnings of things that change numbers: these are never folded. */
export function severeWarnings(warnings: readonly Warning[] = []): Warning[] {
  return warnings.filter(({ severity }) => severity === 'changes-numbers');
}

import type { Manifest } from '../../exports/manifest';
import { CATEGORIES, type Category, type PerCategory } from './exact/categories';
import type { Ledger } from './exact/naive-method';
import { exactDouble, type Fraction, sum, toNumber, ZERO } from './exact/rational';
import type { ProblemList } from './problem-list';
import { TOLERANCE } from './tolerance';

const RETAINED = ['retained_internal', 'retained_unused', 'retained_overhead', 'retained_unclaimed'] as const;

const ACCOUNTS = ['in', 'exported', ...RETAINED] as const;

/**
 * Checks a month's ledger in fractions: emissions in = the rows of the file + retained; each step passes on as much as it
 * received; every entry equals the one computed from the inputs.
 *
 * @param exportedKg exact sums of the file's rows
 * @param exact the ledger computed exactly; undefined where the month is not recomputed
 * @returns the largest difference as a part of the category's emissions
 */
export function checkLedger(
  { ledgerKg, largestResidual }: Manifest,
  exportedKg: PerCategory,
  exact: Readonly<Record<Category, Ledger>> | undefined,
  problems: ProblemList,
): number {
  let largest = 0;
  const compare = (category: Category, what: string, value: Fraction, expected: Fraction): void => {
    const emitted = exactDouble(ledgerKg.in[category]);
    const difference = value.sub(expected).abs();
    const part = difference.equals(ZERO)
      ? 0
      : emitted.equals(ZERO)
        ? Infinity
        : toNumber(difference.div(emitted));
    largest = Math.max(largest, part);
    problems.expect(part <= TOLERANCE, () => {
      const [found, right] = [toNumber(value), toNumber(expected)].map(String);
      return `ledger, ${category}, ${what}: found ${found ?? ''} kg, expected ${right ?? ''} kg`;
    });
  };
  for (const category of CATEGORIES) {
    const entry = (name: (typeof ACCOUNTS)[number]): Fraction => exactDouble(ledgerKg[name][category]);
    compare(category, 'exported', entry('exported'), exportedKg[category]);
    const kept = sum(RETAINED.map(entry));
    compare(category, 'in', entry('in'), exportedKg[category].add(kept));
    for (const { step, in: received, out, retained } of ledgerKg.steps) {
      const passed = exactDouble(out[category]).add(exactDouble(retained[category]));
      compare(category, `received by step ${step}`, exactDouble(received[category]), passed);
    }
    if (exact === undefined) continue;
    for (const name of ACCOUNTS) compare(category, name, entry(name), exact[category][name]);
  }
  problems.expect(
    largestResidual <= TOLERANCE,
    () =>
      `ledger: found a residual of ${String(largestResidual)} of the emissions, expected at most ${String(TOLERANCE)}`,
  );
  return largest;
}

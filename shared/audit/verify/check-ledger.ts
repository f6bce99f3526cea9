import type { Manifest } from '../../exports/manifest';
import { TOLERANCE } from './check-rows';
import { CATEGORIES, type Category, type PerCategory } from './exact/categories';
import type { NaiveMonth } from './exact/naive-method';
import { exactDouble, type Fraction, sum, toNumber, ZERO } from './exact/rational';
import type { ProblemList } from './problem-list';

const RETAINED = ['retained_internal', 'retained_unused', 'retained_overhead', 'retained_unclaimed'] as const;

const ACCOUNTS = ['in', 'exported', ...RETAINED] as const;

/**
 * Checks a month's ledger, in fractions: what was emitted is what the file holds and what was retained, each step passes
 * on what it received, and every entry is what the inputs give. Differences are parts of the category's emissions.
 *
 * @param exportedKg exact sums of the file's rows
 * @param exact the month computed exactly; undefined where it cannot be
 * @returns the largest difference
 */
export function checkLedger(
  { ledgerKg, largestResidual }: Manifest,
  exportedKg: PerCategory,
  exact: NaiveMonth | undefined,
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
      return `ledger, ${category}: ${what} is ${found ?? ''} kg, expected ${right ?? ''} kg`;
    });
  };
  for (const category of CATEGORIES) {
    const entry = (name: (typeof ACCOUNTS)[number]): Fraction => exactDouble(ledgerKg[name][category]);
    compare(category, 'exported', entry('exported'), exportedKg[category]);
    const kept = sum(RETAINED.map(entry));
    compare(category, 'in', entry('in'), exportedKg[category].add(kept));
    for (const { step, in: received, out, retained } of ledgerKg.steps) {
      const passed = exactDouble(out[category]).add(exactDouble(retained[category]));
      compare(category, `what step ${step} received`, exactDouble(received[category]), passed);
    }
    if (exact === undefined) continue;
    for (const name of ACCOUNTS) compare(category, name, entry(name), exact.ledgerKg[category][name]);
  }
  problems.expect(
    largestResidual <= TOLERANCE,
    () => `the manifest tells a residual of ${String(largestResidual)} of the emissions`,
  );
  return largest;
}

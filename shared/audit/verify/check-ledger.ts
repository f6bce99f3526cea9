import type { Manifest, PublishedKg } from '../../exports/manifest';
import { CATEGORIES, type Category } from './exact/categories';
import type { Ledger } from './exact/naive-method';
import { exactDouble, type Fraction, sum, toNumber, ZERO } from './exact/rational';
import { SUMS } from './expected-rows';
import type { ProblemList } from './problem-list';
import { TOLERANCE } from './tolerance';

const RETAINED = ['retained_internal', 'retained_unused', 'retained_overhead', 'retained_unclaimed'] as const;

const ACCOUNTS = ['in', 'exported', ...RETAINED] as const;

/**
 * Checks a month's ledger in fractions: emissions in = the rows of the file + retained; each step passes on as much as it
 * received; every entry equals the one computed from the inputs. A column that is the sum of several categories, such as
 * those of Scope 3, is compared with the sum of their entries.
 *
 * @param exportedKg exact sums of the file's value columns
 * @param exact the ledger computed exactly; undefined where the month is not recomputed
 * @returns the largest difference as a part of the category's emissions
 */
export function checkLedger(
  { ledgerKg, largestResidual }: Manifest,
  exportedKg: ReadonlyMap<string, Fraction>,
  exact: Readonly<Record<Category, Ledger>> | undefined,
  problems: ProblemList,
): number {
  let largest = 0;
  const counted = CATEGORIES.filter((category) => ledgerKg.in[category] !== undefined);
  const compare = (
    categories: readonly Category[],
    what: string,
    value: Fraction,
    expected: Fraction,
  ): void => {
    const part = partOf(value.sub(expected).abs(), kgOf(ledgerKg.in, categories));
    largest = Math.max(largest, part);
    problems.expect(
      part <= TOLERANCE,
      () =>
        `ledger, ${categories.join(' + ')}, ${what}: found ${String(toNumber(value))} kg, expected ${String(toNumber(expected))} kg`,
    );
  };
  for (const [column, kg] of exportedKg) {
    const parts = (SUMS[column] ?? []).filter((category) => counted.includes(category));
    if (parts.length > 0) compare(parts, 'exported', kgOf(ledgerKg.exported, parts), kg);
  }
  for (const category of counted) {
    const entry = (name: (typeof ACCOUNTS)[number]): Fraction => kgOf(ledgerKg[name], [category]);
    const out = sum([entry('exported'), ...RETAINED.map(entry)]);
    compare([category], 'in', entry('in'), out);
    for (const step of ledgerKg.steps) {
      const passed = kgOf(step.out, [category]).add(kgOf(step.retained, [category]));
      compare([category], `received by step ${step.step}`, kgOf(step.in, [category]), passed);
    }
    if (exact === undefined) continue;
    for (const name of ACCOUNTS) compare([category], name, entry(name), exact[category][name]);
  }
  checkResidual(largestResidual, problems);
  return largest;
}

function checkResidual(residual: number, problems: ProblemList): void {
  problems.expect(
    residual <= TOLERANCE,
    () =>
      `ledger: found a residual of ${String(residual)} of the emissions, expected at most ${String(TOLERANCE)}`,
  );
}

/** Returns the sum of several categories, kgCO2e. */
function kgOf(figures: PublishedKg, categories: readonly Category[]): Fraction {
  return sum(categories.map((category) => exactDouble(figures[category] ?? 0)));
}

/** A difference as a part of the emissions. */
function partOf(difference: Fraction, emitted: Fraction): number {
  if (difference.equals(ZERO)) return 0;
  return emitted.equals(ZERO) ? Infinity : toNumber(difference.div(emitted));
}

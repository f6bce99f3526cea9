import { asKg } from '../base/mass';
import { add, type KgByCategory, byCategory, CATEGORIES, sumByCategory } from './categories';

/** Residual, as a part of the emissions, above which a month is not published (step 7 of the method). */
export const RESIDUAL_LIMIT = 1e-9;

/** Accounts of the ledger whose kgCO2e stay with the operator. */
export const RETAINED = [
  'retained_internal',
  'retained_unused',
  'retained_overhead',
  'retained_unclaimed',
] as const;

/** One of the {@link RETAINED} accounts of the ledger. */
export type Retained = (typeof RETAINED)[number];

/** The balance of one step, kgCO2e: `in` is the sum of `out`, `retained` and `residual`. */
export interface StepBalance {
  readonly step: 'clusters' | 'racks' | 'services' | 'accounts';
  readonly in: KgByCategory;
  readonly out: KgByCategory;
  readonly retained: KgByCategory;
  readonly residual: KgByCategory;
}

/** The month's ledger, kgCO2e: in = exported + everything retained + residual, in total and per step. */
export interface Ledger extends Readonly<Record<Retained, KgByCategory>> {
  readonly in: KgByCategory;
  readonly exported: KgByCategory;
  readonly residual: KgByCategory;
  readonly steps: readonly StepBalance[];
}

/** Returns a step's balance with its residual. */
export function balance(
  step: StepBalance['step'],
  received: KgByCategory,
  out: KgByCategory,
  retained: KgByCategory,
): StepBalance {
  return {
    step,
    in: received,
    out,
    retained,
    residual: byCategory((category) => asKg(received[category] - out[category] - retained[category])),
  };
}

/** Returns a month's ledger with its residual. */
export function closeLedger(
  received: KgByCategory,
  exported: KgByCategory,
  retained: Readonly<Record<Retained, KgByCategory>>,
  steps: readonly StepBalance[],
): Ledger {
  const explained = add(exported, sumByCategory(RETAINED.map((name) => retained[name])));
  return {
    in: received,
    exported,
    ...retained,
    residual: byCategory((category) => asKg(received[category] - explained[category])),
    steps,
  };
}

/** Returns the largest residual of the month and its steps, as a part of the category's emissions. */
export function largestResidual(ledger: Ledger): number {
  const residuals = [ledger.residual, ...ledger.steps.map(({ residual }) => residual)];
  return Math.max(
    ...residuals.flatMap((residual) =>
      CATEGORIES.map((category) => relative(residual[category], ledger.in[category])),
    ),
  );
}

function relative(residual: number, total: number): number {
  if (residual === 0) return 0;
  return total === 0 ? Infinity : Math.abs(residual) / total;
}

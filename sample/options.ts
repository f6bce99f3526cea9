import { FOCUS_NEEDS, MADE_UP_LAST_MONTH, REAL_FOCUS_MONTH } from './facts';
import { monthIndex, monthOf } from './months';

/** What to generate, and how much of it. */
export interface SampleOptions {
  /** Folder to write into; it must be new or empty. */
  readonly outDir: string;
  /**
   * Start of the pseudo-random numbers: a whole number from 0 to 4294967295. The same seed and sizes make the same bytes.
   * @default 1
   */
  readonly seed?: number | undefined;
  /**
   * Months of the estate.
   * @default 38
   */
  readonly months?: number | undefined;
  /**
   * Last month, `YYYY-MM`. A fixed month, not one that follows the clock.
   * @default '2026-10'
   */
  readonly lastMonth?: string | undefined;
  /**
   * Regions, the real ones first; beyond 24 they are made up. Edge clusters come on top.
   * @default 21
   */
  readonly regions?: number | undefined;
  /**
   * Services, the real ones first; beyond 32 they are made up.
   * @default 32
   */
  readonly services?: number | undefined;
  /**
   * Accounts in the organization: the management account, internal ones and customers.
   * @default 80
   */
  readonly accounts?: number | undefined;
  /**
   * Racks of every cluster that is open.
   * @default 8
   */
  readonly racksPerCluster?: number | undefined;
  /**
   * Usage rows of every month, when more than come naturally (about 30 per account): lines are then split into as many
   * rows as it takes, as bills split usage by resource and hour. Below the natural number it changes nothing.
   * @default - the natural number
   */
  readonly usageRowsPerMonth?: number | undefined;
  /**
   * Whether September 2024 comes as `focus/` with the real rows, in place of `usage/`.
   * @default - true where the estate is large enough for the real rows and has that month
   */
  readonly focus?: boolean | undefined;
}

/** {@link SampleOptions} with every default filled in and every value checked. */
export interface SamplePlan {
  readonly outDir: string;
  readonly seed: number;
  /** Indices of the months (months since year 0), ascending. */
  readonly months: readonly number[];
  readonly regions: number;
  readonly services: number;
  readonly accounts: number;
  /** Of the accounts, how many are the operator's own. */
  readonly internalAccounts: number;
  readonly racksPerCluster: number;
  /** Rows of every month, or 0 for the natural number. */
  readonly usageRowsPerMonth: number;
  readonly focus: boolean;
}

/** Bounds of the whole-number options: lowest, highest, default. */
const SIZES = {
  seed: [0, 4_294_967_295, 1],
  months: [1, 600, 38],
  regions: [1, 500, 21],
  services: [6, 2_000, 32],
  accounts: [4, 1_000_000, 80],
  racksPerCluster: [3, 10_000, 8],
  usageRowsPerMonth: [0, 20_000_000, 0],
} as const satisfies Record<string, readonly [number, number, number]>;

function size(options: SampleOptions, name: keyof typeof SIZES): number {
  const [low, high, standard] = SIZES[name];
  const value = options[name] ?? standard;
  if (!Number.isInteger(value) || value < low || value > high) {
    throw new RangeError(`${name} must be a whole number from ${low} to ${high}, not ${String(value)}`);
  }
  return value;
}

function planMonths(options: SampleOptions): number[] {
  const lastMonth = options.lastMonth ?? MADE_UP_LAST_MONTH;
  if (!/^(19|20)\d\d-(0[1-9]|1[0-2])$/.test(lastMonth)) {
    throw new RangeError(
      `lastMonth must be a month YYYY-MM from 1900-01 to 2099-12, not ${JSON.stringify(lastMonth)}`,
    );
  }
  const count = size(options, 'months');
  const first = monthIndex(lastMonth) - count + 1;
  return Array.from({ length: count }, (_, i) => first + i);
}

/** Why the real FOCUS rows do not fit an estate of these sizes, or undefined where they do. */
function focusObstacle(plan: Omit<SamplePlan, 'focus'>): string | undefined {
  if (!plan.months.includes(monthIndex(REAL_FOCUS_MONTH))) {
    const [first = 0] = plan.months;
    return `the real rows are of ${REAL_FOCUS_MONTH}, and the months are ${monthOf(first)} to ${monthOf(plan.months.at(-1) ?? first)}`;
  }
  if (plan.regions < FOCUS_NEEDS.regions) {
    return `the real rows name ${FOCUS_NEEDS.regions} Regions, and regions is ${plan.regions}`;
  }
  if (plan.services < FOCUS_NEEDS.services) {
    return `the real rows name ${FOCUS_NEEDS.services} services, and services is ${plan.services}`;
  }
  const customers = plan.accounts - plan.internalAccounts - 1;
  if (customers < FOCUS_NEEDS.accounts) {
    return `the real rows name ${FOCUS_NEEDS.accounts} accounts, and accounts ${plan.accounts} leaves room for ${customers}`;
  }
  return undefined;
}

/**
 * Checks the options and fills in the defaults.
 *
 * @param options as the user wrote them
 * @returns the plan
 * @throws RangeError that names the option, its value and what was expected
 */
export function planSample(options: SampleOptions): SamplePlan {
  if (options.outDir.trim() === '') throw new RangeError('outDir must name a folder, not be blank');
  const accounts = size(options, 'accounts');
  const sizes = {
    outDir: options.outDir,
    seed: size(options, 'seed'),
    months: planMonths(options),
    regions: size(options, 'regions'),
    services: size(options, 'services'),
    accounts,
    internalAccounts: Math.max(1, Math.floor(accounts / 20)),
    racksPerCluster: size(options, 'racksPerCluster'),
    usageRowsPerMonth: size(options, 'usageRowsPerMonth'),
  };
  const obstacle = focusObstacle(sizes);
  if (options.focus === true && obstacle !== undefined) {
    throw new RangeError(`focus cannot be true: ${obstacle}`);
  }
  return { ...sizes, focus: options.focus ?? obstacle === undefined };
}

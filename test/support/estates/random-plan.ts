import { lastDay, yearOf } from '../../../shared/audit/verify/exact/calendar';
import type { Row } from '../../../shared/audit/verify/exact/estate-tables';
import { decimalText, type Random } from './random';

/** What becomes of a cluster in a random estate; only the first two ever serve. */
export type Fate =
  | 'serves'
  | 'opens in one of the months'
  | 'not open yet'
  | 'no usage'
  | 'no rack use'
  | 'no server power'
  | 'only service wholly consumed';

/** What a service of a random estate has. */
export type ServicePlan = {
  readonly code: string;
  readonly basis: 'physical' | 'economic';
  /** Whether it has racks, or only emissions that other services pass on. */
  readonly racked: boolean;
  /** Whether accounts use it; if not, what it has is unclaimed. */
  readonly used: boolean;
};

/** The choices that all tables of one random estate share. */
export type Plan = {
  readonly months: readonly string[];
  /** The years of the months and the three before them. */
  readonly years: readonly number[];
  readonly clusters: readonly (Row<'clusters'> & { readonly fate: Fate })[];
  readonly services: readonly ServicePlan[];
  /** Accounts that are exported; unlisted ones among them. */
  readonly customers: readonly string[];
  /** The operator's own accounts. */
  readonly internal: readonly string[];
  /** Customers that accounts.json does not list. */
  readonly unlisted: readonly string[];
  /** Usage rows per month, about. */
  readonly usageRows: number;
};

/**
 * The cluster, service and customer that make every month of a random estate calculable: the cluster is open and has
 * a used server rack, the service is never wholly consumed, and the customer uses it.
 */
export const ANCHOR_SERVICE = 'AmazonEC2';

/** The service that is all there is in a cluster whose only service is wholly consumed. */
export const SWALLOWED_SERVICE = 'AmazonS3';

const REGIONS: readonly (readonly [string, string])[] = [
  ['us-east-1', 'US East (N. Virginia)'],
  ['eu-central-1', 'Europe, "Frankfurt"'],
  ['ap-southeast-2', 'Asia Pacific (Sydney)'],
  ['mx-central-1', 'México (Central)'],
  ['sa-east-1', 'South America (São Paulo)'],
  ['eu-south-2', 'Europe (Spain)'],
];

const OTHER_FATES: readonly Fate[] = [
  'opens in one of the months',
  'opens in one of the months',
  'not open yet',
  'no usage',
  'no rack use',
  'no server power',
  'only service wholly consumed',
];

/** Draws what the tables have in common. */
export function drawPlan(random: Random, months: readonly string[], usageRows?: number): Plan {
  const firstYear = Math.min(...months.map(yearOf));
  const lastYear = Math.max(...months.map(yearOf));
  const customers = accountIds(random, random.integer(3, 7));
  return {
    months,
    years: Array.from({ length: lastYear - firstYear + 4 }, (_, at) => firstYear - 3 + at),
    clusters: drawClusters(random, months),
    services: drawServices(random),
    customers,
    internal: accountIds(random, random.integer(0, 2)),
    unlisted: random.sample(customers.slice(1), random.integer(0, 2)),
    usageRows: usageRows ?? random.integer(30, 120),
  };
}

function drawClusters(random: Random, months: readonly string[]): Plan['clusters'] {
  return Array.from({ length: random.integer(2, 6) }, (_, at) => {
    // The first cluster is the anchor; the second and third are mostly edge ones, so that global rows add up.
    const fate = at === 0 || random.chance(0.5) ? 'serves' : random.pick(OTHER_FATES);
    const isEdge = at > 0 && random.chance(at < 3 ? 0.7 : 0.3);
    const [region, location] = REGIONS[at] ?? ['', ''];
    const openedOn = at === 0 ? random.pick(['', '2006-08-25']) : drawOpening(random, months, fate);
    return {
      cluster_id: isEdge ? `edge-${String(at)}` : random.pick([region, `cluster-${String(at)}`]),
      kind: isEdge ? 'edge' : 'region',
      region_code: isEdge ? 'global' : region,
      location: isEdge ? 'Global' : location,
      opened_on: openedOn,
      fate,
    };
  });
}

/** The first and the last day of a month are where "not after the last day" shows. */
function drawOpening(random: Random, months: readonly string[], fate: Fate): string {
  const latest = [...months].sort().at(-1) ?? '';
  if (fate === 'not open yet') return random.pick([`${String(yearOf(latest) + 1)}-01-01`, dayAfter(latest)]);
  if (fate !== 'opens in one of the months') return random.pick(['', '', '2019-12-31']);
  const month = random.pick(months);
  return random.pick([`${month}-15`, lastDay(month), dayAfter(month)]);
}

/** The first day after the month. */
function dayAfter(month: string): string {
  return new Date(Date.UTC(yearOf(month), Number(month.slice(5, 7)), 1)).toISOString().slice(0, 10);
}

function drawServices(random: Random): ServicePlan[] {
  const either = (): ServicePlan['basis'] => random.pick(['physical', 'economic']);
  const fixed: ServicePlan[] = [
    { code: ANCHOR_SERVICE, basis: 'physical', racked: true, used: true },
    { code: SWALLOWED_SERVICE, basis: 'physical', racked: true, used: true },
    { code: 'AmazonCloudFront', basis: 'physical', racked: true, used: true },
    { code: 'AmazonRDS', basis: 'economic', racked: true, used: true },
    { code: 'AWSLambda', basis: 'economic', racked: false, used: true },
    { code: 'AmazonNobody', basis: either(), racked: true, used: false },
  ];
  const free = ['AmazonDynamoDB', 'AmazonRedshift', 'AmazonCloudWatch', 'AWSBackup'].map((code) => ({
    code,
    basis: either(),
    racked: random.chance(0.5),
    used: random.chance(0.8),
  }));
  return [...fixed, ...free.slice(0, random.integer(0, free.length))];
}

/** Distinct ids of 12 digits, about a third of them with leading zeros. */
function accountIds(random: Random, count: number): string[] {
  const ids = new Set<string>();
  while (ids.size < count) {
    const digits = random.chance(0.35) ? random.integer(1, 9_999_999) : random.integer(1e11, 1e12 - 1);
    ids.add(String(digits).padStart(12, '0'));
  }
  return [...ids];
}

/**
 * Decimal shares that add up to exactly 1. With one place they are the ones whose doubles do not: 0.7 + 0.2 + 0.1.
 */
export function sharesOfOne(random: Random, parts: number): string[] {
  const places = random.integer(1, 4);
  const whole = 10 ** places;
  const cuts = new Set<number>();
  while (cuts.size < parts - 1) cuts.add(random.integer(1, whole - 1));
  const edges = [0, ...[...cuts].sort((left, right) => left - right), whole];
  return edges.slice(1).map((edge, at) => decimalText(edge - (edges[at] ?? 0), places));
}

/** Decimal shares that add up to less than 1. */
export function sharesBelowOne(random: Random, parts: number): string[] {
  return sharesOfOne(random, parts + 1).slice(1);
}

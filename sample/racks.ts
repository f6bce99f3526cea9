import { RACK_ROLES, type RackRole } from './catalogue';
import { type Cluster, FITTING_MONTHS, isOpen } from './clusters';
import { monthIndex } from './months';
import { RandomStream } from './random';

/** Racks of one cluster in one month. */
export interface ClusterRacks {
  /** Lines of racks, without line ends. */
  readonly racks: readonly string[];
  /** Lines of rack_use, without line ends. */
  readonly uses: readonly string[];
  /** Power of all racks, kW. */
  readonly powerKw: number;
}

/** Roles of a Region's server racks, in turn; the first server rack is always mixed, so that each service finds one. */
const ROLE_CYCLE: readonly RackRole[] = [
  'mixed',
  'compute',
  'storage',
  'compute',
  'serverless',
  'database',
  'compute',
];

/** Every ninth rack is a network rack. */
const OVERHEAD_EVERY = 9;

/** Growth of power per month, against September 2024. */
const MONTHLY_GROWTH = 0.004;

const GROWTH_BASE = monthIndex('2024-09');

function rackCount(cluster: Cluster, month: number, racksPerCluster: number): number {
  if (month < cluster.firstRacks) return 0;
  if (isOpen(cluster, month)) return racksPerCluster;
  const monthsIn = month - cluster.firstRacks + 1;
  return Math.max(1, Math.floor((racksPerCluster * monthsIn) / (FITTING_MONTHS + 1)));
}

/** About one rack in three was or will be replaced, and its successor has another id. */
function rackId(seed: number, cluster: Cluster, number: number, month: number): string {
  const stream = new RandomStream(seed, 'rack', cluster.clusterId, number);
  const replacedAt = stream.chance(0.35) ? monthIndex('2023-09') + stream.integer(2, 60) : Infinity;
  const generation = month >= replacedAt ? 'b' : 'a';
  return `${cluster.clusterId}-r${String(number).padStart(3, '0')}${generation}`;
}

function roleOf(cluster: Cluster, number: number): RackRole | 'overhead' {
  if (number % OVERHEAD_EVERY === 1) return 'overhead';
  if (cluster.kind === 'edge') return 'edge';
  return ROLE_CYCLE[(number - 2) % ROLE_CYCLE.length] ?? 'mixed';
}

function growth(month: number): number {
  return Math.min(2, Math.max(0.5, 1 + MONTHLY_GROWTH * (month - GROWTH_BASE)));
}

function rackPower(cluster: Cluster, role: RackRole | 'overhead', stream: RandomStream): number {
  if (role === 'overhead') return stream.between(2, 3.5) + 1.5 * cluster.size;
  return stream.between(4.5, 7) + 8 * cluster.size;
}

function usesOf(role: RackRole, rack: string, known: ReadonlySet<string>, stream: RandomStream): string[] {
  const lines: string[] = [];
  for (const [code, low, high] of RACK_ROLES[role]) {
    const share = Math.floor(stream.between(low, high) * 10_000) / 10_000;
    if (known.has(code)) lines.push(`${rack},${code},${share.toFixed(4)}`);
  }
  return lines;
}

/**
 * The racks of a cluster in a month, all made up: a network rack first, then server racks by role; some are
 * idle. The racks of a cluster that has not opened draw power and are not used.
 *
 * @param plan the sample's seed, and the racks of an open cluster
 * @param cluster the cluster
 * @param services product codes of the estate
 * @param month month index
 * @returns lines of racks and rack_use, and the power
 */
export function clusterRacks(
  { seed, racksPerCluster }: { readonly seed: number; readonly racksPerCluster: number },
  cluster: Cluster,
  services: ReadonlySet<string>,
  month: number,
): ClusterRacks {
  const racks: string[] = [];
  const uses: string[] = [];
  let powerKw = 0;
  const open = isOpen(cluster, month);
  const count = rackCount(cluster, month, racksPerCluster);
  for (let number = 1; number <= count; number++) {
    const stream = new RandomStream(seed, 'racks', cluster.clusterId, number, month);
    const rack = rackId(seed, cluster, number, month);
    const role = roleOf(cluster, number);
    const full = rackPower(cluster, role, new RandomStream(seed, 'power', cluster.clusterId, number));
    const power = Math.round(full * growth(month) * stream.between(0.94, 1.06) * 1000) / 1000;
    const idle = role === 'overhead' || !open || (number > 2 && stream.chance(0.04));
    powerKw += power;
    racks.push(
      `${rack},${cluster.clusterId},${role === 'overhead' ? 'overhead' : 'server'},${power.toFixed(3)}`,
    );
    if (!idle) uses.push(...usesOf(role, rack, services, stream));
  }
  return { racks, uses, powerKw };
}

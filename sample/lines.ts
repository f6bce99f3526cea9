import type { Account } from './accounts';
import type { ServiceFact } from './catalogue';
import type { Cluster } from './clusters';
import { monthIndex } from './months';
import { RandomStream } from './random';
import type { FocusReference } from './reference';

/** One thing an account uses: a service in a cluster, month after month. */
export interface UsageLine {
  /** Account, cluster and product code, comma-terminated: the start of a row of usage. */
  readonly prefix: string;
  readonly service: ServiceFact;
  readonly cluster: Cluster;
  /** Month index from which it is used. */
  readonly first: number;
  /** Revenue per month at the level of September 2024, USD. */
  readonly usd: number;
}

/** USD per month, at the level of September 2024, that follow the real rows; and per account, that follow a smooth prior. */
const REAL_USD = 150_000;
const SMOOTH_USD = 2_300;

/** What {@link accountLines} draws from. */
export interface LineSource {
  readonly seed: number;
  readonly clusters: readonly Cluster[];
  readonly services: readonly ServiceFact[];
  readonly focus: FocusReference;
  /** How often a cluster is drawn, next to the others; 0 for edge clusters. */
  readonly regionWeights: ReadonlyMap<Cluster, number>;
  /** Services that are booked in Regions, EC2 first. */
  readonly regional: readonly ServiceFact[];
  /** Where a cluster or a service stands among its own kind. */
  readonly order: ReadonlyMap<Cluster | ServiceFact, number>;
  /** List cost of the real month, USD. */
  readonly realTotal: number;
}

/**
 * @param seed the sample's seed
 * @param clusters the clusters
 * @param services the services
 * @param focus the real rows
 * @returns what lines are drawn from
 */
export function lineSource(
  seed: number,
  clusters: readonly Cluster[],
  services: readonly ServiceFact[],
  focus: FocusReference,
): LineSource {
  // Real rows of a Region and a little of everywhere, so that every Region is drawn now and then.
  const weightOf = ({ regionCode, size }: Cluster): number =>
    (focus.rowsPerRegion.get(regionCode) ?? 0) / focus.rows + 0.02 + 0.03 * size;
  return {
    seed,
    clusters,
    services,
    focus,
    regionWeights: new Map(clusters.map((c) => [c, c.kind === 'edge' ? 0 : weightOf(c)])),
    regional: services.filter(({ place }) => place !== 'edge'),
    order: new Map<Cluster | ServiceFact, number>(
      [...clusters.entries(), ...services.entries()].map(([i, x]) => [x, i]),
    ),
    realTotal: focus.cells.reduce((sum, { listCost }) => sum + listCost, 0),
  };
}

interface Wish {
  readonly cluster: Cluster;
  readonly service: ServiceFact;
  readonly real: number;
  readonly smooth: number;
}

/** The account's share of the real month; what the real rows book as global goes to the first edge cluster. */
function realWishes(source: LineSource, account: Account): Wish[] {
  if (!account.real) return [];
  const wishes: Wish[] = [];
  for (const cell of source.focus.cells) {
    if (cell.accountId !== account.id) continue;
    const cluster = source.clusters.find(({ regionCode }) => regionCode === cell.region);
    const service = source.services.find(({ name }) => name === cell.serviceName);
    if (cluster === undefined || service === undefined) continue;
    const real = (REAL_USD * cell.listCost) / source.realTotal;
    wishes.push({ cluster, service, real, smooth: 0.3 * service.weight });
  }
  return wishes;
}

/** Several services in several Regions, by weight. */
function smoothWishes(source: LineSource, stream: RandomStream, home: readonly Cluster[]): Wish[] {
  const weightOfRegion = (cluster: Cluster): number => source.regionWeights.get(cluster) ?? 0;
  const drawn = stream.draw(source.clusters, weightOfRegion, stream.integer(2, 4));
  const regions = [...new Set([...drawn, ...home.filter(({ kind }) => kind === 'region')])].slice(0, 6);
  const wishes: Wish[] = [];
  const [ec2, ...others] = source.regional;
  // A flattened weight, so that small services are drawn too; CloudFront's regional caches are rarely billed.
  const weightOf = ({ weight, code }: ServiceFact): number =>
    weight === 0 ? 0 : code === 'AmazonCloudFront' ? 0.2 : weight + 1;
  for (const cluster of regions) {
    const services = stream.draw(others, weightOf, stream.integer(6, 12));
    for (const service of ec2 === undefined ? services : [ec2, ...services]) {
      const smooth = service.weight * weightOfRegion(cluster) * stream.between(0.5, 1.5);
      wishes.push({ cluster, service, real: 0, smooth });
    }
  }
  return wishes;
}

function edgeWishes(source: LineSource, stream: RandomStream): Wish[] {
  const wishes: Wish[] = [];
  for (const cluster of source.clusters) {
    if (cluster.kind !== 'edge' || !stream.chance(0.6)) continue;
    for (const service of source.services) {
      if (service.place === undefined || !stream.chance(service.code === 'AmazonCloudFront' ? 0.9 : 0.35))
        continue;
      wishes.push({ cluster, service, real: 0, smooth: 0.3 * service.weight * stream.between(0.5, 1.5) });
    }
  }
  return wishes;
}

/** One wish per cluster and service, in the order of clusters.csv and services.csv. */
function merge(source: LineSource, wishes: readonly Wish[]): Wish[] {
  const merged = new Map<number, Wish>();
  for (const wish of wishes) {
    const key =
      source.clusters.indexOf(wish.cluster) * source.services.length + source.services.indexOf(wish.service);
    const before = merged.get(key);
    merged.set(key, {
      ...wish,
      real: (before?.real ?? 0) + wish.real,
      smooth: Math.max(before?.smooth ?? 0, wish.smooth),
    });
  }
  return [...merged].sort(([a], [b]) => a - b).map(([, wish]) => wish);
}

/**
 * What an account uses. Half of the money follows the real rows of September 2024 (account, Region, service), which are
 * lumpy: one account has nine tenths of it. The other half follows a smooth prior, so that every account has several
 * services in several Regions. An account's lines depend on the seed and the account only.
 *
 * @param source clusters, services and the real rows
 * @param account the account
 * @returns its lines, in the order of clusters.csv and services.csv
 */
export function accountLines(source: LineSource, account: Account): UsageLine[] {
  const stream = new RandomStream(source.seed, 'lines', account.id);
  const real = realWishes(source, account);
  const home = real.map(({ cluster }) => cluster);
  const wishes = merge(source, [
    ...real,
    ...smoothWishes(source, stream, home),
    ...edgeWishes(source, stream),
  ]);
  const smoothTotal = wishes.reduce((sum, { smooth }) => sum + smooth, 0);
  const draw = stream.next();
  const accountUsd = SMOOTH_USD * (account.role === 'customer' ? 0.3 + 2.1 * draw * draw : 0.5);
  return wishes.map(({ cluster, service, real: realUsd, smooth }) => {
    const later = stream.chance(0.25) ? monthIndex('2023-09') + stream.integer(1, 30) : 0;
    return {
      prefix: `${account.id},${cluster.clusterId},${service.code},`,
      service,
      cluster,
      // What the real rows show was there in September 2024, so only what they do not show may start later.
      first: Math.max(account.first, cluster.firstUse, realUsd > 0 ? 0 : later),
      usd: realUsd + (accountUsd * smooth) / smoothTotal,
    };
  });
}

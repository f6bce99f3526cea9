import type { Row } from '../../../shared/audit/verify/exact/estate-tables';
import type { EstateTables } from './estate-tables';
import type { Random } from './random';
import { ANCHOR_SERVICE, type Plan, sharesBelowOne, sharesOfOne, SWALLOWED_SERVICE } from './random-plan';

type RackTables = Pick<EstateTables, 'racks' | 'rack_use' | 'service_use'>;
type ClusterPlan = Plan['clusters'][number];

/** Draws what steps 3 and 4 read: racks (kW), the services' shares of them, and the services' use of each other. */
export function drawRackTables(random: Random, plan: Plan): RackTables {
  const tables: RackTables = { racks: {}, rack_use: {}, service_use: {} };
  for (const month of plan.months) {
    const perCluster = plan.clusters.map((cluster, at) => drawRacks(random, plan, cluster, at === 0));
    tables.racks[month] = perCluster.flatMap(({ racks }) => racks);
    tables.rack_use[month] = perCluster.flatMap(({ use }) => use);
    tables.service_use[month] = drawServiceUse(random, plan);
  }
  return tables;
}

type Racks = { readonly racks: Row<'racks'>[]; readonly use: Row<'rack_use'>[] };

function drawRacks(random: Random, plan: Plan, cluster: ClusterPlan, isAnchor: boolean): Racks {
  const { cluster_id: id, fate } = cluster;
  if (fate === 'no server power') return powerlessRacks(random, plan, cluster);
  const racks = Array.from({ length: random.integer(1, 6) }, (_, at) => ({
    rack_id: `${id}-r${String(at)}`,
    cluster_id: id,
    // The first rack is a server rack with power, so that there is something to pass on.
    kind: at > 0 && random.chance(0.25) ? 'overhead' : 'server',
    power_kw: at > 0 && random.chance(0.1) ? '0' : random.decimal(0.1, 20, 3),
  }));
  if (fate === 'no rack use') return unusedRacks(random, plan, cluster, racks);
  const servers = racks.filter((rack) => rack.kind === 'server');
  const use = servers.flatMap((rack, at) =>
    drawRackUse(random, plan, cluster, { rackId: rack.rack_id, mustBeUsed: at === 0 }),
  );
  return { racks, use: isAnchor ? withAnchor(use, `${id}-r0`) : use };
}

/** Three ways to have nothing on server racks: no racks, racks that are off, and network racks only. */
function powerlessRacks(random: Random, plan: Plan, cluster: ClusterPlan): Racks {
  const rack = { rack_id: `${cluster.cluster_id}-r0`, cluster_id: cluster.cluster_id };
  const use = drawRackUse(random, plan, cluster, { rackId: rack.rack_id, mustBeUsed: true });
  return random.pick<Racks>([
    { racks: [], use: [] },
    { racks: [{ ...rack, kind: 'server', power_kw: '0' }], use },
    { racks: [{ ...rack, kind: 'overhead', power_kw: random.decimal(1, 9, 2) }], use: [] },
  ]);
}

/** Racks that draw power without any use. A share of 0, or a used rack that is off, changes nothing. */
function unusedRacks(random: Random, plan: Plan, cluster: ClusterPlan, racks: Row<'racks'>[]): Racks {
  const off = {
    rack_id: `${cluster.cluster_id}-off`,
    cluster_id: cluster.cluster_id,
    kind: 'server',
    power_kw: '0.0',
  };
  return random.pick<Racks>([
    { racks, use: [] },
    { racks, use: [{ rack_id: `${cluster.cluster_id}-r0`, product_code: ANCHOR_SERVICE, share: '0' }] },
    {
      racks: [...racks, off],
      use: drawRackUse(random, plan, cluster, { rackId: off.rack_id, mustBeUsed: true }),
    },
  ]);
}

/** Idle, partly used, or used to exactly 1. */
function drawRackUse(
  random: Random,
  plan: Plan,
  cluster: ClusterPlan,
  { rackId, mustBeUsed }: { readonly rackId: string; readonly mustBeUsed: boolean },
): Row<'rack_use'>[] {
  if (!mustBeUsed && random.chance(0.2)) return [];
  const codes = servicesOnRack(random, plan, cluster);
  const isFull = random.chance(0.3);
  const shares = isFull ? sharesOfOne(random, codes.length) : sharesBelowOne(random, codes.length);
  const rows = codes.map((code, at) => ({ rack_id: rackId, product_code: code, share: shares[at] ?? '0' }));
  return random.chance(0.1) ? withZero(plan, rows, rackId) : rows;
}

function servicesOnRack(random: Random, plan: Plan, cluster: ClusterPlan): string[] {
  if (cluster.fate === 'only service wholly consumed') return [SWALLOWED_SERVICE];
  if (cluster.kind === 'edge' && random.chance(0.6)) return ['AmazonCloudFront'];
  const racked = plan.services.filter((service) => service.racked).map((service) => service.code);
  return random.sample(racked, random.integer(1, 4));
}

/** A row with a share of 0 for a service that the rack does not hold. */
function withZero(plan: Plan, rows: Row<'rack_use'>[], rackId: string): Row<'rack_use'>[] {
  const other = plan.services.find(({ code }) => rows.every((row) => row.product_code !== code));
  return other === undefined ? rows : [...rows, { rack_id: rackId, product_code: other.code, share: '0' }];
}

/** The anchor service takes over the largest row of the rack, unless it is there already. */
function withAnchor(use: Row<'rack_use'>[], rackId: string): Row<'rack_use'>[] {
  const onRack = use.filter((row) => row.rack_id === rackId);
  if (onRack.some((row) => row.product_code === ANCHOR_SERVICE && Number(row.share) > 0)) return use;
  const [replaced] = onRack.sort((left, right) => Number(right.share) - Number(left.share));
  return use
    .filter((row) => row.rack_id !== rackId || row.product_code !== ANCHOR_SERVICE)
    .map((row) => (row === replaced ? { ...row, product_code: ANCHOR_SERVICE } : row));
}

/**
 * Rows for all clusters and rows of single clusters, which replace them provider by provider. Cycles come about by
 * themselves. A provider that is wholly consumed always passes part to the anchor service, which is not, so that
 * there is no set of services that only ever uses itself.
 */
function drawServiceUse(random: Random, plan: Plan): Row<'service_use'>[] {
  const codes = plan.services.map((service) => service.code);
  const general = codes
    .filter(() => random.chance(0.55))
    .flatMap((code) => drawProvider(random, codes, '*', code));
  const special = plan.clusters.flatMap((cluster) => {
    const isSwallowed = cluster.fate === 'only service wholly consumed';
    return codes.flatMap((code) => {
      if (isSwallowed && code === SWALLOWED_SERVICE) return wholly(random, codes, cluster.cluster_id, code);
      return random.chance(0.12) ? drawProvider(random, codes, cluster.cluster_id, code) : [];
    });
  });
  return [...general, ...special];
}

function drawProvider(
  random: Random,
  codes: readonly string[],
  clusterId: string,
  provider: string,
): Row<'service_use'>[] {
  if (provider !== ANCHOR_SERVICE && random.chance(0.25)) return wholly(random, codes, clusterId, provider);
  // Now and then a service uses itself: a cycle of one.
  const others = codes.filter((code) => code !== provider || random.chance(0.1));
  const consumers = random.sample(others, random.integer(1, 3));
  const shares = sharesBelowOne(random, consumers.length);
  return consumers.map((consumer, at) => ({
    cluster_id: clusterId,
    provider_code: provider,
    consumer_code: consumer,
    share: random.chance(0.05) ? '0' : (shares[at] ?? '0'),
  }));
}

/** Shares of exactly 1: nothing of the provider is left for accounts. */
function wholly(
  random: Random,
  codes: readonly string[],
  clusterId: string,
  provider: string,
): Row<'service_use'>[] {
  const others = codes.filter((code) => code !== provider && code !== ANCHOR_SERVICE);
  const consumers = [ANCHOR_SERVICE, ...random.sample(others, random.integer(0, 3))];
  const shares = sharesOfOne(random, consumers.length);
  return consumers.map((consumer, at) => ({
    cluster_id: clusterId,
    provider_code: provider,
    consumer_code: consumer,
    share: shares[at] ?? '0',
  }));
}

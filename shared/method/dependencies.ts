import Big from 'big.js';
import { exactSum } from '../base/exact-sum';
import { compareText, groupBy } from '../base/group';
import { MethodError } from './method-error';
import type { ServiceUse } from './month-estate';
import { type FixedVector, OrderedVector } from './ordered-vector';

/** The shares that one service passes on in a cluster. */
interface Provider {
  /** A(f,g) for every consumer g, itself left out. */
  readonly consumers: ReadonlyMap<string, number>;
  /** 1 - sum of A(f,g): what is left for accounts. Exactly 0 where the inputs' decimals add up to 1. */
  readonly left: number;
}

/** Which services use which in one cluster. Services that are not in it pass nothing on. */
export type DependencyGraph = ReadonlyMap<string, Provider>;

/** Emissions per service, in the unit of the direct emissions. */
export interface DependencyFlow {
  /** x(f): everything that passed through the service, its own and its providers'. */
  readonly total: ReadonlyMap<string, number>;
  /** n(f): what is left for accounts. */
  readonly left: ReadonlyMap<string, number>;
}

/** The uses of each provider by cluster. */
export type UsesByProvider = ReadonlyMap<string, ReadonlyMap<string, readonly ServiceUse[]>>;

/** Groups the uses once for all clusters. */
export function usesByProvider(uses: readonly ServiceUse[]): UsesByProvider {
  const byProvider = groupBy(uses, ({ providerCode }) => providerCode);
  return new Map(
    [...byProvider].map(([provider, rows]) => [provider, groupBy(rows, ({ clusterId }) => clusterId)]),
  );
}

/**
 * Returns the dependencies in one cluster: its own rows for a provider where it has them, else the rows for `*`. Sums are
 * taken over the exact decimals of the inputs, so that 0.1 + 0.2 + 0.7 leaves exactly nothing.
 *
 * @throws MethodError naming services that only use each other: their emissions could reach no account
 */
export function dependencyGraph(clusterId: string, uses: UsesByProvider): DependencyGraph {
  const graph = new Map<string, Provider>();
  for (const [providerCode, byCluster] of uses) {
    const chosen = byCluster.get(clusterId) ?? byCluster.get('*');
    if (chosen !== undefined) graph.set(providerCode, providerOf(providerCode, chosen));
  }
  assertSolvable(clusterId, graph);
  return graph;
}

function providerOf(providerCode: string, rows: readonly ServiceUse[]): Provider {
  const sum = exactSum(rows.map(({ shareText }) => shareText));
  // Inputs may exceed 1 by the tolerance of 1e-9; shares are then taken of what was passed on, never of more.
  const norm = sum.gt(1) ? sum.toNumber() : 1;
  const consumers = new Map<string, number>();
  for (const row of rows) {
    if (row.consumerCode !== providerCode && row.share > 0) {
      consumers.set(row.consumerCode, (consumers.get(row.consumerCode) ?? 0) + row.share / norm);
    }
  }
  const left = sum.gte(1) ? 0 : new Big(1).minus(sum).toNumber();
  return { consumers, left };
}

/** I - A^T is singular exactly when some services reach no service that leaves a part for accounts. */
function assertSolvable(clusterId: string, graph: DependencyGraph): void {
  const reaching = new Set<string>();
  for (const [code, provider] of graph) {
    const passesOutside = [...provider.consumers.keys()].some((consumer) => !graph.has(consumer));
    if (provider.left > 0 || passesOutside) reaching.add(code);
  }
  for (let grew = true; grew;) {
    grew = false;
    for (const [code, provider] of graph) {
      if (!reaching.has(code) && [...provider.consumers.keys()].some((consumer) => reaching.has(consumer))) {
        reaching.add(code);
        grew = true;
      }
    }
  }
  const closed = [...graph.keys()].filter((code) => !reaching.has(code)).sort(compareText);
  if (closed.length > 0) {
    throw new MethodError(
      `service_use of cluster ${clusterId}: ${closed.join(', ')} only ever use${closed.length === 1 ? 's itself' : ' each other'}, so nothing of their emissions is left for accounts`,
    );
  }
}

/**
 * Solves x = d + A^T x and n(f) = x(f) (1 - sum of A(f,g)) for one cluster (step 4 of the method).
 *
 * Elimination of an absorbing chain (Grassmann, Taksar and Heyman): every operation adds, multiplies or divides
 * positive numbers, and none subtracts. So each result is right to a few ulp, even if the cycles are close to singular, and
 * a service that receives nothing gets exactly 0.
 *
 * @param direct d(f) per service, in any unit; services only named by the graph receive what passes through
 */
export function solveDependencies(
  graph: DependencyGraph,
  direct: ReadonlyMap<string, number>,
): DependencyFlow {
  const order = [...graph.keys()].sort(compareText);
  const consumers = [...graph.values()].flatMap((provider) => [...provider.consumers.keys()]);
  const codes = [...new Set([...order, ...direct.keys(), ...consumers])];
  const keyOf = new Map(codes.map((code, key) => [code, key]));
  const chain = order.map((code) => chainState(graph.get(code), keyOf));
  const mass = vectorOf(direct, keyOf);
  const eliminated = chain.map((own, key) => eliminate(own, key, chain, mass));
  for (const { key, ownMass, incoming, leaving } of eliminated.reverse()) {
    let received = ownMass;
    for (let at = 0; at < incoming.keys.length; at += 1) {
      received += (incoming.values[at] ?? 0) * mass.get(incoming.keys[at] ?? 0);
    }
    mass.set(key, received / leaving);
  }
  const total = new Map(mass.keys().map((key) => [codes[key] ?? '', mass.get(key)]));
  const left = new Map([...total].map(([code, x]) => [code, x * (graph.get(code)?.left ?? 1)]));
  return { total, left };
}

/** A service while others are being eliminated: what it sends to those that remain, and what it leaves. */
interface ChainState {
  readonly flow: OrderedVector;
  left: number;
}

interface Eliminated {
  readonly key: number;
  /** Its direct emissions and what earlier eliminated services sent to it. */
  readonly ownMass: number;
  /** Share of each later service's x that still flows into it. */
  readonly incoming: FixedVector;
  /** Share of its x that does not come back to it. */
  readonly leaving: number;
}

type Keys = ReadonlyMap<string, number>;

function chainState(provider: Provider | undefined, keyOf: Keys): ChainState {
  return {
    flow: vectorOf(provider?.consumers ?? new Map<string, number>(), keyOf),
    left: provider?.left ?? 1,
  };
}

function vectorOf(values: ReadonlyMap<string, number>, keyOf: Keys): OrderedVector {
  const vector = new OrderedVector(keyOf.size);
  for (const [code, value] of values) vector.set(keyOf.get(code) ?? -1, value);
  return vector;
}

/** Providers have the first keys, in the order of their elimination. */
function eliminate(
  own: ChainState,
  key: number,
  chain: readonly ChainState[],
  mass: OrderedVector,
): Eliminated {
  const flow = own.flow.fixed();
  const leaving = own.left + flow.values.reduce((sum, share) => sum + share, 0);
  const ownMass = mass.get(key);
  mass.addScaled(flow, ownMass / leaving);
  const incoming = new OrderedVector(chain.length);
  for (let later = key + 1; later < chain.length; later += 1) {
    const state = chain[later];
    if (state?.flow.has(key) !== true) continue;
    const share = state.flow.get(key);
    incoming.set(later, share);
    state.flow.delete(key);
    state.flow.addScaled(flow, share / leaving);
    // The part that comes back to the service itself is not a flow: it makes `leaving` smaller.
    state.flow.delete(later);
    state.left += (share * own.left) / leaving;
  }
  return { key, ownMass, incoming: incoming.fixed(), leaving };
}

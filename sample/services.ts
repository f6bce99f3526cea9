import { DEPENDENCIES, OWN_DEPENDENCIES, type ServiceFact, SERVICES } from './catalogue';
import type { Cluster } from './clusters';
import { RandomStream } from './random';

/** Share of EC2's emissions that made-up services cause together, 0 to 1. */
const MADE_UP_SHARE = 0.2;

/**
 * The services of the sample: those of {@link SERVICES}, and made-up ones beyond, whose names say so.
 *
 * @param count how many
 * @returns the services, in the order of services.csv
 */
export function makeServices(count: number): ServiceFact[] {
  const services = SERVICES.slice(0, count);
  for (let i = services.length; i < count; i++) {
    const number = String(i + 1).padStart(4, '0');
    services.push({
      code: `MadeUpService${number}`,
      name: `Made-up service ${number}`,
      basis: 'economic',
      weight: 0.2,
    });
  }
  return services;
}

/** Shares as multiples of 0.0001, so that rounding never lifts a sum above 1. */
function shareText(share: number): string {
  return (Math.max(1, Math.floor(share * 10_000)) / 10_000).toFixed(4);
}

/**
 * The dependencies between services in one month: rows for all clusters, and separate rows for a few. The shares
 * wander a little from month to month; those of a provider add up to less than 1.
 *
 * @param seed the sample's seed
 * @param clusters the clusters
 * @param services the services
 * @param month month index
 * @returns lines of service_use, without line ends
 */
export function serviceUse(
  seed: number,
  clusters: readonly Cluster[],
  services: readonly ServiceFact[],
  month: number,
): string[] {
  const stream = new RandomStream(seed, 'service_use', month);
  const known = new Set(services.map(({ code }) => code));
  const madeUp = services.slice(SERVICES.length);
  const edges = [
    ...DEPENDENCIES.filter(([provider, consumer]) => known.has(provider) && known.has(consumer)),
    ...madeUp.map(({ code }) => ['AmazonEC2', code, MADE_UP_SHARE / madeUp.length] as const),
  ].map(([provider, consumer, share]) => ({ provider, consumer, share: share * stream.between(0.92, 1.08) }));
  const lines = edges.map(({ provider, consumer, share }) => `*,${provider},${consumer},${shareText(share)}`);
  for (const own of OWN_DEPENDENCIES) {
    if (!clusters.some(({ clusterId }) => clusterId === own.cluster)) continue;
    for (const { provider, consumer, share } of edges) {
      if (provider === own.provider) {
        lines.push(`${own.cluster},${provider},${consumer},${shareText(share * own.scale)}`);
      }
    }
  }
  return lines;
}

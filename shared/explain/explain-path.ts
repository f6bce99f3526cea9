import { RACK_USE, RACKS, SERVICE_USE } from '../inputs/tables';
import type { Category } from '../method/categories';
import type { ClusterWeights } from '../method/cluster-weights';
import { dependencyGraph } from '../method/dependencies';
import type { ModelVersion } from '../method/model-version';
import { rackShares } from '../method/rack-allocation';
import { groupBy } from '../method/group';
import type { ServiceShare } from '../method/service-shares';
import { explanation } from './explanation';
import type { Explanation } from './explanation';
import type { SourceContext } from './explain-source';

/** A service in a cluster, and the part of it that is explained. */
export interface PathRequest {
  readonly share: ServiceShare;
  readonly category: Category;
  /** driver / D(c,s) of the account. */
  readonly accountShare: number;
  readonly version: ModelVersion;
}

/**
 * How emissions came to a service (steps 3 to 5 of method.md): over the racks it used, from services that served it,
 * and from services that nobody used.
 *
 * @returns parts that add up to the account's kgCO2e of the service in the cluster
 */
export async function explainPath(context: SourceContext, request: PathRequest): Promise<Explanation[]> {
  const { share, category, accountShare } = request;
  const { clusterId, productCode } = share;
  const weights = context.allocation.weights.get(clusterId);
  const clusterKg = context.allocation.serving.kg.get(clusterId)?.[category] ?? 0;
  const through = weights?.through.get(productCode) ?? 0;
  const weight = weights?.weight.get(productCode) ?? 0;
  if (weights === undefined || weight === 0 || clusterKg === 0) return [];
  // What leaves the service for accounts, of what passes through it; then the account's part of that.
  const factor = clusterKg * accountShare * (weight / through);
  const racks = await fromRacks(context, request, factor);
  const providers = await fromProviders(context, weights, productCode, factor);
  const own = [...racks, ...providers];
  const explained = own.reduce((sum, { kg }) => sum + kg, 0);
  const itself = clusterKg * accountShare * weight - explained;
  if (itself > through * factor * 1e-12) {
    own.push(explanation(`from ${productCode} itself, which uses itself`, itself));
  }
  const handedOn = share.kg[category] * accountShare - clusterKg * accountShare * weight;
  if (handedOn > 0) {
    const unclaimed = context.allocation.unclaimed.filter((service) => service.clusterId === clusterId);
    const facts = { services: unclaimed.map((service) => service.productCode).join(', ') };
    own.push(explanation('handed on from services that nobody used', handedOn, { facts }));
  }
  return own;
}

async function fromRacks(
  { estate, places }: SourceContext,
  { share, version }: PathRequest,
  factor: number,
): Promise<Explanation[]> {
  const { clusterId, productCode } = share;
  const racks = estate.racks.filter((rack) => rack.clusterId === clusterId);
  const useByRack = groupBy(estate.rackUse, ({ rackId }) => rackId);
  const parts = rackShares(racks, useByRack, version).filter((part) => part.productCode === productCode);
  return Promise.all(
    parts.map(async ({ rack, use, part }) =>
      explanation(`over rack ${rack.rackId}`, factor * part, {
        facts: {
          rack_power_kw: rack.powerKw,
          share_used: use.share,
          share_used_by_all: (useByRack.get(rack.rackId) ?? []).reduce((sum, other) => sum + other.share, 0),
          part_of_cluster: part,
        },
        inputs: [
          ...(await places.find(RACKS, { rack_id: rack.rackId })),
          ...(await places.find(RACK_USE, { rack_id: rack.rackId, product_code: productCode })),
        ],
      }),
    ),
  );
}

async function fromProviders(
  { estate, places }: SourceContext,
  weights: ClusterWeights,
  productCode: string,
  factor: number,
): Promise<Explanation[]> {
  const { clusterId, through } = weights;
  const parts: Explanation[] = [];
  for (const [provider, { consumers }] of dependencyGraph(clusterId, estate.serviceUse)) {
    const share = consumers.get(productCode) ?? 0;
    const passed = (through.get(provider) ?? 0) * share;
    if (passed === 0) continue;
    const ownRows = await places.find(SERVICE_USE, { cluster_id: clusterId, provider_code: provider });
    const inputs = await places.find(SERVICE_USE, {
      cluster_id: ownRows.length > 0 ? clusterId : '*',
      provider_code: provider,
      consumer_code: productCode,
    });
    const facts = { share_of_provider: share, provider_part_of_cluster: through.get(provider) ?? 0 };
    parts.push(
      explanation(`from ${provider}, which ${productCode} uses`, factor * passed, { facts, inputs }),
    );
  }
  return parts;
}

import { append } from '../../base/append';
import { groupBy } from '../../base/group';
import { RACK_USE, RACKS, SERVICE_EMISSIONS, SERVICE_USE } from '../../estate/tables';
import { type KgByCategory, type Category, ZERO } from '../../method/categories';
import type { ClusterWeights } from '../../method/cluster-weights';
import { dependencyGraph } from '../../method/dependencies';
import type { ModelVersion } from '../../method/model-version';
import { rackShares } from '../../method/rack-allocation';
import type { ServiceShare } from '../../method/service-shares';
import { type Explanation, explanation } from './explanation';
import type { SourceContext } from './source-context';

/** A service in a cluster, and the part of it that is explained. */
export interface PathRequest {
  readonly share: ServiceShare;
  readonly category: Category;
  /** driver / D(c,s) of the account. */
  readonly accountShare: number;
  readonly version: ModelVersion;
}

/**
 * Explains the emissions of a service by the way they were allocated (steps 3 to 5 of docs/methodology.md): by the racks it
 * used, by the services that it used, and by unclaimed services.
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
  if (weights?.given !== undefined) return explainGiven(context, request, weights.given.get(productCode));
  if (weights === undefined || weight === 0 || clusterKg === 0) return [];
  // The part of the emissions through the service that is left for accounts, times the account's part of it.
  const factor = clusterKg * accountShare * (weight / through);
  const racks = await fromRacks(context, request, factor);
  const providers = await fromProviders(context, weights, productCode, factor);
  const own = [...racks, ...providers];
  const explained = own.reduce((sum, { kg }) => sum + kg, 0);
  const itself = clusterKg * accountShare * weight - explained;
  if (itself > through * factor * 1e-12) {
    own.push(explanation(`from ${productCode} itself, which uses itself`, itself));
  }
  append(own, fromUnclaimed(context, request, clusterKg * accountShare * weight));
  return own;
}

/** A service whose total is given; emissions of unclaimed services are spread over it as well. */
async function explainGiven(
  context: SourceContext,
  request: PathRequest,
  given: KgByCategory = ZERO,
): Promise<Explanation[]> {
  const { share, category, accountShare } = request;
  const { clusterId, productCode } = share;
  const own = given[category] * accountShare;
  const row = { cluster_id: clusterId, product_code: productCode };
  const inputs = await context.places.find(SERVICE_EMISSIONS, row);
  const facts = { given_kg: given[category] };
  const parts = [explanation('given by service_emissions', own, { facts, inputs })];
  return [...parts, ...fromUnclaimed(context, request, own)];
}

/** The account's part of the service beyond `ownKg`: emissions of unclaimed services, which are spread over the others. */
function fromUnclaimed(
  { allocation }: SourceContext,
  { share, category, accountShare }: PathRequest,
  ownKg: number,
): Explanation[] {
  const kg = share.kg[category] * accountShare - ownKg;
  if (!(kg > 0)) return [];
  const services = allocation.unclaimed.filter(({ clusterId }) => clusterId === share.clusterId);
  const facts = { services: services.map(({ productCode }) => productCode).join(', ') };
  return [explanation('spread from unclaimed services', kg, { facts })];
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

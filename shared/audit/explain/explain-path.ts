import { append } from '../../base/append';
import { groupBy } from '../../base/group';
import { RACK_USE, RACKS, SERVICE_EMISSIONS, SERVICE_USE } from '../../estate/tables';
import { type KgByCategory, type Category, ZERO } from '../../method/categories';
import { type ClusterWeights, rackServiceParts } from '../../method/cluster-weights';
import type { ModelVersion } from '../../method/model-version';
import { rackShares } from '../../method/rack-allocation';
import type { ServiceShare } from '../../method/service-shares';
import { itemPlaces } from './explain-scope-3';
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
  if (weights === undefined) return [];
  if (weights.given !== undefined) return explainGiven(context, request, weights.given.get(productCode));
  const clusterKg = context.allocation.serving.kg.get(clusterId)?.[category] ?? 0;
  const weight = weights.weight.get(productCode) ?? 0;
  const flow = context.allocation.rackFlows.get(clusterId);
  const ofRacks = (flow?.left.get(productCode)?.[category] ?? 0) * accountShare;
  const own = [
    ...(await ofCluster(context, request, weights, clusterKg)),
    ...(await rackParts(context, request, weights)),
  ];
  const ownKg = clusterKg * accountShare * weight + ofRacks;
  append(own, fromUnclaimed(context, request, ownKg));
  return own;
}

/** The service's part of what its cluster emits without the embodied carbon of single racks. */
async function ofCluster(
  context: SourceContext,
  request: PathRequest,
  weights: ClusterWeights,
  clusterKg: number,
): Promise<Explanation[]> {
  const { share, accountShare } = request;
  const { productCode } = share;
  const through = weights.through.get(productCode) ?? 0;
  const weight = weights.weight.get(productCode) ?? 0;
  if (weight === 0 || clusterKg === 0) return [];
  // What leaves the service for accounts, of what passes through it; then the account's part of that.
  const factor = clusterKg * accountShare * (weight / through);
  const racks = await fromRacks(context, request, factor);
  const providers = await fromProviders(context, weights, productCode, factor);
  return withItself([...racks, ...providers], productCode, {
    kg: clusterKg * accountShare * weight,
    least: through * factor * 1e-12,
  });
}

/** Adds what parts lack of a sum: a service that uses itself passes it to itself. */
function withItself(
  parts: readonly Explanation[],
  productCode: string,
  { kg, least }: { readonly kg: number; readonly least: number },
): Explanation[] {
  const itself = kg - parts.reduce((sum, part) => sum + part.kg, 0);
  if (!(itself > least)) return [...parts];
  return [...parts, explanation(`from ${productCode} itself, which uses itself`, itself)];
}

/** The embodied carbon of the racks that the service used, and that came to it from services that it uses. */
async function rackParts(
  { allocation, estate, places }: SourceContext,
  { share, category, accountShare }: PathRequest,
  { clusterId, graph }: ClusterWeights,
): Promise<Explanation[]> {
  const { productCode } = share;
  const flow = allocation.rackFlows.get(clusterId);
  const passing = (code: string): number => flow?.through.get(code)?.[category] ?? 0;
  const left = flow?.left.get(productCode)?.[category] ?? 0;
  if (left === 0) return [];
  const factor = accountShare * (left / passing(productCode));
  const useByRack = groupBy(estate.rackUse, ({ rackId }) => rackId);
  const racks = rackServiceParts(allocation.emissions.rackLevel.get(clusterId) ?? [], useByRack);
  const parts: Explanation[] = [];
  for (const { part, use, productCode: code, kg } of racks) {
    if (code !== productCode || kg[category] === 0) continue;
    const inputs = [
      ...(await itemPlaces(places, part)),
      ...(await places.find(RACK_USE, { rack_id: part.item.id, product_code: code })),
    ];
    const facts = { rack_kg: part.inService[category], share_used: use.share };
    parts.push(explanation(`of rack ${part.item.id} itself`, factor * kg[category], { facts, inputs }));
  }
  for (const [provider, { consumers }] of graph) {
    const passed = passing(provider) * (consumers.get(productCode) ?? 0);
    if (passed === 0) continue;
    parts.push(
      explanation(`of racks that ${provider} used, which ${productCode} uses`, factor * passed, {
        facts: { share_of_provider: consumers.get(productCode) ?? 0, provider_kg: passing(provider) },
      }),
    );
  }
  return withItself(parts, productCode, { kg: left * accountShare, least: left * accountShare * 1e-12 });
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
  { places }: SourceContext,
  weights: ClusterWeights,
  productCode: string,
  factor: number,
): Promise<Explanation[]> {
  const { clusterId, through, graph } = weights;
  const parts: Explanation[] = [];
  for (const [provider, { consumers }] of graph) {
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

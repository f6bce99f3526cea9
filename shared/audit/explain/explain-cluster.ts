import { CLUSTER_EMISSIONS, SERVICE_EMISSIONS } from '../../estate/tables';
import type { Category } from '../../method/categories';
import type { GivenTotals } from '../../method/month-estate';
import { explainElectricity, locationBased, marketBased } from './explain-electricity';
import { explainFuel, SCOPE_1 } from './explain-fuel';
import { explainEmbodied, explainFera } from './explain-scope-3';
import { type Explanation, explanation, scaled } from './explanation';
import type { SourceContext } from './source-context';

/** Explains a cluster's own emissions in one category; the parts add up to them. */
type Sources = (context: SourceContext, clusterId: string, category: Category) => Promise<Explanation[]>;

/** What a cluster's own emissions come from. A category without an entry does not compile. */
const SOURCES: Readonly<Record<Category, Sources>> = {
  scope_1: (context, clusterId) => explainFuel(context, clusterId, SCOPE_1),
  scope_2_lbm: (context, clusterId) => explainElectricity(context, clusterId, locationBased),
  scope_2_mbm: (context, clusterId) => explainElectricity(context, clusterId, marketBased),
  s3_hardware: explainEmbodied,
  s3_buildings: explainEmbodied,
  s3_transport: explainEmbodied,
  s3_fera_lbm: explainFera,
  s3_fera_mbm: explainFera,
};

/**
 * Explains the emissions of a serving cluster (steps 1 and 2 of docs/methodology.md): those of its sites, and its part of
 * the emissions of clusters that do not serve; without the embodied carbon that stays with single racks.
 *
 * @returns parts that add up to the cluster's kgCO2e
 */
export async function explainCluster(
  context: SourceContext,
  clusterId: string,
  category: Category,
): Promise<Explanation> {
  const { serving, weights, emissions } = context.allocation;
  const total = serving.kg.get(clusterId)?.[category] ?? 0;
  const own = await explainOwnEmissions(context, clusterId, category);
  const parts = [own];
  if (total > own.kg) {
    const powerOf = (id: string): number => weights.get(id)?.racks.powerKw ?? 0;
    const servingPower = serving.clusterIds.reduce((sum, id) => sum + powerOf(id), 0);
    const share = powerOf(clusterId) / servingPower;
    for (const [other, kg] of emissions.clusterLevelKg) {
      if (serving.clusterIds.includes(other) || kg[category] === 0) continue;
      const whole = await explainOwnEmissions(context, other, category);
      parts.push({
        ...scaled(whole, share),
        label: `overhead of ${other}, which does not serve`,
        facts: { rack_power_kw: powerOf(clusterId), serving_rack_power_kw: servingPower },
      });
    }
  }
  return explanation(`emissions of ${clusterId}`, total, { parts });
}

async function explainOwnEmissions(
  context: SourceContext,
  clusterId: string,
  category: Category,
): Promise<Explanation> {
  const kg = context.allocation.emissions.clusterLevelKg.get(clusterId)?.[category] ?? 0;
  const given = context.estate.givenTotals.find((totals) => totals.clusterId === clusterId);
  if (given !== undefined) return explainGivenTotals(context, given, category);
  const parts = await SOURCES[category](context, clusterId, category);
  return explanation(`own emissions of ${clusterId}`, kg, { parts });
}

/** Rows of totals that the estate has. */
async function explainGivenTotals(
  { places }: SourceContext,
  given: GivenTotals,
  category: Category,
): Promise<Explanation> {
  const label = `own emissions of ${given.clusterId}`;
  const cluster = { cluster_id: given.clusterId };
  if (given.by === 'cluster') {
    const inputs = await places.find(CLUSTER_EMISSIONS, cluster);
    const parts = [explanation('given by cluster_emissions', given.kg[category], { inputs })];
    return explanation(label, given.kg[category], { parts });
  }
  const parts = await Promise.all(
    given.services.map(async ({ productCode, kg }) =>
      explanation(`${productCode}, given by service_emissions`, kg[category], {
        inputs: await places.find(SERVICE_EMISSIONS, { ...cluster, product_code: productCode }),
      }),
    ),
  );
  return explanation(label, given.kg[category], { parts });
}

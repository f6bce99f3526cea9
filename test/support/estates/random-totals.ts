import type { Row } from '../../../shared/audit/verify/exact/estate-tables';
import { Random } from './random';
import type { Plan } from './random-plan';

/** Totals from elsewhere, by month. */
type TotalTables = {
  cluster_emissions: Record<string, Row<'cluster_emissions'>[]>;
  service_emissions: Record<string, Row<'service_emissions'>[]>;
};

/**
 * Gives some clusters totals from elsewhere in some months. Never the first one: it always serves, and its racks take
 * the overhead of others. Every service of a cluster has a row, so that each unclaimed part has a service to take it.
 *
 * @param seed a separate seed, so that the other tables of an estate are the same with and without totals
 */
export function drawTotals(seed: number, plan: Plan): TotalTables {
  const random = new Random(seed);
  const tables: TotalTables = { cluster_emissions: {}, service_emissions: {} };
  for (const month of plan.months) {
    for (const { cluster_id: id } of plan.clusters.slice(1)) {
      const kind = random.pick(['none', 'none', 'cluster', 'service']);
      if (kind === 'cluster') {
        const rows = (tables.cluster_emissions[month] ??= []);
        rows.push({ cluster_id: id, ...drawKg(random, [true, random.chance(0.8), true]) });
      }
      if (kind === 'service') {
        const rows = (tables.service_emissions[month] ??= []);
        const categories = [random.chance(0.8), true, random.chance(0.9)];
        for (const { code } of plan.services) {
          rows.push({ cluster_id: id, product_code: code, ...drawKg(random, categories) });
        }
      }
    }
  }
  return tables;
}

/** kgCO2e of a row; categories that are left out are 0. */
function drawKg(
  random: Random,
  [one, location, market]: readonly boolean[],
): Omit<Row<'cluster_emissions'>, 'cluster_id'> {
  const kg = (isThere = false): string => (isThere ? random.decimal(0.001, 90_000, 6) : '0');
  return { scope_1_kg: kg(one), scope_2_lbm_kg: kg(location), scope_2_mbm_kg: kg(market) };
}

import { daysIn, isMonth } from '../../base/month';
import { FUEL_FACTORS, FUEL_USE } from '../../estate/tables';
import type { FuelRecord } from '../../method/month-estate';
import { type Explanation, explanation, type InputPlace } from './explanation';
import type { InputPlaces } from './input-places';
import type { SourceContext } from './source-context';

/**
 * Explains a cluster's Scope 1 emissions: its fuel by entry, or the estimate from earlier years.
 *
 * @returns parts that add up to the cluster's kgCO2e; none where the cluster has no fuel
 */
export async function explainFuel(
  { estate, allocation, places }: SourceContext,
  clusterId: string,
): Promise<Explanation[]> {
  const record = estate.fuelRecords.find((candidate) => candidate.clusterId === clusterId);
  if (record === undefined || record.entries.length === 0) return [];
  if (record.basis === 'estimated') {
    const kg = allocation.emissions.scopeOnes.find((one) => one.clusterId === clusterId)?.kg ?? 0;
    const inputs = (await Promise.all(record.entries.map((entry) => fuelPlaces(places, entry)))).flat();
    const facts = { latest_year: record.latestYear ?? 0, entries: record.entries.length };
    return [explanation('fuel, estimated from the growth of earlier years', kg, { facts, inputs })];
  }
  const shareOfYear = daysIn(estate.month) / daysIn(estate.month.slice(0, 4));
  return Promise.all(
    record.entries.map(async (entry) => {
      const share = isMonth(entry.period) ? 1 : shareOfYear;
      const facts = {
        period: entry.period,
        quantity: entry.quantity,
        unit: entry.unit,
        kg_of_period: entry.kg,
        share_of_period: share,
      };
      const inputs = [
        ...(await fuelPlaces(places, entry)),
        ...(await places.find(FUEL_FACTORS, { fuel: entry.fuel, unit: entry.unit })),
      ];
      return explanation(`${entry.fuel} at ${entry.siteId}`, entry.kg * share, { facts, inputs });
    }),
  );
}

function fuelPlaces(places: InputPlaces, entry: FuelRecord['entries'][number]): Promise<InputPlace[]> {
  const { siteId, period, fuel, quantity } = entry;
  return places.find(FUEL_USE, { site_id: siteId, period, fuel, quantity });
}

import { append } from '../../base/append';
import { FUEL_FACTORS, FUEL_USE, GWP, REFRIGERANT_USE } from '../../estate/tables';
import type { FuelEntry, FuelFamily, FuelRecord } from '../../method/month-estate';
import { type ScopeOne, weightedEntries } from '../../method/scope-1';
import { type Explanation, explanation, type InputPlace } from './explanation';
import type { InputPlaces } from './input-places';
import type { SourceContext } from './source-context';

/** Which emissions of fuel are explained. */
export interface FuelQuestion {
  readonly ofEntry: (entry: FuelEntry) => number;
  readonly ofFamily: (scopeOne: ScopeOne) => number;
  readonly label: string;
}

/** What burning fuel and leaking refrigerants emit. */
export const SCOPE_1: FuelQuestion = {
  ofEntry: ({ kg }) => kg,
  ofFamily: ({ kg }) => kg,
  label: 'fuel',
};

/** What making and moving fuel emits. */
export const FUEL_UPSTREAM: FuelQuestion = {
  ofEntry: ({ upstreamKg = 0 }) => upstreamKg,
  ofFamily: ({ upstreamKg }) => upstreamKg,
  label: 'making and transport of fuel',
};

/** Returns the parts of a cluster's emissions of fuel, entry by entry; one part for a family that is estimated. */
export async function explainFuel(
  context: SourceContext,
  clusterId: string,
  question: FuelQuestion,
): Promise<Explanation[]> {
  const records = context.estate.fuelRecords.filter((record) => record.clusterId === clusterId);
  const parts: Explanation[] = [];
  for (const record of records) append(parts, await explainRecord(context, record, question));
  return parts;
}

async function explainRecord(
  { estate, allocation, places }: SourceContext,
  record: FuelRecord,
  { ofEntry, ofFamily, label }: FuelQuestion,
): Promise<Explanation[]> {
  const { clusterId, family, basis, entries } = record;
  if (entries.length === 0) return [];
  if (basis === 'estimated') {
    const estimated = allocation.emissions.scopeOnes.find(
      (one) => one.clusterId === clusterId && one.family === family,
    );
    const kg = estimated === undefined ? 0 : ofFamily(estimated);
    const inputs = (await Promise.all(entries.map((entry) => usePlaces(places, family, entry)))).flat();
    const facts = { latest_year: record.latestYear ?? 0, entries: entries.length };
    const name = family === 'generator' ? label : `${label} (${family})`;
    return [explanation(`${name}, estimated from the growth of earlier years`, kg, { facts, inputs })];
  }
  return Promise.all(
    weightedEntries(record, estate.month).entries.map(async ({ entry, weight }) => {
      const facts = {
        period: entry.period,
        quantity: entry.quantity,
        unit: entry.unit,
        kg_of_period: ofEntry(entry),
        share_of_period: weight,
      };
      const inputs = [
        ...(await usePlaces(places, family, entry)),
        ...(await factorPlaces(places, family, entry)),
      ];
      return explanation(`${entry.fuel} at ${entry.siteId}`, ofEntry(entry) * weight, { facts, inputs });
    }),
  );
}

function usePlaces(places: InputPlaces, family: FuelFamily, entry: FuelEntry): Promise<InputPlace[]> {
  const { siteId, period, fuel, quantity } = entry;
  const site = { site_id: siteId, period };
  return family === 'refrigerant'
    ? places.find(REFRIGERANT_USE, { ...site, gas: fuel, quantity_kg: quantity })
    : places.find(FUEL_USE, { ...site, fuel, quantity });
}

function factorPlaces(
  places: InputPlaces,
  family: FuelFamily,
  { fuel, unit }: FuelEntry,
): Promise<InputPlace[]> {
  return family === 'refrigerant'
    ? places.find(GWP, { gas: fuel })
    : places.find(FUEL_FACTORS, { fuel, unit });
}

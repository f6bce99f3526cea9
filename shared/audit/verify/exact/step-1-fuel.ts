import { largest } from '../../../base/append';
import { shareOfPeriod, shareOfYear, yearOf } from './calendar';
import type { ExactMonth, MethodTables, Row } from './estate-tables';
import { decimal, Fraction, isPositive, ONE, power, smaller, sum, ZERO } from './rational';

const LEAST_GROWTH = new Fraction(1, 2);
const MOST_GROWTH = new Fraction(2);

/** Kinds of Scope 1 entries; v1 and v2 count generators alone. */
const FAMILIES = {
  'v1.0.0': ['generator'],
  'v2.0.0': ['generator'],
  'v3.0.0': ['generator', 'natural_gas', 'gas'],
};

/** One entry: its period, and kg of CO2e over the whole of it. */
type Entry = { readonly period: string; readonly kg: Fraction; readonly upstream: Fraction };

/** Scope 1 of a cluster in a month, in kg, with what making and moving the fuel emits. */
export type FuelEmissions = { readonly kg: Fraction; readonly upstream: Fraction };

/**
 * Step 1, scope 1: kg of CO2e from the fuel that a cluster's sites burnt in a month, and from refrigerants. A family
 * without any entry in the year is estimated from its latest earlier year, grown at the rate of that year's Scope 1, held
 * within [0.5, 2].
 */
export function fuelEmissions(at: ExactMonth, clusterId: string): FuelEmissions {
  const families = FAMILIES[at.version].map((family) =>
    familyEmissions(at, entriesOf(at, clusterId, family)),
  );
  return { kg: sum(families.map(({ kg }) => kg)), upstream: sum(families.map(({ upstream }) => upstream)) };
}

function familyEmissions({ month, version, settings }: ExactMonth, entries: readonly Entry[]): FuelEmissions {
  const year = yearOf(month);
  const ofYear = (wanted: number): readonly Entry[] =>
    entries.filter((entry) => yearOf(entry.period) === wanted);
  if (ofYear(year).length > 0) {
    const part = (kgOf: (entry: Entry) => Fraction): Fraction =>
      sum(entries.map((entry) => kgOf(entry).mul(shareOfPeriod(entry.period, month))));
    return { kg: part(({ kg }) => kg), upstream: part(({ upstream }) => upstream) };
  }
  const isNotEstimated = version === 'v3.0.0' && settings?.scope1Estimate === 'none';
  const earlier = entries.map((entry) => yearOf(entry.period)).filter((candidate) => candidate < year);
  if (earlier.length === 0 || isNotEstimated) return { kg: ZERO, upstream: ZERO };
  const latest = largest(earlier);
  const total = sum(ofYear(latest).map(({ kg }) => kg));
  const before = sum(ofYear(latest - 1).map(({ kg }) => kg));
  const growth = isPositive(before) ? held(total.div(before)) : ONE;
  const factor = power(growth, year - latest).mul(shareOfYear(month));
  return { kg: total.mul(factor), upstream: sum(ofYear(latest).map(({ upstream }) => upstream)).mul(factor) };
}

function entriesOf({ tables }: ExactMonth, clusterId: string, family: string): Entry[] {
  const sites = tables.sites.filter((site) => site.cluster_id === clusterId).map((site) => site.site_id);
  if (family === 'gas') {
    const used = (tables.refrigerant_use ?? []).filter((row) => sites.includes(row.site_id ?? ''));
    return used.map((row) => ({
      period: row.period ?? '',
      kg: decimal(row.quantity_kg ?? '').mul(warmingPotential(tables, row.gas ?? '')),
      upstream: ZERO,
    }));
  }
  return tables.fuel_use
    .filter((entry) => sites.includes(entry.site_id))
    .filter((entry) => (factorOf(tables, entry).family === 'natural_gas') === (family === 'natural_gas'))
    .map((entry) => ({
      period: entry.period,
      kg: entryMass(tables, entry),
      upstream: decimal(entry.quantity).mul(decimal(factorOf(tables, entry).upstream_kg ?? '')),
    }));
}

/** kg of CO2e of one entry, over the whole of its period. */
function entryMass(tables: MethodTables, entry: Row<'fuel_use'>): Fraction {
  const factor = factorOf(tables, entry);
  const perUnit = sum([
    decimal(factor.co2_kg).mul(warmingPotential(tables, 'co2')),
    decimal(factor.ch4_kg).mul(warmingPotential(tables, 'ch4')),
    decimal(factor.n2o_kg).mul(warmingPotential(tables, 'n2o')),
  ]);
  return decimal(entry.quantity).mul(perUnit);
}

function factorOf(tables: MethodTables, entry: Row<'fuel_use'>): Row<'fuel_factors'> {
  const factor = tables.fuel_factors.find((row) => row.fuel === entry.fuel && row.unit === entry.unit);
  if (factor === undefined) throw new Error(`no factor for fuel ${entry.fuel} in ${entry.unit}`);
  return factor;
}

/** kg of CO2e per kg of the gas. */
function warmingPotential(tables: MethodTables, gas: string): Fraction {
  const row = tables.gwp.find((candidate) => candidate.gas === gas);
  if (row === undefined) throw new Error(`no global warming potential for ${gas}`);
  return decimal(row.gwp100);
}

function held(growth: Fraction): Fraction {
  const atMost = smaller(growth, MOST_GROWTH);
  return atMost.compare(LEAST_GROWTH) < 0 ? LEAST_GROWTH : atMost;
}

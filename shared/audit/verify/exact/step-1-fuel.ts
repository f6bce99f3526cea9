import { largest } from '../../../base/append';
import { shareOfPeriod, shareOfYear, yearOf } from './calendar';
import type { MethodTables, Row } from './estate-tables';
import { decimal, Fraction, isPositive, ONE, power, smaller, sum, ZERO } from './rational';

const LEAST_GROWTH = new Fraction(1, 2);
const MOST_GROWTH = new Fraction(2);

/**
 * Step 1, scope 1: kg of CO2e from the fuel that a cluster's sites burnt in a month. A cluster whose year has no entry
 * at all is estimated from its latest earlier year, grown at the rate of that year, held within [0.5, 2].
 */
export function scopeOne(tables: MethodTables, month: string, clusterId: string): Fraction {
  const year = yearOf(month);
  const entries = fuelEntries(tables, clusterId);
  if (entriesOf(entries, year).length > 0) {
    return sum(entries.map((entry) => entryMass(tables, entry).mul(shareOfPeriod(entry.period, month))));
  }
  const earlier = entries.map((entry) => yearOf(entry.period)).filter((candidate) => candidate < year);
  if (earlier.length === 0) return ZERO;

  const latest = largest(earlier);
  const total = yearTotal(tables, entries, latest);
  const before = yearTotal(tables, entries, latest - 1);
  const growth = isPositive(before) ? held(total.div(before)) : ONE;
  return total.mul(power(growth, year - latest)).mul(shareOfYear(month));
}

function fuelEntries(tables: MethodTables, clusterId: string): Row<'fuel_use'>[] {
  const sites = tables.sites.filter((site) => site.cluster_id === clusterId).map((site) => site.site_id);
  return tables.fuel_use.filter((entry) => sites.includes(entry.site_id));
}

function entriesOf(entries: readonly Row<'fuel_use'>[], year: number): Row<'fuel_use'>[] {
  return entries.filter((entry) => yearOf(entry.period) === year);
}

function yearTotal(tables: MethodTables, entries: readonly Row<'fuel_use'>[], year: number): Fraction {
  return sum(entriesOf(entries, year).map((entry) => entryMass(tables, entry)));
}

/** kg of CO2e of one entry, over the whole of its period. */
function entryMass(tables: MethodTables, entry: Row<'fuel_use'>): Fraction {
  const factor = tables.fuel_factors.find((row) => row.fuel === entry.fuel && row.unit === entry.unit);
  if (factor === undefined) throw new Error(`no factor for fuel ${entry.fuel} in ${entry.unit}`);
  const perUnit = sum([
    decimal(factor.co2_kg).mul(warmingPotential(tables, 'co2')),
    decimal(factor.ch4_kg).mul(warmingPotential(tables, 'ch4')),
    decimal(factor.n2o_kg).mul(warmingPotential(tables, 'n2o')),
  ]);
  return decimal(entry.quantity).mul(perUnit);
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

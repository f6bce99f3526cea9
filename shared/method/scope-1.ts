import { largest } from '../base/append';
import { asKg, type Kg, sumKg } from '../base/mass';
import { daysIn, isMonth, type Month, yearOf } from '../base/month';
import type { FuelEntry, FuelRecord } from './month-estate';

/** Bounds of the yearly growth that an estimate may assume (a rule of this program: one unusual year must not multiply). */
const GROWTH_RANGE = { least: 0.5, most: 2 } as const;

/** Scope 1 of one cluster in one month. */
export interface ScopeOne {
  readonly clusterId: string;
  /** kgCO2e. */
  readonly kg: Kg;
  readonly basis: FuelRecord['basis'];
}

/**
 * Selects the fuel entries of a cluster's Scope 1 in `month`: those of the running year. Where it has none, they are those of
 * the latest earlier year and of the year before it.
 *
 * @param entries all fuel entries of the cluster's sites, in any period
 */
export function selectFuelRecord(clusterId: string, entries: readonly FuelEntry[], month: Month): FuelRecord {
  const year = yearOf(month);
  const yearsWithEntries = entries.map(({ period }) => yearOf(period));
  if (yearsWithEntries.includes(year)) {
    const own = entries.filter(({ period }) => period === month || period === String(year));
    return { clusterId, basis: 'actual', entries: own };
  }
  const earlier = yearsWithEntries.filter((candidate) => candidate < year);
  if (earlier.length === 0) return { clusterId, basis: 'none', entries: [] };
  const latestYear = largest(earlier);
  const usable = entries.filter(({ period }) => {
    const entryYear = yearOf(period);
    return entryYear === latestYear || entryYear === latestYear - 1;
  });
  return { clusterId, basis: 'estimated', latestYear, entries: usable };
}

/**
 * Returns Scope 1 of one cluster: the entries of the month and the month's share of the year's entries, or an estimate. The
 * estimate is T(L) x g^(Y-L) x days(m)/days(Y) with g = T(L)/T(L-1) held within [0.5, 2]. AWS names an estimate from the
 * growth of earlier years; the bounds are a rule of this program.
 */
export function scopeOne(record: FuelRecord, month: Month): ScopeOne {
  const { clusterId, basis } = record;
  if (basis === 'none') return { clusterId, basis, kg: asKg(0) };
  const shareOfYear = daysIn(month) / daysIn(month.slice(0, 4));
  if (basis === 'actual') {
    const parts = record.entries.map(({ period, kg }) => (isMonth(period) ? kg : asKg(kg * shareOfYear)));
    return { clusterId, basis, kg: sumKg(parts) };
  }
  const latestYear = record.latestYear ?? 0;
  const latest = yearTotal(record.entries, latestYear);
  const before = yearTotal(record.entries, latestYear - 1);
  const growth = before > 0 ? clamp(latest / before, GROWTH_RANGE.least, GROWTH_RANGE.most) : 1;
  return { clusterId, basis, kg: asKg(latest * growth ** (yearOf(month) - latestYear) * shareOfYear) };
}

function yearTotal(entries: readonly FuelEntry[], year: number): Kg {
  return sumKg(entries.filter(({ period }) => yearOf(period) === year).map(({ kg }) => kg));
}

function clamp(value: number, least: number, most: number): number {
  return Math.min(most, Math.max(least, value));
}

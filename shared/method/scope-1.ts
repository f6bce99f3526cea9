import { largest } from '../base/append';
import { asKg, type Kg, sumKg } from '../base/mass';
import { daysIn, isMonth, type Month, yearOf } from '../base/month';
import type { FuelEntry, FuelRecord } from './month-estate';

/** Bounds of the yearly growth that an estimate may assume (our rule: one odd year must not run away). */
const GROWTH_RANGE = { least: 0.5, most: 2 } as const;

/** Scope 1 of one cluster in one month. */
export interface ScopeOne {
  readonly clusterId: string;
  /** kgCO2e. */
  readonly kg: Kg;
  readonly basis: FuelRecord['basis'];
}

/**
 * Picks what Scope 1 of a cluster in `month` is made of: its entries of the running year, or those of the latest
 * earlier year and the year before that when the running year has none (method.md, step 1).
 *
 * @param entries all fuel entries of the cluster's sites, in any period
 */
export function selectFuelRecord(clusterId: string, entries: readonly FuelEntry[], month: Month): FuelRecord {
  const year = yearOf(month);
  const yearsWithEntries = entries.map(({ period }) => Number(period.slice(0, 4)));
  if (yearsWithEntries.includes(year)) {
    const own = entries.filter(({ period }) => period === month || period === String(year));
    return { clusterId, basis: 'actual', entries: own };
  }
  const earlier = yearsWithEntries.filter((candidate) => candidate < year);
  if (earlier.length === 0) return { clusterId, basis: 'none', entries: [] };
  const latestYear = largest(earlier);
  const usable = entries.filter(({ period }) => {
    const entryYear = Number(period.slice(0, 4));
    return entryYear === latestYear || entryYear === latestYear - 1;
  });
  return { clusterId, basis: 'estimated', latestYear, entries: usable };
}

/**
 * Scope 1 of one cluster, kgCO2e: actual entries of the month with the month's share of the year's entries, or the
 * estimate T(L) x g^(Y-L) x days(m)/days(Y) with g = T(L)/T(L-1) held within [0.5, 2] (our rule; AWS names only an
 * estimate from the growth of earlier years).
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

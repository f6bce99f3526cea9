import { largest } from '../base/append';
import { asKg, type Kg } from '../base/mass';
import { daysIn, isMonth, type Month, yearOf } from '../base/month';
import type { FuelEntry, FuelFamily, FuelRecord } from './month-estate';

/** Bounds of the yearly growth that an estimate may assume (a rule of this program: one unusual year must not multiply). */
const GROWTH_RANGE = { least: 0.5, most: 2 } as const;

/** Scope 1 of one family of one cluster in one month. */
export interface ScopeOne {
  readonly clusterId: string;
  readonly family: FuelFamily;
  /** kgCO2e. */
  readonly kg: Kg;
  /** Making and transport of the fuel, kgCO2e: category 3 of the GHG Protocol's Scope 3 Standard. */
  readonly upstreamKg: Kg;
  readonly basis: FuelRecord['basis'];
}

/** One family of one cluster. */
export interface FuelOwner {
  readonly clusterId: string;
  readonly family: FuelFamily;
}

/**
 * Selects the entries of one family of a cluster's Scope 1 in `month`: those of the running year; where it has none, those
 * of the latest earlier year and of the year before.
 *
 * @param entries all entries of the family at the cluster's sites, in any period
 * @param isEstimated false: a year without entries is not estimated
 */
export function selectFuelRecord(
  { clusterId, family }: FuelOwner,
  entries: readonly FuelEntry[],
  month: Month,
  isEstimated = true,
): FuelRecord {
  const year = yearOf(month);
  const yearsWithEntries = entries.map(({ period }) => Number(period.slice(0, 4)));
  const earlier = yearsWithEntries.filter((candidate) => candidate < year);
  if (yearsWithEntries.includes(year) || (!isEstimated && earlier.length > 0)) {
    const own = entries.filter(({ period }) => period === month || period === String(year));
    return { clusterId, basis: 'actual', entries: own, family };
  }
  if (earlier.length === 0) return { clusterId, basis: 'none', entries: [], family };
  const latestYear = largest(earlier);
  const usable = entries.filter(({ period }) => {
    const entryYear = yearOf(period);
    return entryYear === latestYear || entryYear === latestYear - 1;
  });
  return { clusterId, basis: 'estimated', latestYear, entries: usable, family };
}

/**
 * Scope 1 of one family of one cluster, kgCO2e: actual entries of the month with the month's share of the year's entries,
 * or the estimate T(L) x g^(Y-L) x days(m)/days(Y) with g = T(L)/T(L-1) held within [0.5, 2] (our rule; AWS names only an
 * estimate from the growth of earlier years). The upstream part has the same periods and the same growth.
 */
export function scopeOne(record: FuelRecord, month: Month): ScopeOne {
  const weighted = weightedEntries(record, month);
  const sum = (kgOf: (entry: FuelEntry) => number): Kg =>
    asKg(
      weighted.entries.reduce((total, { entry, weight }) => total + kgOf(entry) * weight, 0) *
        weighted.growth *
        weighted.shareOfYear,
    );
  const { clusterId, family, basis } = record;
  return {
    ...{ clusterId, family, basis },
    kg: sum(({ kg }) => kg),
    upstreamKg: sum(({ upstreamKg = 0 }) => upstreamKg),
  };
}

/** The entries that a record's emissions are the sum of. */
export interface WeightedEntries {
  /** Entries, each with the part of it that counts. */
  readonly entries: readonly { readonly entry: FuelEntry; readonly weight: number }[];
  /** Factors of an estimate, which their sum is multiplied by; 1 where the entries are those of the month. */
  readonly growth: number;
  readonly shareOfYear: number;
}

/** Returns the entries of a record and how they count in a month. */
export function weightedEntries(record: FuelRecord, month: Month): WeightedEntries {
  const { basis, entries } = record;
  if (basis === 'none') return { entries: [], growth: 1, shareOfYear: 1 };
  const shareOfYear = daysIn(month) / daysIn(month.slice(0, 4));
  if (basis === 'actual') {
    const counted = entries.map((entry) => ({ entry, weight: isMonth(entry.period) ? 1 : shareOfYear }));
    return { entries: counted, growth: 1, shareOfYear: 1 };
  }
  const latestYear = record.latestYear ?? 0;
  const ofYear = (year: number): FuelEntry[] => entries.filter(({ period }) => yearOf(period) === year);
  const total = (year: number): number => ofYear(year).reduce((sum, { kg }) => sum + kg, 0);
  const before = total(latestYear - 1);
  const growth = before > 0 ? clamp(total(latestYear) / before, GROWTH_RANGE.least, GROWTH_RANGE.most) : 1;
  return {
    entries: ofYear(latestYear).map((entry) => ({ entry, weight: 1 })),
    growth: growth ** (yearOf(month) - latestYear),
    shareOfYear,
  };
}

function clamp(value: number, least: number, most: number): number {
  return Math.min(most, Math.max(least, value));
}

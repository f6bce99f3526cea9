import { groupBy } from '../base/group';
import { yearOf } from '../base/month';
import { type Warning, warningAbout } from '../base/warning';
import { TOTALS } from './categories';
import type { MonthAllocation } from './month-allocation';
import type { MonthEstate } from './month-estate';
import { weightedEntries } from './scope-1';

/** Years by which a factor may be older than the month. */
const FRESH_YEARS = 2;

/** A factor that the month's emissions rest on. */
interface UsedFactor {
  readonly name: string;
  /** Location-based emissions that rest on it, kgCO2e. */
  readonly kg: number;
  /** @default - unknown */
  readonly year?: number;
  /** Blank: no one. @default - the table does not say who verified a factor */
  readonly verifiedBy?: string;
}

/**
 * Returns warnings about factors that are more than two years older than the month, and about those without a verifier
 * where others of their table have one, each with the part of the month's location-based kg that rests on it.
 */
export function factorAgeWarnings(
  estate: MonthEstate,
  allocation: Pick<MonthAllocation, 'emissions'>,
): Warning[] {
  const total = [...allocation.emissions.kg.values()].reduce(
    (sum, kg) => TOTALS.lbm.reduce((part, category) => part + kg[category], sum),
    0,
  );
  const shown = ({ name, kg }: UsedFactor): string =>
    `${name} (${(total === 0 ? 0 : (100 * kg) / total).toFixed(1)} % of the kg)`;
  const tables = [
    ['grid_factors', gridFactors(estate, allocation)],
    ['fera_factors', feraFactors(allocation)],
    ['fuel_factors', fuelFactors(estate)],
  ] as const;
  return tables.flatMap(([table, factors]) => [
    ...warningAbout(
      { severity: 'worth-a-look', code: 'factor-old' },
      factors
        .filter(({ year }) => year !== undefined && yearOf(estate.month) - year > FRESH_YEARS)
        .map((factor) => `${shown(factor)}, of ${String(factor.year)}`),
      (names) => `${table}: found factors more than two years older than the month: ${names}`,
    ),
    ...warningAbout(
      { severity: 'worth-a-look', code: 'factor-unverified' },
      unverified(factors).map(shown),
      (names) => `${table}, column verified_by: found a blank where other factors have a verifier: ${names}`,
    ),
  ]);
}

function unverified(factors: readonly UsedFactor[]): readonly UsedFactor[] {
  const isVerified = ({ verifiedBy = '' }: UsedFactor): boolean => verifiedBy !== '';
  return factors.some(isVerified) ? factors.filter((factor) => !isVerified(factor)) : [];
}

function gridFactors(
  { gridFactors: factors }: MonthEstate,
  { emissions }: Pick<MonthAllocation, 'emissions'>,
): UsedFactor[] {
  return emissions.grids.flatMap(({ gridId, locationBasedKg }) => {
    const factor = factors.find((candidate) => candidate.gridId === gridId);
    if (factor === undefined) return [];
    return [{ name: gridId, kg: locationBasedKg, year: factor.year, verifiedBy: factor.verifiedBy ?? '' }];
  });
}

function feraFactors({ emissions }: Pick<MonthAllocation, 'emissions'>): UsedFactor[] {
  return emissions.feras.map(({ gridId, locationBasedKg, factor }) => ({
    ...{ name: gridId, kg: locationBasedKg, year: factor.year },
  }));
}

/** Factors of fuels have no year: it is that of their publication. Refrigerants have none. */
function fuelFactors({ fuelRecords, month }: MonthEstate): UsedFactor[] {
  const uses = fuelRecords.flatMap((record) => {
    if (record.family === 'refrigerant') return [];
    const { entries, growth, shareOfYear } = weightedEntries(record, month);
    return entries.map(({ entry, weight }) => ({
      ...{ name: `${entry.fuel} in ${entry.unit}`, entry },
      kg: (entry.kg + (entry.upstreamKg ?? 0)) * weight * growth * shareOfYear,
    }));
  });
  return [...groupBy(uses, ({ name }) => name)].flatMap(([name, [first, ...others]]) => {
    if (first === undefined) return [];
    const { publishedOn = '', verifiedBy = '' } = first.entry;
    const kg = others.reduce((sum, use) => sum + use.kg, first.kg);
    return [{ name, kg, verifiedBy, ...(publishedOn === '' ? {} : { year: yearOf(publishedOn) }) }];
  });
}

import { compareText, groupBy } from '../base/group';
import { bookedDays, countedDays } from './amortisation';
import { SCOPE_3_CATEGORIES } from './categories';
import type { EmbodiedPart } from './embodied';
import { RESIDUAL_LIMIT } from './ledger';
import { MethodError } from './method-error';
import type { MonthAllocation } from './month-allocation';
import type { Assurance, FuelEntry, MonthEstate } from './month-estate';
import { weightedEntries } from './scope-1';

/** What a reader of a month with Scope 3 can check of its inputs. */
export interface Scope3Report {
  /** Racks of clusters without given totals. */
  readonly hardware: {
    /** Power of racks with a row in rack_embodied, as a part of the power of all racks, 0 to 1. */
    readonly coverage: number;
    readonly racksWithoutRow: number;
    /** Racks of rack_embodied that book in the month and are in no cluster of it. */
    readonly strandedRacks: number;
  };
  /** Of racks and assets that book in the month, kgCO2e: booked up to the end of the month, and left for later months. */
  readonly amortisation: {
    readonly kg: number;
    readonly bookedKg: number;
    readonly restKg: number;
    /** Largest difference between an item's kg and its two parts, as a part of its kg. */
    readonly largestResidual: number;
  };
  /** Parts of the month's embodied kg by the method of their rows; blank methods are `unknown`. */
  readonly methods: Readonly<Record<string, number>>;
  /** Assessment report of the warming potentials; blank: unknown. */
  readonly assessmentReport: string;
  /** Contracts that cover load and have no upstream factor. */
  readonly contractsWithoutUpstream: number;
  /** `cluster_id family` whose Scope 1 is estimated. */
  readonly estimatedFamilies: readonly string[];
  /** Part of the kg of Scope 1, location-based Scope 2 and fuel- and energy-related activities, 0 to 1. */
  readonly assuredShare: number;
  /** The same part that rests on factors with a verifier. */
  readonly verifiedShare: number;
}

/** Returns the facts about the inputs of a month with Scope 3. */
export function scope3Report(
  estate: MonthEstate,
  { emissions }: Pick<MonthAllocation, 'emissions'>,
): Scope3Report {
  const { embodied } = emissions;
  const power = (racks: MonthEstate['racks']): number => racks.reduce((sum, { powerKw }) => sum + powerKw, 0);
  const [all, without] = [power(embodied.racks), power(embodied.racksWithoutRow)];
  return {
    hardware: {
      coverage: all === 0 ? 1 : (all - without) / all,
      racksWithoutRow: embodied.racksWithoutRow.length,
      strandedRacks: strandedRacks(embodied.parts).length,
    },
    amortisation: amortisationBalance(estate),
    methods: methodShares(embodied.parts),
    assessmentReport: estate.scope3?.assessmentReport ?? '',
    contractsWithoutUpstream: contractsWithout(estate, { emissions }, 'upstreamKgPerKwh').length,
    estimatedFamilies: emissions.scopeOnes
      .filter(({ basis }) => basis === 'estimated')
      .map(({ clusterId, family }) => `${clusterId} ${family}`),
    assuredShare: shareOfActivity(estate, { emissions }, ({ assured }) => assured === 'yes'),
    verifiedShare: shareOfActivity(estate, { emissions }, ({ verifiedBy }) => verifiedBy !== ''),
  };
}

/** Returns the rack_ids of racks that book in the month and are in no cluster of it. */
export function strandedRacks(parts: readonly EmbodiedPart[]): string[] {
  return parts.flatMap(({ item, rack }) => (item.kind === 'rack' && rack === undefined ? [item.id] : []));
}

/** Returns the contract_ids that cover load of the month and do not have a factor; none without fera_factors. */
export function contractsWithout(
  estate: MonthEstate,
  { emissions: { feras } }: Pick<MonthAllocation, 'emissions'>,
  factor: 'upstreamKgPerKwh' | 'tdKgPerKwh',
): string[] {
  const used = new Set(
    feras.flatMap(({ gridId, contracts }) =>
      contracts
        .filter(({ usedMwh }) => usedMwh > 0)
        .map(({ contractId, period }) => JSON.stringify([contractId, gridId, period])),
    ),
  );
  const ids = estate.contracts
    .filter((contract) => contract[factor] === undefined)
    .filter(({ contractId, gridId, period }) => used.has(JSON.stringify([contractId, gridId, period])))
    .map(({ contractId }) => contractId);
  return [...new Set(ids)];
}

/** Returns the kgCO2e of all Scope 3 categories that a rack or asset books in the month. */
export function bookedKg({ inService, afterRetirement }: EmbodiedPart): number {
  return SCOPE_3_CATEGORIES.reduce(
    (sum, category) => sum + inService[category] + afterRetirement[category],
    0,
  );
}

/** @throws MethodError when an item does not book its kg in full over its life */
function amortisationBalance({ month, scope3 }: MonthEstate): Scope3Report['amortisation'] {
  const { embodied = [], earlyRetirement = 'continue' } = scope3 ?? {};
  let [total, bookedKg, restKg, largestResidual] = [0, 0, 0, 0];
  for (const item of embodied) {
    const { booked, rest } = bookedDays(item, month, earlyRetirement);
    const { inService, afterRetirement, ofLife } = countedDays(item, month, earlyRetirement);
    if (inService + afterRetirement === 0) continue;
    const kg = item.embodiedKg + item.transportKg;
    const parts = [(kg * booked) / ofLife, (kg * rest) / ofLife] as const;
    const residual = kg === 0 ? 0 : Math.abs(kg - parts[0] - parts[1]) / kg;
    if (residual > RESIDUAL_LIMIT) {
      throw new MethodError(
        `${item.kind} ${item.id}: booked ${String(parts[0])} kg up to ${month} and ${String(parts[1])} kg later, expected ${String(kg)} kg together`,
      );
    }
    total += kg;
    bookedKg += parts[0];
    restKg += parts[1];
    largestResidual = Math.max(largestResidual, residual);
  }
  return { kg: total, bookedKg, restKg, largestResidual };
}

function methodShares(parts: readonly EmbodiedPart[]): Record<string, number> {
  const total = parts.reduce((sum, part) => sum + bookedKg(part), 0);
  const byMethod = groupBy(parts, ({ item }) => (item.method === '' ? 'unknown' : item.method));
  const shares = [...byMethod].map(([method, ofMethod]) => {
    const kg = ofMethod.reduce((sum, part) => sum + bookedKg(part), 0);
    return [method, total === 0 ? 0 : kg / total] as const;
  });
  return Object.fromEntries(shares.sort(([a], [b]) => compareText(a, b)));
}

/** An activity with the properties that shares are taken by. */
interface Activity {
  readonly assured: Assurance;
  readonly verifiedBy: string;
}

/** Returns the part of the month's kg that rests on activities with a property; given totals rest on none. */
function shareOfActivity(
  estate: MonthEstate,
  { emissions }: Pick<MonthAllocation, 'emissions'>,
  has: (activity: Activity) => boolean,
): number {
  const total = [...emissions.kg.values()].reduce(
    (sum, kg) => sum + kg.scope_1 + kg.scope_2_lbm + kg.s3_fera_lbm,
    0,
  );
  const kg = [...fuelActivities(estate), ...electricityActivities(estate, emissions)].reduce(
    (sum, [activity, activityKg]) => (has(activity) ? sum + activityKg : sum),
    0,
  );
  return total === 0 ? 0 : Math.min(1, kg / total);
}

function fuelActivities({ fuelRecords, month }: MonthEstate): [Activity, number][] {
  return fuelRecords.flatMap((record) => {
    const { entries, growth, shareOfYear } = weightedEntries(record, month);
    return entries.map(({ entry, weight }): [Activity, number] => [
      activityOf(entry),
      (entry.kg + (entry.upstreamKg ?? 0)) * weight * growth * shareOfYear,
    ]);
  });
}

function activityOf({ assured = '', verifiedBy = '' }: Pick<FuelEntry, 'assured' | 'verifiedBy'>): Activity {
  return { assured, verifiedBy };
}

function electricityActivities(
  { electricity, sites, gridFactors }: MonthEstate,
  { grids, feras }: MonthAllocation['emissions'],
): [Activity, number][] {
  const gridOfSite = new Map(sites.map(({ siteId, gridId }) => [siteId, gridId]));
  return electricity.flatMap(({ siteId, mwh, assured = '' }): [Activity, number][] => {
    const gridId = gridOfSite.get(siteId);
    const grid = grids.find((candidate) => candidate.gridId === gridId);
    if (grid === undefined) return [];
    const fera = feras.find((candidate) => candidate.gridId === gridId);
    const factor = gridFactors.find((candidate) => candidate.gridId === gridId);
    const kg = (grid.locationBasedKg + (fera?.locationBasedKg ?? 0)) * (mwh / grid.loadMwh);
    return [[{ assured, verifiedBy: factor?.verifiedBy ?? '' }, kg]];
  });
}

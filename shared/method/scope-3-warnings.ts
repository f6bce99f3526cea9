import { compareText } from '../base/group';
import { type Warning, warningAbout } from '../base/warning';
import { factorAgeWarnings } from './factor-warnings';
import type { MonthAllocation } from './month-allocation';
import type { MonthEstate } from './month-estate';
import { bookedKg, contractsWithout, scope3Report, strandedRacks } from './scope-3-report';

/** Returns what a reader of a month with Scope 3 should know; none for other versions. */
export function scope3Warnings(
  estate: MonthEstate,
  allocation: Pick<MonthAllocation, 'emissions'>,
): Warning[] {
  if (estate.scope3 === undefined) return [];
  return [
    ...hardwareWarnings(estate, allocation),
    ...factorWarnings(estate, allocation),
    ...leftOutWarnings(allocation),
    ...factorAgeWarnings(estate, allocation),
  ];
}

function hardwareWarnings(estate: MonthEstate, allocation: Pick<MonthAllocation, 'emissions'>): Warning[] {
  const { coverage } = scope3Report(estate, allocation).hardware;
  const { parts, racksWithoutRow } = allocation.emissions.embodied;
  const count = racksWithoutRow.length;
  return [
    ...(coverage < 1
      ? warningAbout(
          { severity: 'changes-numbers', code: 'rack-embodied-missing' },
          racksWithoutRow.map(({ rackId }) => rackId),
          (rackIds) =>
            `rack_embodied: found no row for ${String(count)} racks (${rackIds}), which leaves a coverage of ${(100 * coverage).toFixed(1)} % of the racks' power, expected a row per rack; their embodied carbon counts as 0`,
        )
      : []),
    ...warningAbout(
      { severity: 'for-the-record', code: 'rack-stranded' },
      strandedRacks(parts),
      (rackIds) =>
        `rack_embodied has racks that are in no cluster of the month; their embodied carbon is that of the cluster in rack_embodied: ${rackIds}`,
    ),
  ];
}

function factorWarnings(estate: MonthEstate, allocation: Pick<MonthAllocation, 'emissions'>): Warning[] {
  const feraFactors = estate.scope3?.feraFactors;
  const contracts = estate.contracts.some(
    ({ upstreamKgPerKwh, tdKgPerKwh }) => upstreamKgPerKwh !== undefined || tdKgPerKwh !== undefined,
  );
  const ofContracts = contracts ? ', those of contracts included' : '';
  return [
    ...warningAbout(
      { severity: 'changes-numbers', code: 'fera-factors-missing' },
      feraFactors === undefined && allocation.emissions.grids.length > 0 ? ['fera_factors'] : [],
      (table) =>
        `${table}: found no file, expected one with a row per grid; fuel- and energy-related activities of electricity count as 0${ofContracts}`,
    ),
    ...warningAbout(
      { severity: 'changes-numbers', code: 'fuel-upstream-missing' },
      fuelsWithoutUpstream(estate),
      (fuels) =>
        `fuel_factors, column upstream_kg: found a blank for fuels of the month (${fuels}), expected kgCO2e per unit from well to tank; it counts as 0`,
    ),
    ...warningAbout(
      { severity: 'worth-a-look', code: 'contract-upstream-missing' },
      contractsWithout(estate, allocation, 'upstreamKgPerKwh'),
      (ids) =>
        `contracts, column upstream_kg_per_kwh: found a blank for contracts that cover load of the month (${ids}); the upstream factor of the grid replaces it`,
    ),
    ...warningAbout(
      { severity: 'worth-a-look', code: 'contract-td-missing' },
      contractsWithout(estate, allocation, 'tdKgPerKwh'),
      (ids) =>
        `contracts, column td_kg_per_kwh: found a blank for contracts that cover load of the month (${ids}); transmission and distribution of the grid replace it`,
    ),
  ];
}

function fuelsWithoutUpstream({ fuelRecords }: MonthEstate): string[] {
  const entries = fuelRecords.flatMap(({ family, entries: own }) => (family === 'refrigerant' ? [] : own));
  const fuels = entries.flatMap(({ fuel, unit, upstreamKg }) =>
    upstreamKg === undefined ? [`${fuel} in ${unit}`] : [],
  );
  return [...new Set(fuels)].sort(compareText);
}

/** A cluster with given totals has no Scope 3 but the given one: what its racks and assets would book is left out. */
function leftOutWarnings({ emissions: { embodied } }: Pick<MonthAllocation, 'emissions'>): Warning[] {
  const kg = embodied.leftOut.reduce((sum, part) => sum + bookedKg(part), 0);
  const clusterIds = [...new Set(embodied.leftOut.map(({ clusterId }) => clusterId))];
  return warningAbout(
    { severity: 'worth-a-look', code: 'embodied-left-out' },
    kg > 0 ? clusterIds : [],
    (ids) =>
      `clusters with given totals have racks or assets with embodied carbon, of which ${kg.toPrecision(6)} kgCO2e are left out, since the given totals replace them: ${ids}`,
  );
}

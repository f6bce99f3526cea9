import { type Warning, warningAbout } from '../base/warning';
import type { DriverTotals } from './drivers';
import type { MonthAllocation } from './month-allocation';
import type { MonthEstate } from './month-estate';
import { scope3Warnings } from './scope-3-warnings';

/** Returns what a reader of a computed month should know about its inputs. */
export function monthWarnings(
  estate: MonthEstate,
  allocation: MonthAllocation,
  drivers: DriverTotals,
): Warning[] {
  return [
    ...electricityWarnings(estate),
    ...scopeOneWarnings(allocation),
    ...scope3Warnings(estate, allocation),
    ...clusterWarnings(allocation, drivers),
    ...warningAbout(
      { severity: 'for-the-record', code: 'service-unclaimed' },
      allocation.unclaimed.map(({ clusterId, productCode }) => `${productCode} in ${clusterId}`),
      (services) => `services with emissions and without usage: ${services}`,
    ),
  ];
}

/** The electricity of a site with racks is never zero: the delivery of its meter is missing. */
function electricityWarnings({ electricity, racks, sites }: MonthEstate): Warning[] {
  const metered = new Set(electricity.map(({ siteId }) => siteId));
  const powered = new Set(racks.filter(({ powerKw }) => powerKw > 0).map(({ clusterId }) => clusterId));
  return warningAbout(
    { severity: 'changes-numbers', code: 'electricity-missing' },
    sites
      .filter(({ siteId, clusterId }) => powered.has(clusterId) && !metered.has(siteId))
      .map(({ siteId }) => siteId),
    (siteIds) =>
      `electricity: found no row of the month for sites whose clusters have racks (${siteIds}), expected one or more per site; their Scope 2 counts as 0`,
  );
}

function scopeOneWarnings({ emissions: { scopeOnes } }: MonthAllocation): Warning[] {
  const clustersOf = (wanted: (typeof scopeOnes)[number]['basis']): string[] => [
    ...new Set(scopeOnes.filter(({ basis }) => basis === wanted).map(({ clusterId }) => clusterId)),
  ];
  return [
    ...warningAbout(
      { severity: 'changes-numbers', code: 'fuel-use-missing' },
      clustersOf('none'),
      (clusterIds) =>
        `fuel_use: found no row for clusters in this or any earlier year (${clusterIds}), expected one per cluster and year, with 0 where no fuel was burnt; their Scope 1 counts as 0`,
    ),
    ...warningAbout(
      { severity: 'for-the-record', code: 'scope-1-estimated' },
      clustersOf('estimated'),
      (clusterIds) =>
        `Scope 1 is estimated from earlier years, since the year has no fuel_use yet: ${clusterIds}`,
    ),
  ];
}

function clusterWarnings({ serving, emissions }: MonthAllocation, drivers: DriverTotals): Warning[] {
  const serves = new Set(serving.clusterIds);
  const overhead = [...emissions.kg.keys()].filter((clusterId) => !serves.has(clusterId));
  return [
    ...warningAbout(
      { severity: 'worth-a-look', code: 'usage-not-exported' },
      overhead.filter((clusterId) => drivers.has(clusterId)),
      (clusterIds) => `usage in clusters that do not serve customers is not exported: ${clusterIds}`,
    ),
    ...warningAbout(
      { severity: 'for-the-record', code: 'cluster-is-overhead' },
      overhead,
      (clusterIds) => `emissions of clusters that do not serve customers are overhead: ${clusterIds}`,
    ),
  ];
}

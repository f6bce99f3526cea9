import type { DriverTotals } from './drivers';
import type { MonthAllocation } from './month-allocation';
import type { MonthEstate } from './month-estate';

/** What a reader of a month should know although it is no error, in words. */
export function monthWarnings(
  estate: MonthEstate,
  allocation: MonthAllocation,
  drivers: DriverTotals,
): string[] {
  return [
    ...scopeOneWarnings(allocation),
    ...electricityWarnings(estate),
    ...clusterWarnings(allocation, drivers),
    ...allocation.unclaimed.map(
      ({ clusterId, productCode }) => `nobody used ${productCode} in ${clusterId}, which has emissions`,
    ),
  ];
}

function scopeOneWarnings({ emissions }: MonthAllocation): string[] {
  return emissions.scopeOnes.flatMap(({ clusterId, basis }) => {
    if (basis === 'actual') return [];
    return basis === 'estimated'
      ? [`Scope 1 of ${clusterId} is estimated: its running year has no fuel_use yet`]
      : [`Scope 1 of ${clusterId} is 0: it has no fuel_use in this or any earlier year`];
  });
}

/** A site that was never metered in the month may be a delivery that is missing. */
function electricityWarnings(estate: MonthEstate): string[] {
  const metered = new Set(estate.electricity.map(({ siteId }) => siteId));
  const powered = new Set(
    estate.racks.filter(({ powerKw }) => powerKw > 0).map(({ clusterId }) => clusterId),
  );
  return estate.sites
    .filter(({ siteId, clusterId }) => powered.has(clusterId) && !metered.has(siteId))
    .map(
      ({ siteId }) => `site ${siteId} has no electricity in ${estate.month} although its cluster has racks`,
    );
}

function clusterWarnings({ serving, emissions }: MonthAllocation, drivers: DriverTotals): string[] {
  const serves = new Set(serving.clusterIds);
  const overhead = [...emissions.kg.keys()]
    .filter((clusterId) => !serves.has(clusterId))
    .map((clusterId) => {
      const used = drivers.has(clusterId) ? '; usage in it is not exported' : '';
      return `${clusterId} does not serve: its emissions are overhead${used}`;
    });
  return overhead;
}

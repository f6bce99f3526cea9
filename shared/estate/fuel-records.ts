import { compareText, groupBy } from '../base/group';
import { asKg } from '../base/mass';
import { type Month, yearOf } from '../base/month';
import type { ModelVersion } from '../method/model-version';
import { FUEL_FAMILIES, type FuelEntry, type FuelFamily, type FuelRecord } from '../method/month-estate';
import { selectFuelRecord } from '../method/scope-1';
import type { TableContent } from './read-table';
import type { StaticTables } from './static-tables';

/** An entry with its family. */
type FamilyEntry = readonly [FuelFamily, FuelEntry];

/** What the fuel records of a month depend on in addition to the tables. */
export interface FuelRequest {
  readonly month: Month;
  readonly version: Pick<ModelVersion, 'includesScope3' | 'scope1Families'>;
  /** False: a year without entries is not estimated. */
  readonly isEstimated: boolean;
  /** Clusters that have a record even without entries. */
  readonly clusterIds: ReadonlySet<string>;
  readonly clusterOfSite: ReadonlyMap<string, string>;
}

/**
 * Returns the records of Scope 1, ordered by cluster_id: one for each family that a cluster has entries of up to the
 * month's year, and one for the version's first family where a cluster has none.
 */
export function fuelRecords(tables: StaticTables, request: FuelRequest): FuelRecord[] {
  const { month, version, isEstimated, clusterIds, clusterOfSite } = request;
  const byCluster = new Map<string, FamilyEntry[]>([...clusterIds].map((clusterId) => [clusterId, []]));
  const entries = [...fuelEntries(tables, request), ...refrigerantEntries(tables, request)];
  for (const entry of entries) {
    const clusterId = clusterOfSite.get(entry[1].siteId);
    if (clusterId === undefined || !version.scope1Families.includes(entry[0])) continue;
    byCluster.set(clusterId, [...(byCluster.get(clusterId) ?? []), entry]);
  }
  const [firstFamily = 'generator'] = version.scope1Families;
  return [...byCluster]
    .sort(([a], [b]) => compareText(a, b))
    .flatMap(([clusterId, ofCluster]) => {
      const byFamily = groupBy(ofCluster, ([family]) => family);
      const families = byFamily.size === 0 ? [firstFamily] : FUEL_FAMILIES.filter((one) => byFamily.has(one));
      return families.map((family) => {
        const own = (byFamily.get(family) ?? []).map(([, entry]) => entry);
        return selectFuelRecord({ clusterId, family }, own, month, isEstimated);
      });
    });
}

function fuelEntries(
  { gwp, fuelFactors, fuelUse }: StaticTables,
  { month, version }: FuelRequest,
): FamilyEntry[] {
  const potential = potentials(gwp);
  const keyOf = (row: { readonly fuel: string; readonly unit: string }): string =>
    JSON.stringify([row.fuel, row.unit]);
  const factors = new Map(fuelFactors.rows.map(({ value }) => [keyOf(value), value]));
  return valuesOf(fuelUse)
    .filter(({ period }) => yearOf(period) <= yearOf(month))
    .map((row): FamilyEntry => {
      const factor = factors.get(keyOf(row));
      const kgPerUnit = factor === undefined ? 0 : kgOfUnit(factor, potential);
      const entry: FuelEntry = {
        siteId: row.site_id,
        period: row.period,
        fuel: row.fuel,
        quantity: row.quantity,
        unit: row.unit,
        kg: asKg(row.quantity * kgPerUnit),
      };
      const family = factor?.family === 'natural_gas' ? 'natural_gas' : 'generator';
      if (!version.includesScope3) return [family, entry];
      const upstream = factor?.upstream_kg;
      return [
        family,
        {
          ...entry,
          ...(upstream === undefined ? {} : { upstreamKg: asKg(row.quantity * upstream) }),
          ...{ assured: row.assured, verifiedBy: factor?.verified_by ?? '' },
          publishedOn: factor?.published_on ?? '',
        },
      ];
    })
    .sort(([, a], [, b]) => compareEntries(a, b));
}

/** kgCO2e of burning one unit of a fuel. */
function kgOfUnit(
  factor: StaticTables['fuelFactors']['rows'][number]['value'],
  potential: ReadonlyMap<string, number>,
): number {
  return (
    factor.co2_kg * (potential.get('co2') ?? 0) +
    factor.ch4_kg * (potential.get('ch4') ?? 0) +
    factor.n2o_kg * (potential.get('n2o') ?? 0)
  );
}

function refrigerantEntries({ gwp, refrigerantUse }: StaticTables, { month }: FuelRequest): FamilyEntry[] {
  const potential = potentials(gwp);
  return valuesOf(refrigerantUse)
    .filter(({ period }) => yearOf(period) <= yearOf(month))
    .map((row): FamilyEntry => {
      const entry = {
        ...{ siteId: row.site_id, period: row.period, fuel: row.gas, quantity: row.quantity_kg, unit: 'kg' },
        kg: asKg(row.quantity_kg * (potential.get(row.gas) ?? 0)),
        ...{ upstreamKg: asKg(0), assured: row.assured },
      };
      return ['refrigerant', entry];
    })
    .sort(([, a], [, b]) => compareEntries(a, b));
}

function potentials(gwp: StaticTables['gwp']): ReadonlyMap<string, number> {
  return new Map(valuesOf(gwp).map((row) => [row.gas, row.gwp100]));
}

function compareEntries(a: FuelEntry, b: FuelEntry): number {
  return (
    compareText(a.siteId, b.siteId) ||
    compareText(a.period, b.period) ||
    compareText(a.fuel, b.fuel) ||
    compareText(a.unit, b.unit) ||
    a.quantity - b.quantity ||
    compareText(a.assured ?? '', b.assured ?? '')
  );
}

function valuesOf<Row>(content: TableContent<Row>): Row[] {
  return content.rows.map(({ value }) => value);
}

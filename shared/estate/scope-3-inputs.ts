import { defined } from '../base/defined';
import { compareText, groupBy } from '../base/group';
import { asKg } from '../base/mass';
import { lastDayOf, type Month, yearOf } from '../base/month';
import { countedDays } from '../method/amortisation';
import type { EmbodiedItem, FeraFactor, Scope3Inputs } from '../method/month-estate';
import type { Scope3Settings } from './estate-settings';
import type { TableContent } from './read-table';
import type { StaticTables } from './static-tables';

/** Service life where a row has none, months: of racks, and of buildings and equipment. */
const SERVICE_MONTHS = { rack: 72, asset: 600 } as const;

/** Returns what only model versions with Scope 3 read of the tables at the root. */
export function scope3Inputs(
  tables: StaticTables,
  month: Month,
  { embodied: { early_retirement: earlyRetirement } }: Scope3Settings,
): Scope3Inputs {
  const [gas] = tables.gwp.rows;
  return {
    embodied: [...racks(tables), ...assets(tables)],
    ...defined({ feraFactors: feraFactors(tables, month) }),
    earlyRetirement,
    assessmentReport: gas?.value.assessment_report ?? '',
  };
}

function racks({ rackEmbodied }: StaticTables): EmbodiedItem[] {
  return valuesOf(rackEmbodied)
    .map((row): EmbodiedItem => ({
      ...{ id: row.rack_id, clusterId: row.cluster_id, kind: 'rack', inServiceOn: row.in_service_on },
      ...{ embodiedKg: asKg(row.embodied_kg), transportKg: asKg(row.transport_kg ?? 0) },
      serviceMonths: row.service_months ?? SERVICE_MONTHS.rack,
      ...defined({ retiredOn: row.retired_on === '' ? undefined : row.retired_on }),
      method: row.method,
    }))
    .sort((a, b) => compareText(a.id, b.id));
}

function assets({ assets: content, sites }: StaticTables): EmbodiedItem[] {
  const clusterOfSite = new Map(valuesOf(sites).map((row) => [row.site_id, row.cluster_id]));
  return valuesOf(content)
    .map((row): EmbodiedItem => ({
      id: row.asset_id,
      clusterId: row.cluster_id === '' ? (clusterOfSite.get(row.site_id) ?? '') : row.cluster_id,
      ...{ kind: row.kind, inServiceOn: row.in_service_on },
      ...{ embodiedKg: asKg(row.embodied_kg), transportKg: asKg(row.transport_kg ?? 0) },
      serviceMonths: row.service_months ?? SERVICE_MONTHS.asset,
      ...defined({ retiredOn: row.retired_on === '' ? undefined : row.retired_on }),
      method: row.method,
    }))
    .sort((a, b) => compareText(a.id, b.id));
}

/** The rows that hold for the month's year: that year's, else the latest earlier year's; undefined without a file. */
function feraFactors({ feraFactors: content }: StaticTables, month: Month): FeraFactor[] | undefined {
  if (content.files.length === 0) return undefined;
  const usable = valuesOf(content).filter((row) => row.year <= yearOf(month));
  return [...groupBy(usable, (row) => row.grid_id).values()]
    .map((rows): FeraFactor => {
      const row = rows.reduce((latest, other) => (other.year > latest.year ? other : latest));
      return {
        ...{ gridId: row.grid_id, year: row.year, upstreamKgPerKwh: row.upstream_kg_per_kwh },
        td:
          row.td_loss_rate === undefined
            ? { kgPerKwh: row.td_kg_per_kwh ?? 0 }
            : { lossRate: row.td_loss_rate },
        ...defined({ residualUpstreamKgPerKwh: row.residual_upstream_kg_per_kwh }),
        source: row.source,
      };
    })
    .sort((a, b) => compareText(a.gridId, b.gridId));
}

/**
 * Returns the items whose content can move a number of the month, and of others the ids alone: that a rack has a row counts
 * for the coverage. An item that goes into service after the month is left out, so that ordering it does not restate the
 * past.
 */
export function relevantEmbodied(
  { embodied, earlyRetirement }: Scope3Inputs,
  month: Month,
): (EmbodiedItem | string)[] {
  return embodied
    .filter(({ inServiceOn }) => inServiceOn <= lastDayOf(month))
    .map((item) => (isBooked(item, month, earlyRetirement) ? item : item.id));
}

/** Returns true for an item that books embodied carbon in the month. */
export function isBooked(
  item: EmbodiedItem,
  month: Month,
  earlyRetirement: Scope3Inputs['earlyRetirement'],
): boolean {
  const { inService, afterRetirement } = countedDays(item, month, earlyRetirement);
  return inService + afterRetirement > 0;
}

function valuesOf<Row>(content: TableContent<Row>): Row[] {
  return content.rows.map(({ value }) => value);
}

import { largest } from '../../../base/append';
import { yearOf } from './calendar';
import type { MethodTables, OptionalRow, Row } from './estate-tables';
import { decimal, type Fraction, isZero, ONE, sum, THOUSAND, ZERO } from './rational';
import { contractCover, gridFactor, siteEnergy } from './step-1-electricity';

/** Step 1, fuel- and energy-related activities: kg of CO2e of one site's electricity, location-based. */
export function feraLocationBased(tables: MethodTables, month: string, site: Row<'sites'>): Fraction {
  const energy = siteEnergy(tables, month, site);
  if (isZero(energy) || tables.fera_factors === undefined) return ZERO;
  const fera = feraFactor(tables, month, site.grid_id);
  const generation = decimal(gridFactor(tables, month, site.grid_id).location_based_kg_per_kwh);
  const upstream = decimal(fera.upstream_kg_per_kwh ?? '');
  return energy.mul(THOUSAND).mul(upstream.add(lost(fera, generation, upstream)));
}

/** One site's part, by energy, of the market-based kg of CO2e of its grid. */
export function feraMarketBased(tables: MethodTables, month: string, site: Row<'sites'>): Fraction {
  const energy = siteEnergy(tables, month, site);
  if (isZero(energy) || tables.fera_factors === undefined) return ZERO;
  const sites = tables.sites.filter((other) => other.grid_id === site.grid_id);
  const load = sum(sites.map((other) => siteEnergy(tables, month, other)));
  return gridFera(tables, month, site.grid_id, load).mul(energy).div(load);
}

function gridFera(tables: MethodTables, month: string, gridId: string, load: Fraction): Fraction {
  const fera = feraFactor(tables, month, gridId);
  const factor = gridFactor(tables, month, gridId);
  const average = decimal(factor.location_based_kg_per_kwh);
  const upstream = decimal(fera.upstream_kg_per_kwh ?? '');
  const { used, uncovered } = contractCover(tables, month, gridId, load);
  const covered = used.map(({ contract, mwh }) => {
    const own = valueOr(contract.upstream_kg_per_kwh, upstream);
    const td = valueOr(contract.td_kg_per_kwh, lost(fera, average, upstream));
    return mwh.mul(THOUSAND).mul(own.add(td));
  });
  const mix = valueOr(factor.residual_mix_kg_per_kwh, average);
  const residual = valueOr(fera.residual_upstream_kg_per_kwh, upstream);
  return sum([...covered, uncovered.mul(THOUSAND).mul(residual.add(lost(fera, mix, residual)))]);
}

/** Transmission and distribution, kg per kWh of load: as given, or by the share of fed-in energy that is lost. */
function lost(fera: OptionalRow<'fera_factors'>, generation: Fraction, upstream: Fraction): Fraction {
  const rate = fera.td_loss_rate ?? '';
  if (rate === '') return decimal(fera.td_kg_per_kwh ?? '');
  return decimal(rate)
    .div(ONE.sub(decimal(rate)))
    .mul(generation.add(upstream));
}

function valueOr(text: string | undefined, otherwise: Fraction): Fraction {
  return text === undefined || text === '' ? otherwise : decimal(text);
}

/** The grid's row of the month's year, else of the latest earlier year. */
function feraFactor(tables: MethodTables, month: string, gridId: string): OptionalRow<'fera_factors'> {
  const year = yearOf(month);
  const rows = (tables.fera_factors ?? []).filter(
    (row) => row.grid_id === gridId && Number(row.year) <= year,
  );
  const latest = rows.length === 0 ? NaN : largest(rows.map((row) => Number(row.year)));
  const factor = rows.find((row) => Number(row.year) === latest);
  if (factor === undefined)
    throw new Error(`no FERA factor for grid ${gridId} in ${String(year)} or earlier`);
  return factor;
}

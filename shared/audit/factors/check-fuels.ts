import { defined } from '../../base/defined';
import type { StaticTables } from '../../estate/static-tables';
import { datedReference, type FactorFinding, type FactorState, isSame } from './factor-finding';
import type { FuelReference, GwpReference } from './reference-factors';

/** Compares the CO2e of each fuel and unit with the newest published factor; the year is that of published_on. */
export function fuelFindings(
  { fuelFactors, gwp }: StaticTables,
  references: readonly FuelReference[],
): FactorFinding[] {
  const potentials = new Map(gwp.rows.map(({ value }) => [value.gas, value.gwp100]));
  const weight = (gas: string): number => potentials.get(gas) ?? 0;
  return fuelFactors.rows.map(({ value }): FactorFinding => {
    const kg = value.co2_kg * weight('co2') + value.ch4_kg * weight('ch4') + value.n2o_kg * weight('n2o');
    const own = { of: value.published_on.slice(0, 4), value: kg };
    const published = references.filter(
      ({ fuel, unit }) => isSameName(fuel, value.fuel) && isSameName(unit, value.unit),
    );
    const reference = published.reduce<FuelReference | undefined>(
      (latest, row) => (latest === undefined || row.year > latest.year ? row : latest),
      undefined,
    );
    return {
      ...{ table: 'fuel_factors', name: `${value.fuel} in ${value.unit}`, own },
      state: fuelState(own, reference),
      ...defined({
        reference: reference && datedReference(reference, String(reference.year), reference.kg_co2e),
      }),
      notes:
        reference?.upstream_kg !== undefined && value.upstream_kg === undefined
          ? [`an upstream factor is published: ${String(reference.upstream_kg)} kg per ${value.unit}`]
          : [],
    };
  });
}

function fuelState(own: FactorFinding['own'], reference: FuelReference | undefined): FactorState {
  if (reference === undefined) return 'no reference';
  if (own.of === '') return 'undated';
  if (Number(own.of) < reference.year) return 'older';
  return Number(own.of) > reference.year || isSame(own.value, reference.kg_co2e) ? 'current' : 'differs';
}

function isSameName(left: string, right: string): boolean {
  return left.toLowerCase() === right.toLowerCase();
}

/** Reports of the IPCC, newest last. */
const REPORTS = ['AR5', 'AR6'] as const;

/**
 * Compares each gas with both reports. A value belongs to the report that the table names, otherwise to the one that has
 * this value.
 */
export function gwpFindings({ gwp }: StaticTables, references: readonly GwpReference[]): FactorFinding[] {
  return gwp.rows.map(({ value }): FactorFinding => {
    const published = references.filter(({ gas }) => gas === value.gas);
    const valueIn = (report: string): number | undefined =>
      published.find((row) => row.assessment_report === report)?.gwp100;
    const found = REPORTS.filter((report) => valueIn(report) === value.gwp100);
    const of = value.assessment_report === '' ? (found.at(-1) ?? '') : value.assessment_report;
    const newest = published.find((row) => row.assessment_report === REPORTS.at(-1));
    return {
      ...{ table: 'gwp', name: value.gas, own: { of, value: value.gwp100 } },
      state: gwpState(of, found, newest),
      ...defined({
        reference: newest && datedReference(newest, newest.assessment_report, newest.gwp100),
      }),
      notes: [],
    };
  });
}

function gwpState(of: string, found: readonly string[], newest: GwpReference | undefined): FactorState {
  if (newest === undefined) return 'no reference';
  if (of === '' || !found.includes(of)) return 'differs';
  // CO2 is 1 in every report.
  return found.includes(newest.assessment_report) || of === newest.assessment_report ? 'current' : 'older';
}

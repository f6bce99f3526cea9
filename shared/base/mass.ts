import type { Brand } from './brand';

/** Kilograms of CO2 equivalent: the unit of the calculation, of ledgers and of explanations. */
export type Kg = Brand<number, 'Kg'>;

/** Metric tons of CO2 equivalent: the unit of the export's columns and of AWS's totals. */
export type Mtco2e = Brand<number, 'MTCO2e'>;

/** kgCO2e in one MTCO2e. */
export const KG_PER_MTCO2E = 1_000;

/** Returns a number that is in kgCO2e, such as the result of arithmetic on {@link Kg}. */
export function asKg(kg: number): Kg {
  return kg as Kg;
}

/** Returns a number that is in MTCO2e, such as a value of the export. */
export function asMtco2e(mtco2e: number): Mtco2e {
  return mtco2e as Mtco2e;
}

/** Converts kgCO2e to MTCO2e. */
export function toMtco2e(kg: Kg): Mtco2e {
  return asMtco2e(kg / KG_PER_MTCO2E);
}

/** Converts MTCO2e to kgCO2e. */
export function toKg(mtco2e: Mtco2e): Kg {
  return asKg(mtco2e * KG_PER_MTCO2E);
}

/** Returns a sum in the order of the list, which the caller keeps fixed so that the last bit is fixed too. */
export function sumKg(parts: readonly Kg[]): Kg {
  return asKg(parts.reduce((sum, part) => sum + part, 0));
}

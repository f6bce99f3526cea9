import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { z } from 'zod';

/** Folder of the shipped tables; a bundle has a copy of it beside it. */
const FOLDER = join(__dirname, 'reference-factors');

const number = z.string().min(1).transform(Number).pipe(z.number().min(0));
const optionalNumber = z
  .string()
  .transform((text) => (text === '' ? undefined : Number(text)))
  .pipe(z.number().min(0).optional());
const year = z.string().transform(Number).pipe(z.number().int());
const origin = { source: z.string().min(1), licence: z.string().min(1) };

const gridRow = z.object({
  region_code: z.string().min(1),
  year,
  location_based_kg_per_kwh: number,
  residual_mix_kg_per_kwh: optionalNumber,
  upstream_kg_per_kwh: optionalNumber,
  td_kg_per_kwh: optionalNumber,
  td_loss_rate: optionalNumber,
  /** life_cycle: the factor includes the upstream part, so that no upstream factor must be added to it. */
  boundary: z.enum(['direct', 'life_cycle']),
  ...origin,
});

const fuelRow = z.object({
  fuel: z.string().min(1),
  unit: z.string().min(1),
  year,
  kg_co2e: number,
  upstream_kg: optionalNumber,
  ...origin,
});

const gwpRow = z.object({
  gas: z.string().min(1),
  assessment_report: z.enum(['AR5', 'AR6']),
  gwp100: number,
  ...origin,
});

/** Factors of a Region's electricity in a year, kgCO2e per kWh. */
export type GridReference = z.infer<typeof gridRow>;

/** The factor of a fuel in a year, kgCO2e per unit. */
export type FuelReference = z.infer<typeof fuelRow>;

/** The warming potential of a gas over 100 years in an assessment report of the IPCC. */
export type GwpReference = z.infer<typeof gwpRow>;

/** The shipped reference: published factors by year, with source and licence. */
export interface ReferenceFactors {
  readonly grids: readonly GridReference[];
  readonly fuels: readonly FuelReference[];
  readonly gwp: readonly GwpReference[];
}

/** Reads the shipped reference. */
export async function readReferenceFactors(): Promise<ReferenceFactors> {
  return {
    grids: await rowsOf('grid-factors.csv', gridRow),
    fuels: await rowsOf('fuel-factors.csv', fuelRow),
    gwp: await rowsOf('gwp.csv', gwpRow),
  };
}

async function rowsOf<Row>(name: string, row: z.ZodType<Row>): Promise<Row[]> {
  const content = await readFile(join(FOLDER, name));
  return z.array(row).parse(parse(content, { columns: true }));
}

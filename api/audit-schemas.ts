import { z } from 'zod';
import { modelVersionSchema } from '../shared/base/model-version-id';
import { monthSchema } from '../shared/base/value-schemas';
import { FIGURES } from '../shared/exports/emissions';

/*
 * The parts of the reports of verify, explain, diff and factors: see report-schemas.ts.
 */

const texts = z.array(z.string());

/** The result of one published month in the report of verify. */
export const verifiedMonth = z.strictObject({
  month: z.string(),
  modelVersion: modelVersionSchema,
  executionId: z.string(),
  ...{ rows: z.int(), accounts: z.int(), values: z.int(), usageLines: z.int() },
  largestDifference: z.number().describe('Of a value from the exact one, relative.'),
  largestLedgerDifference: z
    .number()
    .describe('Of a ledger entry from the exact one, as a part of the emissions.'),
  notRecomputed: z.string().optional().describe('Why values could not be compared.'),
  exceptions: texts,
  differences: texts.describe('The first thousand differences.'),
  differenceCount: z.int(),
});

const explanation = z.strictObject({
  label: z.string(),
  kg: z.number(),
  facts: z
    .record(z.string(), z.union([z.string(), z.number()]))
    .describe('Values that it was computed with; units are in the names.'),
  inputs: z.array(z.strictObject({ file: z.string(), row: z.int() })),
  get parts() {
    return z.array(explanation).describe('Parts that add up to kg.');
  },
});

/** A published row in the report of explain. */
export const explainedRow = z.strictObject({
  regionCode: z.string(),
  productCode: z.string(),
  kg: z.number(),
  path: explanation.describe('By the racks and services that it came through.'),
  source: explanation.describe('By meters, fuel, factors and contracts.'),
});

const both = z.strictObject({ before: z.int(), after: z.int() });
const moved = z
  .strictObject({ before: z.number().nullable(), after: z.number().nullable(), unknownRows: both })
  .describe('MTCO2e on both sides; null where AWS did not deliver it of every row.');
const movedFigures = z.record(z.enum(FIGURES), moved);
const movedKeys = z.array(z.strictObject({ key: z.string(), figures: movedFigures }));
const comparedSide = z.strictObject({
  exportName: z.string(),
  modelVersion: modelVersionSchema,
  executionId: z.string(),
  asOf: z.string(),
});
const changedTable = z.strictObject({
  table: z.string(),
  ...{ removed: z.int(), added: z.int(), removedRows: texts, addedRows: texts },
});

/** A month in the report of diff. */
export const comparedMonth = z.strictObject({
  month: monthSchema,
  before: comparedSide,
  after: comparedSide,
  because: texts.describe('Names of the inputs that differ.'),
  moved: z.strictObject({
    ...{ rowsBefore: z.int(), rowsAfter: z.int(), rowsChanged: z.int() },
    totals: movedFigures,
    by: z.strictObject({ accounts: movedKeys, services: movedKeys, regions: movedKeys }),
  }),
  inputRows: z.array(changedTable).optional(),
});

const origin = { source: z.string(), licence: z.string() };
const datedFactor = {
  of: z.string().describe('Year or assessment report; blank where it is unknown.'),
  value: z.number(),
};

/** A factor in the report of factors check. */
export const comparedFactor = z.strictObject({
  table: z.enum(['grid_factors', 'fera_factors', 'fuel_factors', 'gwp']),
  name: z.string().describe('What the factor is of: a grid and Region, a fuel and unit, or a gas.'),
  state: z.enum(['older', 'differs', 'undated', 'current', 'no reference']),
  own: z.strictObject(datedFactor).describe('Of the estate.'),
  reference: z.strictObject({ ...datedFactor, ...origin }).optional(),
  notes: texts,
});

/** Factors of a Region's electricity, kgCO2e per kWh. */
export const gridReference = z.strictObject({
  region_code: z.string(),
  year: z.int(),
  location_based_kg_per_kwh: z.number(),
  residual_mix_kg_per_kwh: z.number().optional(),
  upstream_kg_per_kwh: z.number().optional(),
  td_kg_per_kwh: z.number().optional(),
  td_loss_rate: z.number().optional(),
  boundary: z.enum(['direct', 'life_cycle']),
  ...origin,
});

/** The factor of a fuel, kgCO2e per unit. */
export const fuelReference = z.strictObject({
  ...{ fuel: z.string(), unit: z.string(), year: z.int(), kg_co2e: z.number() },
  upstream_kg: z.number().optional(),
  ...origin,
});

/** The warming potential of a gas over 100 years. */
export const gwpReference = z.strictObject({
  ...{ gas: z.string(), assessment_report: z.enum(['AR5', 'AR6']), gwp100: z.number() },
  ...origin,
});

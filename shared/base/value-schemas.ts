import { z } from 'zod';
import { asKg, asMtco2e } from './mass';
import { asMonth, isMonth } from './month';

/*
 * Schemas of values in JSON documents. They are apart from the values, because the report page has the values and does
 * not carry zod.
 */

/** Schema of a month. */
export const monthSchema = z.string().refine(isMonth, 'expected a month YYYY-MM').transform(asMonth);

/** Schema of a mass in kgCO2e. */
export const kgSchema = z.number().transform(asKg);

/** Schema of a mass in MTCO2e. */
export const mtco2eSchema = z.number().transform(asMtco2e);

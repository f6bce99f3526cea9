import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { z } from 'zod';

/** Files that are read at run time; a bundle has copies of them beside it. */
export const SHIPPED_FILES = ['focus-services.csv', 'instance-sizes.csv', 'unit-spellings.csv'] as const;

async function rowsOf<Row>(name: (typeof SHIPPED_FILES)[number], row: z.ZodType<Row>): Promise<Row[]> {
  const content = await readFile(join(__dirname, name));
  return z.array(row).parse(parse(content, { columns: true, bom: true }));
}

const positive = z.string().transform(Number).pipe(z.number().positive());

/** Names of services as FOCUS has them, AWS's code of each, the unit that counts and how an hour of it is weighed. */
export function shippedServices(): Promise<z.infer<typeof serviceRow>[]> {
  return rowsOf('focus-services.csv', serviceRow);
}

const serviceRow = z.object({
  service_name: z.string(),
  product_code: z.string(),
  unit: z.string(),
  by_instance_size: z.enum(['yes', '']),
});

/** Normalization factors of instance sizes: how much larger an instance is than a small one. */
export function instanceSizes(): Promise<z.infer<typeof sizeRow>[]> {
  return rowsOf('instance-sizes.csv', sizeRow);
}

const sizeRow = z.object({ size: z.string(), normalization_factor: positive });

/** How bills spell units, and what one of a spelling is worth in the unit. */
export function unitSpellings(): Promise<z.infer<typeof spellingRow>[]> {
  return rowsOf('unit-spellings.csv', spellingRow);
}

const spellingRow = z.object({ unit: z.string(), spelling: z.string(), weight: positive });

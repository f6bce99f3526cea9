import { z } from 'zod';
import { InputError } from '../base/input-problem';
import type { ObjectStore } from '../stores/object-store';
import { MEASURED_PRODUCTS } from './measured-products';

/** Where an estate keeps its settings; the file may be missing. */
export const SETTINGS_FILE = 'settings.json';

const location = z.string().min(1);

const schema = z.strictObject({
  /** Restore the leading zeros of account ids that a spreadsheet ate. */
  pad_account_ids: z.boolean().default(false),
  focus: z
    .strictObject({
      /** Cost column that stands for usage_revenue. */
      revenue_column: z
        .enum(['ListCost', 'EffectiveCost', 'ContractedCost', 'BilledCost'])
        .default('ListCost'),
      /** ProviderName (FOCUS 1.3: ServiceProviderName) values whose lines are usage of this estate; other lines are counted and left out. */
      providers: z.array(z.string()).default(['AWS', 'Amazon Web Services']),
    })
    .prefault({}),
  cur: z
    .strictObject({
      /** Cost column that stands for usage_revenue. */
      revenue_column: z
        .enum(['pricing_public_on_demand_cost', 'line_item_unblended_cost', 'line_item_net_unblended_cost'])
        .default('pricing_public_on_demand_cost'),
    })
    .prefault({}),
  /** Where exports of AWS lie that are not in the estate's own folders: a folder, or s3://bucket/prefix. */
  sources: z
    .strictObject({
      focus: location.exactOptional(),
      cur: location.exactOptional(),
      aws_carbon: location.exactOptional(),
    })
    .exactOptional(),
  bills: z
    .strictObject({
      /** What others sell through AWS Marketplace: counts as what it names, or moves no emissions. */
      marketplace: z.enum(['count', 'leave_out']).default('count'),
      /** Services of AWS's totals that are split by hours times size (EC2) or GB-months (S3) instead of list cost. */
      split_by_quantity: z.array(z.enum(MEASURED_PRODUCTS)).default([]),
    })
    .prefault({}),
});

/** How an estate's inputs are to be read. */
export type EstateSettings = z.infer<typeof schema>;

/**
 * Reads the estate's settings.json; what it leaves out has the default, and so has everything when it is missing.
 *
 * @throws InputError when it is no JSON, or names a setting that does not exist or a value it cannot have
 */
export async function readEstateSettings(store: ObjectStore): Promise<EstateSettings> {
  const content = await store.get(SETTINGS_FILE);
  if (content === undefined) return schema.parse({});
  let raw: unknown;
  try {
    raw = JSON.parse(content.body.toString('utf8').replace(/^\ufeff/, ''));
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new InputError([{ table: 'settings', file: SETTINGS_FILE, expected: `JSON (${error.message})` }]);
  }
  const parsed = schema.safeParse(raw);
  if (parsed.success) return parsed.data;
  throw new InputError(
    parsed.error.issues.map(({ path, message }) => ({
      table: 'settings',
      file: SETTINGS_FILE,
      ...(path.length === 0 ? {} : { column: path.join('.') }),
      expected: `known settings with values they can have (${message})`,
    })),
  );
}

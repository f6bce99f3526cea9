import { z } from 'zod';
import { defined } from '../base/defined';
import { InputError } from '../base/input-problem';
import { readJson } from '../base/json';
import type { InputStore } from '../stores/object-store';
import { MEASURED_PRODUCTS } from './measured-products';

/** File of an estate with its settings; it may be missing. */
export const SETTINGS_FILE = 'settings.json';

const location = z.string().min(1);

/** Schema of settings.json. */
export const estateSettingsSchema = z.strictObject({
  $schema: z.string().exactOptional().describe('Address of this schema, for editors.'),
  pad_account_ids: z
    .boolean()
    .default(false)
    .describe('Restores the leading zeros of account ids that a spreadsheet removed.'),
  focus: z
    .strictObject({
      revenue_column: z
        .enum(['ListCost', 'EffectiveCost', 'ContractedCost', 'BilledCost'])
        .default('ListCost')
        .describe('Cost column that is read as usage_revenue.'),
      providers: z
        .array(z.string())
        .default(['AWS', 'Amazon Web Services'])
        .describe(
          'Values of ProviderName (FOCUS 1.3: ServiceProviderName) whose lines count; other lines are left out and counted.',
        ),
    })
    .prefault({}),
  cur: z
    .strictObject({
      revenue_column: z
        .enum(['pricing_public_on_demand_cost', 'line_item_unblended_cost', 'line_item_net_unblended_cost'])
        .default('pricing_public_on_demand_cost')
        .describe('Cost column that is read as usage_revenue.'),
    })
    .prefault({}),
  sources: z
    .strictObject({
      focus: location.exactOptional(),
      cur: location.exactOptional(),
      aws_carbon: location.exactOptional(),
    })
    .exactOptional()
    .describe(
      "Locations of exports of AWS that are not in the estate's folders: a folder, or s3://bucket/prefix.",
    ),
  bills: z
    .strictObject({
      marketplace: z
        .enum(['count', 'leave_out'])
        .default('leave_out')
        .describe(
          "Software of other companies on AWS Marketplace: counts as usage of the service it names, or is left out as in AWS's own boundary. Models on Amazon Bedrock always count.",
        ),
      split_by_quantity: z
        .array(z.enum(MEASURED_PRODUCTS))
        .default([])
        .describe(
          "Services of AWS's totals that are split by hours times size (EC2) or GB-months (S3) instead of list cost.",
        ),
    })
    .prefault({}),
  /** Read by model versions with Scope 3. */
  embodied: z
    .strictObject({
      /** Embodied carbon after an early retirement: runs on to the end of the service life, or is booked at once. */
      early_retirement: z.enum(['continue', 'write_off']).default('continue'),
    })
    .exactOptional(),
  /** Scope 1 of a year without entries: estimated from earlier years, or none. Read by model versions with Scope 3. */
  scope_1_estimate: z.enum(['growth', 'none']).exactOptional(),
});

/** How an estate's inputs are read. */
export type EstateSettings = z.infer<typeof estateSettingsSchema>;

/**
 * Reads the estate's settings.json. Settings that are missing have their defaults, as without the file.
 *
 * @throws InputError when the file is not JSON, or has an unknown setting or an invalid value
 */
export async function readEstateSettings(store: InputStore): Promise<EstateSettings> {
  const content = await store.get(SETTINGS_FILE);
  if (content === undefined) return estateSettingsSchema.parse({});
  const reading = readJson(content.body, estateSettingsSchema);
  if ('value' in reading) return reading.value;
  const place = { table: 'settings', file: SETTINGS_FILE };
  if ('syntaxError' in reading)
    throw new InputError([{ ...place, expected: `JSON (${reading.syntaxError})` }]);
  throw new InputError(
    reading.issues.map(({ path, message }) => ({
      ...place,
      ...defined({ column: path.length === 0 ? undefined : path.join('.') }),
      expected: `settings of the user guide with valid values (${message})`,
    })),
  );
}

/** Settings that only model versions with Scope 3 read, with their defaults. */
export type Scope3Settings = Required<Pick<EstateSettings, 'embodied' | 'scope_1_estimate'>>;

/** Returns the settings that only model versions with Scope 3 read. */
export function scope3Settings({ embodied, scope_1_estimate: estimate }: EstateSettings): Scope3Settings {
  return { embodied: embodied ?? { early_retirement: 'continue' }, scope_1_estimate: estimate ?? 'growth' };
}

/** Returns the settings that a model version reads: those of all versions, and where it has Scope 3 the others too. */
export function settingsRead(
  settings: EstateSettings,
  { includesScope3 }: { readonly includesScope3: boolean },
): unknown {
  const { embodied, scope_1_estimate: estimate, ...others } = settings;
  return includesScope3
    ? { ...others, ...scope3Settings({ ...others, ...defined({ embodied, scope_1_estimate: estimate }) }) }
    : others;
}

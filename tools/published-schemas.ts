import { z } from 'zod';
import { REPORT_SCHEMA, REPORT_SCHEMAS } from '../api/report-schemas';
import { settingsSchema } from '../infra/settings-schema';
import { estateSettingsSchema } from '../shared/estate/estate-settings';
import { manifestSchema } from '../shared/exports/manifest';
import { stateSchema } from '../shared/exports/month-state';

interface Published {
  readonly schema: z.ZodType;
  readonly title: string;
}

const PUBLISHED: Readonly<Record<string, Published>> = {
  settings: { schema: settingsSchema, title: 'carbonExports in cdk.json' },
  'estate-settings': { schema: estateSettingsSchema, title: 'settings.json of an estate' },
  manifest: { schema: manifestSchema, title: 'Manifest of a published month' },
  'month-state': { schema: stateSchema, title: 'State of a month' },
  ...Object.fromEntries(
    Object.entries(REPORT_SCHEMAS).map(([verb, schema]) => [
      `report-${verb}`,
      { schema, title: verb === 'error' ? 'Error on standard error' : `Output of ${verb} as JSON` },
    ]),
  ),
};

/** Returns the JSON Schemas that the package ships, by name. */
export function publishedSchemas(): ReadonlyMap<string, object> {
  return new Map(
    Object.entries(PUBLISHED).map(([name, { schema, title }]) => [
      name,
      {
        ...{
          $schema: 'https://json-schema.org/draft/2020-12/schema',
          $id: `carbon-exports:${name}:${String(REPORT_SCHEMA)}`,
        },
        title: `${title}, version ${String(REPORT_SCHEMA)}`,
        ...z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }),
      },
    ]),
  );
}

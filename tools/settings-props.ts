import { z } from 'zod';
import { settingsSchema } from '../infra/settings-schema';
import { type JsonSchema, typeText } from './json-schema';

const HEADING = `/* Made by \`npm run generate\` from infra/settings-schema.ts. */

/** The settings of a deployment: props of the construct, and the member carbonExports of cdk.json. */
export interface SettingsProps`;

/** Returns the schema of the settings as people write them. */
export function settingsJsonSchema(): JsonSchema {
  return z.toJSONSchema(settingsSchema, { io: 'input', unrepresentable: 'any' }) as JsonSchema;
}

/** Returns the source of the interface of all settings. */
export function settingsProps(): string {
  return `${HEADING} ${members(settingsJsonSchema())}\n`;
}

function members({ properties = {}, required = [] }: JsonSchema): string {
  const lines = Object.entries(properties).map(([name, schema]) => {
    const type = schema.properties === undefined ? typeText(schema) : members(schema);
    return `/** ${documentation(schema)} */\nreadonly ${name}${required.includes(name) ? '' : '?'}: ${type};`;
  });
  return `{\n${lines.join('\n')}\n}`;
}

function documentation({ description = '', default: value, properties }: JsonSchema): string {
  if (value === undefined || properties !== undefined)
    return description.replace(/ Default: (.+)\.$/, ' @default - $1');
  return `${description} @default ${typeof value === 'string' ? value || "''" : JSON.stringify(value)}`;
}

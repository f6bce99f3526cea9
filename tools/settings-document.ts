import type { JsonSchema } from './json-schema';
import { settingsJsonSchema } from './settings-props';

const HEADING = `# Settings of a deployment

Made by \`npm run generate\` from the schema of the settings; a test compares them. The settings are the member \`carbonExports\`
of the context in cdk.json, options of the command line (\`-c carbonExports.format=csv\`, \`-c carbonExports.limits.memoryMb=2048\`),
or props of the construct \`CarbonExports\`. All three are checked alike: unknown names and invalid values are errors.

\`schemas/settings.schema.json\` of the package is the same as a JSON Schema.
`;

/** Returns the reference of the settings. */
export function settingsDocument(): string {
  const rows = rowsOf(settingsJsonSchema(), '');
  return [HEADING, '| setting | values | default | meaning |', '| --- | --- | --- | --- |', ...rows, ''].join(
    '\n',
  );
}

function rowsOf({ properties = {}, required = [] }: JsonSchema, path: string): string[] {
  return Object.entries(properties).flatMap(([name, schema]) => {
    const at = path === '' ? name : `${path}.${name}`;
    if (schema.properties !== undefined) return rowsOf(schema, at);
    const { description = '', default: value } = schema;
    const fallback = required.includes(name) ? 'required' : defaultText(value);
    const [meaning = '', without] = description.split(/ Default: (.+)\.$/);
    const cells = [
      `\`${at}\``,
      valuesText(schema),
      fallback === '' ? (without ?? 'none') : fallback,
      meaning,
    ];
    return [`| ${cells.map((cell) => cell.replaceAll('|', String.raw`\|`)).join(' | ')} |`];
  });
}

function defaultText(value: unknown): string {
  if (value === undefined) return '';
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return ['', '[]', '{}'].includes(text) ? 'none' : `\`${text}\``;
}

function valuesText({ type, enum: values, anyOf, items, minimum, maximum }: JsonSchema): string {
  if (values !== undefined) return values.map((value) => `\`${String(value)}\``).join(', ');
  if (anyOf !== undefined) return anyOf.map((each) => `\`${String(each.const)}\``).join(', ');
  if (type === 'array') return `list of ${items?.type ?? 'values'}s`;
  if (type === 'object') return 'names and values';
  if (type === 'integer' && minimum !== undefined) {
    const isBounded = maximum !== undefined && maximum < Number.MAX_SAFE_INTEGER;
    return isBounded ? `${String(minimum)} to ${String(maximum)}` : `at least ${String(minimum)}`;
  }
  return type ?? '';
}

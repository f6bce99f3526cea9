/** The parts of a JSON Schema that the generated files show. */
export interface JsonSchema {
  readonly type?: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly items?: JsonSchema;
  readonly anyOf?: readonly JsonSchema[];
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | JsonSchema;
}

/** Returns the type of a schema as TypeScript writes it, except objects with properties. */
export function typeText(schema: JsonSchema): string {
  const { type, enum: values, const: only, items, anyOf, additionalProperties } = schema;
  if (values !== undefined) return values.map((value) => literal(value)).join(' | ');
  if (only !== undefined) return literal(only);
  if (anyOf !== undefined) return anyOf.map(typeText).join(' | ');
  if (type === 'array') return `readonly ${typeText(items ?? {})}[]`;
  if (type === 'integer' || type === 'number') return 'number';
  if (type === 'object' && typeof additionalProperties === 'object')
    return `Readonly<Record<string, ${typeText(additionalProperties)}>>`;
  return type ?? 'unknown';
}

function literal(value: unknown): string {
  return typeof value === 'string' ? `'${value}'` : String(value);
}

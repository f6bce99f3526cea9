import { views } from '../shared/catalog/views';
import { BREAKDOWN_COLUMNS, EXPORT_COLUMNS } from '../shared/exports/columns';

const HEADING = `# Columns of an export, its tables and views

Made by \`npm run generate\` from the definitions in the code; a test compares them. Types are those of Athena. A value that AWS did not
deliver is null, never 0.
`;

interface Column {
  readonly name: string;
  readonly type: string;
  readonly comment?: string;
}

/** Returns the reference of columns. */
export function columnsDocument(): string {
  return [
    HEADING,
    '## carbon_emissions',
    '',
    'One row per account, service, Region, month and model version. Partition keys: carbon_model_version, usage_period (strings).',
    '',
    tableOf(EXPORT_COLUMNS, true),
    '',
    '## carbon_by_tag',
    '',
    'The columns of carbon_emissions, and:',
    '',
    tableOf(BREAKDOWN_COLUMNS, true),
    ...views().flatMap(({ name, description, columns }) => [
      '',
      `## ${name}`,
      '',
      description,
      '',
      columns.length > EXPORT_COLUMNS.length - 1
        ? `The columns and partition keys of carbon_emissions${addedTo(columns)}.`
        : tableOf(columns, false),
    ]),
    '',
  ].join('\n');
}

function addedTo(columns: readonly Column[]): string {
  const known = new Set([...EXPORT_COLUMNS.map(({ name }) => name), 'carbon_model_version', 'usage_period']);
  const added = columns.filter(({ name }) => !known.has(name)).map(({ name, type }) => `${name} (${type})`);
  return added.length === 0 ? '' : `, and ${added.join(', ')}`;
}

function tableOf(columns: readonly Column[], isExplained: boolean): string {
  const rows = columns.map(({ name, type, comment = '' }) =>
    isExplained ? `| ${name} | ${type} | ${comment} |` : `| ${name} | ${type} |`,
  );
  const header = isExplained
    ? ['| column | type | meaning |', '| --- | --- | --- |']
    : ['| column | type |', '| --- | --- |'];
  return [...header, ...rows].join('\n');
}

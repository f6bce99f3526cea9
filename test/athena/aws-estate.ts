import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { writeAwsEstate } from '../../sample/aws-estate';
import { REQUIRED_CARBON_COLUMNS } from '../../shared/compute/aws-totals/carbon-columns';

/** Versions of AWS's totals in the estate. */
const AWS_VERSIONS = ['v3.0.0', 'v3.1.0'] as const;

const [FIRST, SECOND] = AWS_VERSIONS;

const SAMPLE = `aws_carbon/carbon-emissions/data/carbon_model_version=${FIRST}/usage_period=2024-09/carbon-emissions-00001.csv`;

/**
 * The sample of an AWS customer with all that its exports can have: a second version of its month, and a month before it
 * in the columns of April 2025, without bills.
 */
export async function writeFullAwsEstate(folder: string): Promise<void> {
  await writeAwsEstate(folder);
  const text = await readFile(join(folder, SAMPLE), 'utf8');
  await deliver(folder, SECOND, '2024-09', text.replaceAll(FIRST, SECOND));
  const rows = parse<Record<string, string>>(text, { columns: true });
  const before: Readonly<Record<string, string>> = {
    usage_period_start: '2024-08-01 00:00:00Z',
    usage_period_end: '2024-09-01 00:00:00Z',
  };
  const lines = rows.map((row) =>
    REQUIRED_CARBON_COLUMNS.map((column) => JSON.stringify(before[column] ?? row[column] ?? '')).join(','),
  );
  await deliver(folder, FIRST, '2024-08', `${[REQUIRED_CARBON_COLUMNS.join(','), ...lines].join('\n')}\n`);
}

async function deliver(folder: string, version: string, month: string, text: string): Promise<void> {
  const partition = `carbon_model_version=${version}/usage_period=${month}`;
  const path = join(folder, 'aws_carbon', 'more', 'data', partition, 'carbon-00001.csv');
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, text);
}

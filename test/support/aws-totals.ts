import { join } from 'node:path';
import { type Emission, EMISSIONS } from '../../shared/exports/emissions';
import { EstateFolder } from './estate-folder';
import { EXPORT_NAME } from './export-name';
import { type ExportRow, readExportRows, readManifest } from './export-reader';
import { type EstateRun, runEstate } from './run-command';

/** Name of the export that AWS's totals are split into. */
export const AWS_NAME = `${EXPORT_NAME}-aws`;

/** A row of AWS's carbon export: values as texts, blank where AWS has no value. */
export interface AwsRow {
  readonly payer: string;
  readonly account: string;
  readonly region: string;
  readonly product: string;
  readonly values: Readonly<Partial<Record<Emission, string>>>;
}

/** 1 MTCO2e market-based of EC2 in c1. */
export const AWS_ROW: AwsRow = {
  payer: '000000000042',
  account: '000000000001',
  region: 'c1',
  product: 'AmazonEC2',
  values: { total_mbm_emissions: '1', total_lbm_emissions: '2' },
};

/** Emissions of AWS's export in April, from June and from October 2025: with 11, 13 and 23 columns. */
export const GENERATIONS: readonly (readonly Emission[])[] = [
  ['total_mbm_emissions'],
  ['total_mbm_emissions', 'total_lbm_emissions'],
  EMISSIONS,
];

/** AWS's export as CSV with the columns of a generation. */
export function carbonCsv(
  rows: readonly AwsRow[],
  { month = '2025-01', version = 'v3.0.0', emissions = EMISSIONS as readonly Emission[] } = {},
): string {
  const [year = 0, number = 0] = month.split('-').map(Number);
  const end = `${String(number === 12 ? year + 1 : year)}-${String((number % 12) + 1).padStart(2, '0')}`;
  const header = [
    'last_refresh_timestamp,location,model_version,payer_account_id,product_code,region_code',
    ...emissions.flatMap((emission) => [`${emission}_unit`, `${emission}_value`]),
    'usage_account_id,usage_period_end,usage_period_start',
  ].join(',');
  const lines = rows.map(({ payer, account, region, product, values }) =>
    [
      `2025-02-20 00:00:00Z,${region === '' ? 'Global' : `Name of ${region}`},${version},${payer},${product},${region}`,
      ...emissions.flatMap((emission) => ['MTCO2e', values[emission] ?? '']),
      `${account},${end}-01 00:00:00Z,${month}-01 00:00:00Z`,
    ].join(','),
  );
  return `${[header, ...lines].join('\n')}\n`;
}

/** Where AWS delivers a month. */
export function carbonFile(month = '2025-01', version = 'v3.0.0', name = 'carbon-00001.csv'): string {
  return `aws_carbon/carbon/data/model_version=${version}/usage_period=${month}/${name}`;
}

/** A run over an estate of these files and nothing else. */
export async function runSplit(
  folder: string,
  files: Readonly<Record<string, string | Buffer>>,
  ...options: readonly string[]
): Promise<EstateRun & { readonly inputs: EstateFolder; readonly out: string }> {
  const inputs = new EstateFolder(join(folder, 'inputs'));
  for (const [file, content] of Object.entries(files)) inputs.write(file, content);
  const out = join(folder, 'out');
  const run = await runEstate(inputs.path, out, ...options);
  return { ...run, inputs, out };
}

/** Rows of a published month. */
export function splitRowsOf(out: string, month = '2025-01', modelVersion = 'v3.0.0'): Promise<ExportRow[]> {
  return readExportRows({ out, exportName: AWS_NAME, month, modelVersion, format: 'parquet' });
}

/** Manifest of a published month. */
export function splitManifestOf(
  out: string,
  month = '2025-01',
  modelVersion = 'v3.0.0',
): ReturnType<typeof readManifest> {
  return readManifest({ out, exportName: AWS_NAME, month, modelVersion });
}

import { endOf, type Month, startOf } from '../shared/base/month';
import { CARBON_COLUMNS, OTHER_PRODUCTS, OWN_PRODUCTS } from '../shared/compute/aws-totals/carbon-columns';
import { UNIT } from '../shared/exports/columns';
import { type Emission, EMISSIONS, valueColumn } from '../shared/exports/emissions';
import { shippedServices } from '../shared/usage/bills/shipped-tables';
import { REAL_FOCUS_MONTH } from './facts';
import { RandomStream } from './random';
import { readReference, type Reference } from './reference';
import { EstateFolder } from './writer';

/** Version that the made-up export says it is of. */
const VERSION = 'v3.0.0';

/** Payer of the made-up export. */
const PAYER = '123456789012';

const SEED = 1;

const README = `# Sample estate of an AWS customer

focus/ holds real, anonymised lines of AWS bills of September 2024 (FinOps Foundation FOCUS-Sample-Data, CC BY 4.0).
aws_carbon/ is MADE UP: no customer's carbon export is public. It has AWS's layout and all 23 columns, and a row for every
account, Region and product group of the bills. The figures come from a seeded generator, about 0.1 kgCO2e
per USD. Some rows have no matching bill, to show unsplit rows.
settings.json restores the leading zeros that the account ids of the real lines have lost.
`;

/** Writes the sample of an AWS customer: real bills of one month and a made-up carbon export of AWS for it. */
export async function writeAwsEstate(outDir: string): Promise<void> {
  const month = REAL_FOCUS_MONTH;
  const reference = readReference();
  const folder = await EstateFolder.create(outDir);
  const partition = `carbon_model_version=${VERSION}/usage_period=${month}`;
  const data = `aws_carbon/carbon-emissions/data/${partition}/carbon-emissions-00001.csv`;
  const lines = [CARBON_COLUMNS.join(','), ...(await carbonLines(reference, month))];
  const manifest = {
    executionId: '00000000-0000-4000-8000-000000000001',
    exportArn: `arn:aws:bcm-data-exports:us-east-1:${PAYER}:export/made-up`,
    columns: CARBON_COLUMNS.map((name) => ({ name })),
    dataFiles: [`s3://made-up/${data}`],
  };
  await folder.file('README.md', README);
  await folder.file('settings.json', `${JSON.stringify({ pad_account_ids: true })}\n`);
  await folder.file(`focus/usage_period=${month}/focus-1.0-sample.csv`, reference.focus.text);
  await folder.file(data, `${lines.join('\n')}\n`);
  await folder.file(
    `aws_carbon/carbon-emissions/metadata/${partition}/carbon-emissions-Manifest.json`,
    `${JSON.stringify(manifest, undefined, 1)}\n`,
  );
}

/** One row per account, Region and product group with usage, and one without for every tenth account. */
async function carbonLines({ focus, regions }: Reference, month: Month): Promise<string[]> {
  const codes = new Map((await shippedServices()).map((row) => [row.service_name, row.product_code]));
  const costs = new Map<string, number>();
  focus.accounts.forEach(({ id }, index) => {
    if (index % 10 === 0) costs.set([id, 'eu-north-1', OTHER_PRODUCTS].join('/'), 0.05);
  });
  for (const { accountId, region, serviceName, listCost } of focus.cells) {
    const code = codes.get(serviceName) ?? serviceName;
    const group = OWN_PRODUCTS.find((product) => product === code) ?? OTHER_PRODUCTS;
    const place = group === 'AmazonCloudFront' || region === 'NULL' || region === 'global' ? '' : region;
    const key = [accountId, place, group].join('/');
    costs.set(key, (costs.get(key) ?? 0) + Math.max(0, listCost));
  }
  return [...costs]
    .filter(([, cost]) => cost > 0)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, cost]) => {
      const [account = '', region = '', product = ''] = key.split('/');
      const location = region === '' ? 'Global' : (regions.get(region)?.location ?? region);
      return carbonLine(month, { account, region, product, location }, cost);
    });
}

function carbonLine(
  month: Month,
  row: {
    readonly account: string;
    readonly region: string;
    readonly product: string;
    readonly location: string;
  },
  cost: number,
): string {
  const random = new RandomStream(SEED, 'aws-carbon', row.account, row.region, row.product);
  const tonnes = (low: number, high: number): number => (cost * random.between(low, high)) / 1000;
  const [scope1, lbm2, lbm3] = [tonnes(0.001, 0.004), tonnes(0.03, 0.12), tonnes(0.02, 0.06)];
  const mbm2 = lbm2 * random.between(0, 0.4);
  const values: Readonly<Record<Emission, number>> = {
    total_scope_1_emissions: scope1,
    total_scope_2_lbm_emissions: lbm2,
    total_scope_2_mbm_emissions: mbm2,
    total_scope_3_lbm_emissions: lbm3,
    total_scope_3_mbm_emissions: lbm3,
    total_lbm_emissions: scope1 + lbm2 + lbm3,
    total_mbm_emissions: scope1 + mbm2 + lbm3,
  };
  const instant = (at: Date): string => `${at.toISOString().slice(0, 19).replace('T', ' ')}Z`;
  const fields = new Map<string, string>([
    ['last_refresh_timestamp', '2024-10-20 00:00:00Z'],
    ['location', row.location.includes(',') ? `"${row.location}"` : row.location],
    ['model_version', VERSION],
    ['payer_account_id', PAYER],
    ['product_code', row.product],
    ['region_code', row.region],
    ['usage_account_id', row.account],
    ['usage_period_end', instant(endOf(month))],
    ['usage_period_start', instant(startOf(month))],
    ...EMISSIONS.map((emission) => [valueColumn(emission), values[emission].toPrecision(15)] as const),
  ]);
  return CARBON_COLUMNS.map((column) => fields.get(column) ?? UNIT).join(',');
}

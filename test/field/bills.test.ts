import { readdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { writeSampleEstate } from '../../sample/generate';
import { EstateFolder } from '../support/estate-folder';
import { scratch } from '../support/scratch';
import { caseInputs, query, type RanCase, rowsByService, rowsByValue, run, runCase } from './field-case';

const folder = scratch();
const AS_OF = '2026-06-20';

const ranCase = (name: string, ...options: readonly string[]): Promise<RanCase> =>
  runCase(folder, AS_OF, name, ...options);

test('a model of another provider on Amazon Bedrock has a name that readers know', async () => {
  const { code, out } = await ranCase('bills-bedrock-by-marketplace', '--by', 'resource');
  expect(code).toBe(0);
  // The model has 90 of 100 USD, and Amazon Bedrock itself 5.
  expect(await rowsByService(out)).toEqual([
    ['us-east-1', 'AWSLambda', 0.5],
    ['us-east-1', 'AmazonBedrock', 9.5],
  ]);
  expect(await rowsByValue(out)).toEqual([
    ['resource', 'Claude Sonnet 4 (Amazon Bedrock Edition)', 9],
    ['resource', 'i-1', 1],
  ]);
});

test('a line without a currency takes the currency of its bill, or is an error', async () => {
  const { code, printed } = await ranCase('bills-blank-currency');
  expect(code).toBe(1);
  expect(printed).toMatch(/bill\.csv, row 3, column BillingCurrency: found "", expected a currency/);
});

test('cost that meets no row of AWS is reported with its share, and a cost column that is nearly all blank', async () => {
  const { code, printed, out } = await ranCase('bills-cost-that-meets-no-row', '--json');
  expect(code).toBe(0);
  expect(printed).toMatch(/97(\.0)? %/);
  const [manifest] = readdirSync(out, { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('-Manifest.json'),
  );
  expect(new EstateFolder(out).read(manifest ?? '')).toMatch(/billCoverage/);
});

const KEYS = [
  {
    name: 'bills-cur2-camelcase-key',
    by: ['tag:CostCenter', 'cost-category:BusinessUnit'],
    rows: [
      ['cost-category:BusinessUnit', 'BU1', 7.5],
      ['cost-category:BusinessUnit', 'BU2', 2.5],
      ['tag:CostCenter', 'cc1', 7.5],
      ['tag:CostCenter', 'cc2', 2.5],
    ],
  },
  {
    name: 'bills-cur2-flat-tag-columns',
    by: ['tag:team', 'cost-category:BU'],
    rows: [
      ['cost-category:BU', 'B1', 7.5],
      ['cost-category:BU', 'B2', 2.5],
      ['tag:team', 'blue', 2.5],
      ['tag:team', 'red', 7.5],
    ],
  },
  {
    name: 'bills-cur2-tags-column',
    by: ['tag:team', 'cost-category:BU', 'account-tag:team'],
    rows: [
      ['account-tag:team', 'x', 10],
      ['cost-category:BU', 'B1', 7.5],
      ['cost-category:BU', 'B2', 2.5],
      ['tag:team', 'blue', 2.5],
      ['tag:team', 'red', 7.5],
    ],
  },
];

test.each(KEYS)('$name: every spelling of a key finds its lines', async ({ name, by, rows }) => {
  const { code, out } = await ranCase(name, '--by', ...by);
  expect(code).toBe(0);
  expect(await rowsByValue(out)).toEqual(rows);
});

test('split cost allocation data: the cost of a node goes to its pods', async () => {
  const by = ['--by', 'tag:aws_eks_namespace', '--by', 'resource'];
  const { code, out } = await ranCase('bills-split-cost-allocation', ...by);
  expect(code).toBe(0);
  const pod = (namespace: string): string => `arn:aws:eks:us-east-1:111111111111:pod/c/${namespace}/p/u`;
  expect(await rowsByValue(out)).toEqual([
    ['resource', pod('payments'), 7.5],
    ['resource', pod('search'), 2.5],
    ['tag:aws_eks_namespace', 'payments', 7.5],
    ['tag:aws_eks_namespace', 'search', 2.5],
  ]);
});

test('hours that are not those of an instance take nothing of EC2', async () => {
  const { code, out } = await ranCase('bills-ec2-hours-of-no-instance', '--by', 'resource');
  expect(code).toBe(0);
  const rows = await rowsByValue(out);
  expect(rows).toContainEqual(['resource', 'i-1', 3.3333]);
  expect(rows).toContainEqual(['resource', 'i-2', 6.6667]);
  expect(rows.filter(([, , value]) => Number(value) > 0)).toHaveLength(2);
});

test('a folder that does not exist is named, and nothing is created', async () => {
  const out = join(folder(), 'out');
  const { code, stderr } = await run('no-such-folder', out, AS_OF);
  expect(code).toBe(2);
  expect(stderr).toContain('no-such-folder');
  expect(readdirSync(join(out, '..'))).toEqual([]);
});

test('a folder whose name is nearly that of a table is named', async () => {
  const inputs = join(caseInputs('bills-late-usage-line', folder()), 'in');
  renameSync(join(inputs, 'aws_carbon'), join(inputs, 'aws-carbon'));
  const { code, stdout, stderr } = await run(inputs, folder(), AS_OF);
  expect(code).not.toBe(0);
  expect(stdout + stderr).toMatch(/aws-carbon.*aws_carbon/s);
});

test('a usage line of a month far from its bill counts nowhere and is reported', async () => {
  const { code, printed, out } = await ranCase('bills-late-usage-line', '--json');
  expect(code).toBe(0);
  expect(await rowsByService(out)).toEqual([['us-east-1', 'AmazonEC2', 10]]);
  expect(printed).toMatch(/more than one month away/);
});

test('the currency of another provider does not matter', async () => {
  const { code, out } = await ranCase('bills-other-cloud-currency');
  expect(code).toBe(0);
  expect(await rowsByService(out)).toEqual([['us-east-1', 'AmazonEC2', 10]]);
});

test('the Region of a CUR 2.0 line is read from the product map where product_region_code is blank', async () => {
  const { code, out } = await ranCase('bills-region-in-product-map');
  expect(code).toBe(0);
  expect(await rowsByService(out)).toEqual([
    ['', 'Other', 4],
    ['us-east-1', 'AWSLambda', 2.5],
    ['us-east-1', 'AmazonStates', 7.5],
  ]);
});

test('a ServiceName that is the code of a service finds it', async () => {
  const inputs = folder();
  await writeSampleEstate({ outDir: inputs, months: 1, lastMonth: '2026-10' });
  const estate = new EstateFolder(inputs);
  estate.remove('usage');
  if (readdirSync(inputs).includes('focus')) estate.remove('focus');
  caseInputs('bills-servicename-is-the-code', join(inputs, 'focus', 'usage_period=2026-10'));
  const out = folder();
  const { code } = await run(inputs, out, '2026-11-20');
  expect(code).toBe(0);
  const services = await query(
    out,
    'SELECT DISTINCT product_code FROM carbon_latest ORDER BY 1',
    'carbon-emissions',
  );
  expect(services.flat()).toEqual(expect.arrayContaining(['AmazonEC2', 'AmazonS3']));
});

test('keys that differ in signs alone have separate exports, and the others are made too', async () => {
  const by = ['tag:cost-center', 'tag:cost_center', 'tag:team', 'resource'];
  const { code, out } = await ranCase('bills-split-names-collide', '--by', ...by);
  expect(code).toBe(0);
  const made = readdirSync(out).filter((name) => name.startsWith('carbon-emissions-aws-by-'));
  expect(made).toHaveLength(4);
  const keys = await query(out, 'SELECT DISTINCT split_by FROM carbon_by_tag ORDER BY 1');
  expect(keys.flat()).toEqual(['resource', 'tag:cost-center', 'tag:cost_center', 'tag:team']);
});

test('a cost below the 18th decimal is a number and counts as 0', async () => {
  const { code, out } = await ranCase('bills-tiny-cost', '--by', 'resource');
  expect(code).toBe(0);
  expect(await rowsByValue(out)).toContainEqual(['resource', 'i-1', 10]);
});

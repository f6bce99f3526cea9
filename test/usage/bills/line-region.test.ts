import {
  carbonCsv,
  carbonFile,
  runSplit,
  splitManifestOf,
  splitRowsOf,
  AWS_ROW,
} from '../../support/aws-totals';
import {
  billCsv,
  type BillRow,
  codedRow,
  CUR_BILL,
  curRow,
  FOCUS_BILL,
  focusRow,
  rowsOf,
  runBills,
  warningsOf,
} from '../../support/bills';
import { withSession } from '../../../shared/sql/duck-session';
import {
  knownRegion,
  regionInProduct,
  regionOfTransfer,
  regionOfZone,
} from '../../../shared/usage/bills/line-region';
import { keepDuckDb } from '../../support/kept-duckdb';
import { scratch } from '../../support/scratch';

const folder = scratch();

beforeAll(() => keepDuckDb());

/** Value of an SQL expression over the text $1. */
function valueOf(expression: string, text: string): Promise<unknown> {
  return withSession({}, async (session) => {
    const [row] = await session.rows(`SELECT ${expression} AS v FROM (SELECT $1 AS t)`, [text]);
    return row?.['v'];
  });
}

test.each([
  ['{"region":"us-east-1","product_name":"x"}', 'us-east-1'],
  ['{"region_code": "us-east-1"}', 'us-east-1'],
  ['{"from_region": "us-west-2", "region": "eu-west-1"}', 'eu-west-1'],
  ['[["product_name","x"],["region","us-east-1"]]', 'us-east-1'],
  ['[{"key":"region","value":"us-east-1"}]', 'us-east-1'],
  ["{'product_name': 'x', 'region': 'us-east-1'}", 'us-east-1'],
  ["[('region', 'us-east-1'), ('sku', 'x')]", 'us-east-1'],
  ["[{'key': region, 'value': us-east-1}]", 'us-east-1'],
  ['[[region, us-east-1], [sku, x]]', 'us-east-1'],
  ['{product_name=AWS Lambda, region=us-east-1}', 'us-east-1'],
  ['{region_code=us-east-1}', 'us-east-1'],
  ["{'region': None, 'region_code': 'us-east-1'}", 'us-east-1'],
  ['{"from_region_code": "us-east-1"}', null],
  ["{'to_region': 'us-east-1'}", null],
  ['{"region":""}', null],
  ['{"region":null}', null],
  ['{}', null],
  ['', null],
])('the map product %s has the Region %s', async (text, region) => {
  expect(await valueOf(regionInProduct('t'), text)).toBe(region);
});

test.each([
  [regionOfTransfer('t'), 'us-east-1', 'us-east-1'],
  [regionOfTransfer('t'), 'External', null],
  [regionOfTransfer('t'), '', null],
  [regionOfZone('t'), 'eu-west-1a', 'eu-west-1'],
  [regionOfZone('t'), 'us-east-1-bos-1a', 'us-east-1-bos-1'],
  [regionOfZone('t'), 'use1-az1', null],
  [regionOfZone('t'), '', null],
])('%s of %j is %j', async (expression, text, region) => {
  expect(await valueOf(expression, text)).toBe(region);
});

test.each([
  ['us-east-1', 'us-east-1'],
  ['us-east-1-bos-1', 'us-east-1'],
  ['us-east-1-wl1-bos-wlz-1', 'us-east-1'],
  ['us-east-1a', 'us-east-1'],
  ['us-gov-west-1', 'us-gov-west-1'],
  ['us-gov-west-1b', 'us-gov-west-1'],
  ['c1-x', 'c1-x'],
  ['global', 'global'],
])('%s counts to %s where it is not known', async (code, region) => {
  expect(await valueOf(knownRegion('t', 'CAST(NULL AS VARCHAR)'), code)).toBe(region);
});

const regionsOf = async (out: string): Promise<string[]> =>
  [...new Set((await rowsOf(out, '2025-01')).map((row) => String(row['region_code'])))].sort();

/** The clusters of the tiny estate with other codes; all of its racks are in the first. */
function clustersWith(first: string, second: string): string {
  const header = 'cluster_id,kind,region_code,location,opened_on';
  return `${header}\nc1,region,${first},L1,\nc2,region,${second},L2,\n`;
}

describe("an operator's bill", () => {
  const line = (columns: BillRow): BillRow =>
    curRow(
      { region: '' },
      {
        product: '',
        product_from_region_code: '',
        product_to_region_code: '',
        line_item_availability_zone: '',
        ...columns,
      },
    );

  test.each([
    { product: '{"region":"c1"}', product_from_region_code: 'c2' },
    { product_from_region_code: 'c1', product_to_region_code: 'c2' },
    { product_from_region_code: 'External', product_to_region_code: 'c1' },
    { product_to_region_code: 'c1', line_item_availability_zone: 'c2a' },
    { line_item_availability_zone: 'c1a' },
  ])(
    'a line without a Region has that of $product$product_from_region_code$line_item_availability_zone',
    async (columns) => {
      const { code, out } = await runBills(folder(), { [CUR_BILL]: billCsv([line(columns)]) });
      expect(code).toBe(0);
      expect(await regionsOf(out)).toEqual(['c1']);
    },
  );

  test('a blank RegionId of FOCUS is that of AvailabilityZone', async () => {
    const { code, out } = await runBills(folder(), {
      [FOCUS_BILL]: billCsv([focusRow({ region: '' }, { AvailabilityZone: 'c1b' })]),
    });
    expect(code).toBe(0);
    expect(await regionsOf(out)).toEqual(['c1']);
  });

  test('a Local Zone counts to its Region, and a note says so', async () => {
    const { code, out } = await runBills(folder(), {
      'clusters.csv': clustersWith('us-east-1', 'eu-west-1'),
      [FOCUS_BILL]: billCsv([focusRow({ region: 'us-east-1-bos-1' }), focusRow({ region: 'us-east-1' })]),
    });
    expect(code).toBe(0);
    expect(await regionsOf(out)).toEqual(['us-east-1']);
    expect(warningsOf(out, '2025-01')).toContain(
      '1 lines of Local Zones or Wavelength Zones count to their Region: us-east-1-bos-1',
    );
  });

  test('a Local Zone that is a cluster of the estate keeps its lines', async () => {
    const { code, out } = await runBills(folder(), {
      'clusters.csv': clustersWith('us-east-1-bos-1', 'us-east-1'),
      [FOCUS_BILL]: billCsv([focusRow({ region: 'us-east-1-bos-1' }), focusRow({ region: 'us-east-1' })]),
    });
    expect(code).toBe(0);
    expect(await regionsOf(out)).toEqual(['us-east-1-bos-1']);
    expect(warningsOf(out, '2025-01').join()).not.toContain('Local Zones');
  });

  test('a bill without any Region is an error that names the columns', async () => {
    const { code, outcomes } = await runBills(folder(), { [CUR_BILL]: billCsv([line({}), line({})]) });
    expect(code).toBe(1);
    expect(outcomes['2025-01']?.error).toContain(
      `${CUR_BILL}, column product_region_code: expected a Region in some of the lines that count; none of 2 has one. Export the bills with product_region_code or product or line_item_availability_zone`,
    );
  });
});

describe("AWS's totals", () => {
  const other = { ...AWS_ROW, product: 'Other' };
  const rds = { service: 'AmazonRDS' };

  test('a bill without any Region is an error where AWS has rows of Regions', async () => {
    const bill = billCsv([curRow({ ...rds, region: '' })]);
    const files = (region: string): Record<string, string> => ({
      [carbonFile()]: carbonCsv([{ ...other, region }]),
      [CUR_BILL]: bill,
    });
    const inRegion = await runSplit(folder(), files('us-east-1'));
    expect(inRegion.outcomes['2025-01']?.error).toContain('none of 1 has one');
    const global = await runSplit(folder(), files(''));
    expect(global.code).toBe(0);
    expect((await splitRowsOf(global.out)).map((row) => row['product_code'])).toEqual(['AmazonRDS']);
  });

  test('a Local Zone counts to its Region unless AWS has rows of it', async () => {
    const bill = billCsv([
      codedRow({ ...rds, region: 'us-east-1' }),
      focusRow({ ...rds, region: 'us-east-1-bos-1', cost: '6' }, { x_ServiceCode: 'AWSELB' }),
    ]);
    const rowsWith = async (...regions: string[]): Promise<unknown[]> => {
      const { code, out } = await runSplit(folder(), {
        [carbonFile()]: carbonCsv(regions.map((region) => ({ ...other, region }))),
        [FOCUS_BILL]: bill,
      });
      expect(code).toBe(0);
      const notes = splitManifestOf(out).warnings.filter((warning) => warning.includes('Local Zones'));
      expect(notes).toHaveLength(regions.length === 1 ? 1 : 0);
      const rows = await splitRowsOf(out);
      return rows.map((row) => [row['region_code'], row['product_code'], row['total_mbm_emissions_value']]);
    };
    expect(await rowsWith('us-east-1')).toEqual([
      ['us-east-1', 'AWSELB', 0.75],
      ['us-east-1', 'AmazonRDS', 0.25],
    ]);
    expect(await rowsWith('us-east-1', 'us-east-1-bos-1')).toEqual([
      ['us-east-1', 'AmazonRDS', 1],
      ['us-east-1-bos-1', 'AWSELB', 1],
    ]);
  });
});

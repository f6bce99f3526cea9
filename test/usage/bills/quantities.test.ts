import {
  billCsv,
  type BillRow,
  CUR_BILL,
  curRow,
  FOCUS_BILL,
  focusRow,
  runBills,
  sharesOf,
} from '../../support/bills';
import { scratch } from '../../support/scratch';

const folder = scratch();
const ONE = '000000000001';
const TWO = '000000000002';

/** The tiny estate's services by the codes that AWS has for them: EC2 by hours, S3 by storage. */
const AWS_SERVICES = {
  'services.csv':
    'product_code,service_name,basis\nAmazonEC2,EC2,physical\nAmazonS3,S3,physical\nA,A,physical\nB,B,economic\n',
  'rack_use/usage_period=2025-01/rack_use-part-1.csv':
    'rack_id,product_code,share\nr1,AmazonEC2,0.5\nr1,AmazonS3,0.25\n',
  'rack_use/usage_period=2024-12/rack_use-part-1.csv': 'rack_id,product_code,share\nr1,AmazonEC2,0.5\n',
};

const EC2 = 'Amazon Elastic Compute Cloud';

async function ec2Shares(file: string, lines: readonly BillRow[]): Promise<Record<string, number>> {
  const { code, out } = await runBills(folder(), { ...AWS_SERVICES, [file]: billCsv(lines) });
  expect(code).toBe(0);
  return sharesOf(out, '2025-01', 'AmazonEC2');
}

describe('hours of instances count by their size', () => {
  test.each([
    ['USW2-BoxUsage:m5.xlarge', 8],
    ['BoxUsage:t3.nano', 0.25],
    ['EUC1-SpotUsage:c6g.48xlarge', 384],
    ['BoxUsage:m5.metal', 192],
    ['BoxUsage:m7i.metal-24xl', 192],
    ['BoxUsage:u-24tb1.224xlarge', 1792],
    ['BoxUsage:m8i.metal-96xl', 768],
    ['DedicatedUsage:m5.large', 4],
    ['HostBoxUsage:m5.large', 4],
    ['HeavyUsage:m5.large', 4],
    ['BoxUsage', 1],
    ['', 1],
  ])('%s: %d times a small one', async (usageType, factor) => {
    const size = { x_UsageType: usageType };
    const small = { x_UsageType: 'BoxUsage:t3.small' };
    const shares = await ec2Shares(FOCUS_BILL, [
      focusRow({ account: ONE, service: EC2 }, size),
      focusRow({ account: TWO, service: EC2 }, small),
    ]);
    expect(shares[ONE]).toBeCloseTo(factor / (factor + 1), 11);
  });

  test.each([
    'USE1-NatGateway-Hours',
    'USE1-EBSOptimized:c4.xlarge',
    'HostUsage:m5',
    'UnusedBox:m5.large',
    'UnusedDed:m5.large',
    'Reservation:m5.large',
    'USE1-DataTransfer-Out-Bytes',
    'USE1-ExtendedSupport:large',
  ])('not those of %s', async (usageType) => {
    const shares = await ec2Shares(FOCUS_BILL, [
      focusRow({ account: ONE, service: EC2 }, { x_UsageType: usageType }),
      focusRow({ account: TWO, service: EC2 }, { x_UsageType: 'BoxUsage:t3.small' }),
    ]);
    expect(shares).toEqual({ [TWO]: 1 });
  });

  test.each([
    ['AmazonRDS', 'InstanceUsage:db.r5.large', 4],
    ['AmazonRDS', 'USW2-InstanceUsageIOOptimized:db.r6g.2xlarge', 16],
    ['AmazonRDS', 'Multi-AZUsage:db.r5.large', 8],
    ['AmazonRDS', 'Multi-AZClusterUsage:db.r6gd.large', 12],
    ['AmazonRDS', 'ExtendedSupport:Yr1-Yr2:db.r5.large', 0],
    ['AWSDatabaseMigrationSvc', 'Multi-AZUsg:dms.t3.medium', 4],
    ['AmazonElastiCache', 'NodeUsage:cache.r6g.xlarge', 8],
    ['AmazonRedshift', 'Node:ra3.xlplus', 8],
    ['AmazonES', 'ESInstance:r6g.large.search', 4],
    ['AmazonMSK', 'USE1-Kafka.m5.large', 4],
    ['AmazonMSK', 'USE1-Kafka-Serverless-ClusterHours', 0],
  ])('of %s in %s: %d times a small one', async (code, usageType, factor) => {
    const services = `product_code,service_name,basis\n${code},Its name,physical\nA,A,physical\nB,B,economic\n`;
    const racks = `rack_id,product_code,share\nr1,${code},0.5\n`;
    const line = (account: string, type: string): BillRow =>
      curRow({ account, service: code, unit: 'Hrs' }, { line_item_usage_type: type });
    const { code: exit, out } = await runBills(folder(), {
      ...{
        'services.csv': services,
        [CUR_BILL]: billCsv([line(ONE, usageType), line(TWO, 'x:db.t3.small')]),
      },
      'rack_use/usage_period=2025-01/rack_use-part-1.csv': racks,
      'rack_use/usage_period=2024-12/rack_use-part-1.csv': racks,
    });
    expect(exit).toBe(0);
    const shares = await sharesOf(out, '2025-01', code);
    expect(shares[ONE] ?? 0).toBeCloseTo(factor / (factor + 1), 11);
  });

  test('in CUR 2.0 by its own factor, where it has one', async () => {
    const ec2 = { service: 'AmazonEC2', unit: 'Hrs' };
    const shares = await ec2Shares(CUR_BILL, [
      curRow(
        { ...ec2, account: ONE },
        { line_item_usage_type: 'BoxUsage:m5.metal', line_item_normalization_factor: '96' },
      ),
      curRow(
        { ...ec2, account: TWO },
        { line_item_usage_type: 'BoxUsage:m5.xlarge', line_item_normalization_factor: '' },
      ),
    ]);
    expect(shares).toEqual({ [ONE]: 0.923076923077, [TWO]: 0.0769230769231 });
  });

  test('not where the estate says itself what counts', async () => {
    const { out } = await runBills(folder(), {
      ...AWS_SERVICES,
      'focus_services.csv': `service_name,product_code,unit,weight\n${EC2},AmazonEC2,Hours,\n`,
      [FOCUS_BILL]: billCsv([
        focusRow({ account: ONE, service: EC2 }, { x_UsageType: 'BoxUsage:m5.xlarge' }),
        focusRow({ account: TWO, service: EC2, quantity: '3' }, { x_UsageType: 'BoxUsage:m5.xlarge' }),
      ]),
    });
    expect(await sharesOf(out, '2025-01', 'AmazonEC2')).toEqual({ [ONE]: 0.25, [TWO]: 0.75 });
  });
});

describe('the service of a line', () => {
  test('is AWS’s code where services.csv has it, with any name', async () => {
    const shares = await ec2Shares(FOCUS_BILL, [
      focusRow({ account: ONE, service: 'A new name of theirs' }, { x_ServiceCode: 'AmazonEC2' }),
      focusRow({ account: TWO, service: EC2, quantity: '3' }, { x_ServiceCode: '' }),
    ]);
    expect(shares).toEqual({ [ONE]: 0.25, [TWO]: 0.75 });
  });

  test('is what the estate calls it before anything else', async () => {
    const { out } = await runBills(folder(), {
      ...AWS_SERVICES,
      'focus_services.csv': `service_name,product_code,unit,weight\n${EC2},AmazonS3,Hours,\n`,
      [FOCUS_BILL]: billCsv([focusRow({ account: ONE, service: EC2 }, { x_ServiceCode: 'AmazonEC2' })]),
    });
    expect(await sharesOf(out, '2025-01', 'AmazonS3')).toEqual({ [ONE]: 1 });
  });

  test.each(['GB-Months', 'GB-Mo', 'GB-Month', 'TB-Mo'])(
    'has its quantity in a unit however that is spelt: %s',
    async (unit) => {
      const { out } = await runBills(folder(), {
        ...AWS_SERVICES,
        [CUR_BILL]: billCsv([
          curRow({ account: ONE, service: 'AmazonS3', unit: 'GB-Mo', quantity: '1000' }),
          curRow({ account: TWO, service: 'AmazonS3', unit, quantity: unit === 'TB-Mo' ? '3' : '3000' }),
          curRow({ account: TWO, service: 'AmazonS3', unit: 'Requests', quantity: '5000000' }),
        ]),
      });
      expect(await sharesOf(out, '2025-01', 'AmazonS3')).toEqual({ [ONE]: 0.25, [TWO]: 0.75 });
    },
  );
});

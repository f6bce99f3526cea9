import { AWS_NAME, AWS_ROW, carbonCsv, carbonFile, runSplit, splitRowsOf } from '../support/aws-totals';
import { scratch } from '../support/scratch';
import { billCsv, codedRow, curRow, focusRow } from '../support/bills';
import { asParquet } from '../support/parquet';
import { runVerify } from '../support/verify-command';

const folder = scratch();

/** Changes the first line of a CSV text. */
const withHeader = (csv: string, change: (header: string) => string): string => {
  const [header = '', ...lines] = csv.split('\n');
  return [change(header), ...lines].join('\n');
};

const CASES = [
  ['capitals', (text: string): string => text.toUpperCase()],
  ['small letters', (text: string): string => text.toLowerCase()],
] as const;

const BILLS = [
  {
    table: 'focus',
    carbonFormat: 'csv',
    rowOf: (service: string) =>
      codedRow({ service }, { Tags: '{"team": "red"}', ResourceId: `id-of-${service}` }),
  },
  {
    table: 'cur',
    carbonFormat: 'parquet',
    rowOf: (service: string) =>
      curRow(
        { service },
        { resource_tags: '{"user_team": "red"}', line_item_resource_id: `id-of-${service}` },
      ),
  },
] as const;

describe.each(CASES)('column names in %s', (_, change) => {
  const fileOf = async (csv: string, format: 'csv' | 'parquet'): Promise<Buffer | string> =>
    format === 'csv' ? withHeader(csv, change) : asParquet(withHeader(csv, change));

  test.each(BILLS)(
    '$table as CSV and as Parquet, and carbon as $carbonFormat',
    async ({ table, carbonFormat, rowOf }) => {
      const carbon = carbonCsv([{ ...AWS_ROW, product: 'Other' }]);
      const bills = `${table}/usage_period=2025-01`;
      const { inputs, code, out, outcomes } = await runSplit(
        folder(),
        {
          [carbonFile('2025-01', 'v3.0.0', `carbon-00001.${carbonFormat}`)]: await fileOf(
            carbon,
            carbonFormat,
          ),
          [`${bills}/one.csv`]: await fileOf(billCsv([rowOf('AmazonRDS')]), 'csv'),
          [`${bills}/two.parquet`]: await fileOf(billCsv([rowOf('AmazonDynamoDB')]), 'parquet'),
        },
        ...['--by', 'tag:team', 'resource'],
      );
      expect([code, outcomes['2025-01']?.error]).toEqual([0, undefined]);
      const products = (await splitRowsOf(out)).map((row) => row['product_code']);
      expect(products.sort()).toEqual(['AmazonDynamoDB', 'AmazonRDS']);
      for (const name of [AWS_NAME, `${AWS_NAME}-by-tag-team`, `${AWS_NAME}-by-resource`]) {
        expect(await runVerify(inputs.path, out, '--export-name', name)).toMatchObject({ code: 0 });
      }
    },
  );
});

test.each([
  ['focus', billCsv([curRow()]), 'a file of CUR 2.0', 'cur'],
  ['cur', billCsv([focusRow()]), 'a file of FOCUS', 'focus'],
] as const)(
  'a file in %s/ that belongs elsewhere is reported in one line',
  async (table, bill, found, right) => {
    const file = `${table}/usage_period=2025-01/bill.csv`;
    const { outcomes } = await runSplit(folder(), { [carbonFile()]: carbonCsv([AWS_ROW]), [file]: bill });
    expect(outcomes['2025-01']?.error).toBe(
      `${file}: found "${found}", expected a file of ${table}/. Move it to ${right}/, or name its location in sources.${right} of settings.json`,
    );
  },
);

test('a bill in the folder of AWS’s export is reported in one line', async () => {
  const { outcomes } = await runSplit(folder(), { [carbonFile()]: billCsv([focusRow()]) });
  expect(outcomes['2025-01']?.error).toMatch(/: found "a file of FOCUS", expected a file of aws_carbon\//);
});

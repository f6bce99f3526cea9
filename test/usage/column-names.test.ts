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
  ['focus', codedRow({ service: 'AmazonRDS' }, { Tags: '{"team": "red"}', ResourceId: 'i-1' })],
  [
    'cur',
    curRow({ service: 'AmazonRDS' }, { resource_tags: '{"user_team": "red"}', line_item_resource_id: 'i-1' }),
  ],
] as const;

describe.each(CASES)('column names in %s', (_, change) => {
  test.each(
    BILLS.flatMap(([table, row]) => ['csv', 'parquet'].map((format) => [table, format, row] as const)),
  )('%s as %s', async (table, format, row) => {
    const asFile = (csv: string): Promise<Buffer> | string =>
      format === 'csv' ? withHeader(csv, change) : asParquet(withHeader(csv, change));
    const carbon = carbonCsv([{ ...AWS_ROW, product: 'Other' }]);
    const { inputs, code, out } = await runSplit(
      folder(),
      {
        [carbonFile('2025-01', 'v3.0.0', `carbon-00001.${format}`)]: await asFile(carbon),
        [`${table}/usage_period=2025-01/bill.${format}`]: await asFile(billCsv([row])),
      },
      ...['--by', 'tag:team', 'resource'],
    );
    expect(code).toBe(0);
    expect((await splitRowsOf(out)).map((found) => found['product_code'])).toEqual(['AmazonRDS']);
    for (const name of [AWS_NAME, `${AWS_NAME}-by-tag-team`, `${AWS_NAME}-by-resource`]) {
      expect(await runVerify(inputs.path, out, '--export-name', name)).toMatchObject({ code: 0 });
    }
  });
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

import {
  AWS_ROW,
  carbonCsv,
  carbonFile,
  runSplit,
  splitManifestOf,
  splitRowsOf,
} from '../../support/aws-totals';
import { billCsv, type BillRow, CUR_BILL, curRow, FOCUS_BILL, focusRow } from '../../support/bills';
import { scratch } from '../../support/scratch';

const folder = scratch();
const ID = 'a1b2c3d4e5f6g7h8i9j0k1l2m';
const MODEL = 'Claude Sonnet 4 (Amazon Bedrock Edition)';
const COUNT = { 'settings.json': '{"bills": {"marketplace": "count"}}' };

interface Split {
  /** MTCO2e by product. */
  readonly products: Record<string, number>;
  readonly warnings: readonly string[];
}

/** What 1 MTCO2e of Other is split into by one line for 3 and one of Lambda for 1. */
async function splitBy(file: string, line: BillRow, files: Record<string, string> = {}): Promise<Split> {
  const lambda =
    file === FOCUS_BILL
      ? focusRow({ service: 'AWS Lambda', cost: '1' }, { x_ServiceCode: 'AWSLambda' })
      : curRow({ service: 'AWSLambda', cost: '1' });
  const blank = Object.fromEntries(Object.keys(line).map((column) => [column, '']));
  const { code, out } = await runSplit(folder(), {
    [carbonFile()]: carbonCsv([{ ...AWS_ROW, product: 'Other' }]),
    [file]: billCsv([line, { ...blank, ...lambda }]),
    ...files,
  });
  expect(code).toBe(0);
  const rows = await splitRowsOf(out);
  return {
    products: Object.fromEntries(
      rows.map((row) => [String(row['product_code']), Number(row['total_mbm_emissions_value'])]),
    ),
    warnings: splitManifestOf(out).warnings,
  };
}

const sold = { PublisherName: 'Anthropic, PBC' };
const focus = (service: string, columns: BillRow): BillRow => focusRow({ service, cost: '3' }, columns);
const cur = (service: string, columns: BillRow): BillRow =>
  curRow({ service, cost: '3' }, { bill_billing_entity: 'AWS Marketplace', ...columns });

test.each<[string, string, BillRow]>([
  ['FOCUS with codes', FOCUS_BILL, focus(MODEL, { ...sold, x_ServiceCode: ID })],
  ['FOCUS without codes', FOCUS_BILL, focus(MODEL, { ...sold, x_ServiceCode: '' })],
  ['FOCUS without publishers', FOCUS_BILL, focus(MODEL, { PublisherName: '', x_ServiceCode: ID })],
  [
    'FOCUS of another provider',
    FOCUS_BILL,
    focus(MODEL, { ProviderName: 'Anthropic, PBC', x_ServiceCode: ID }),
  ],
  ['CUR 2.0, product as JSON', CUR_BILL, cur(ID, { product: JSON.stringify({ product_name: MODEL }) })],
  ['CUR 2.0, product as text of Python', CUR_BILL, cur(ID, { product: `{'product_name': '${MODEL}'}` })],
  ['CUR 2.0, product as text of DuckDB', CUR_BILL, cur(ID, { product: `{sku=x, product_name=${MODEL}}` })],
  [
    'CUR 2.0 without names',
    CUR_BILL,
    cur(ID, { product: '', line_item_usage_type: 'USE1-MP:USE1_InputTokenCount-Units' }),
  ],
])('a model of another company is usage of AmazonBedrock: %s', async (_, file, line) => {
  expect((await splitBy(file, line)).products).toEqual({ AmazonBedrock: 0.75, AWSLambda: 0.25 });
});

test.each<[string, BillRow, string]>([
  [FOCUS_BILL, focus('Teleport Enterprise', { PublisherName: 'Teleport', x_ServiceCode: ID }), 'FOCUS'],
  [FOCUS_BILL, focus('Teleport Enterprise', { PublisherName: '', x_ServiceCode: ID }), 'FOCUS'],
  [CUR_BILL, cur(ID, { product: '' }), 'CUR 2.0'],
])('software of others is left out and counted: %s', async (file, line, format) => {
  const { products, warnings } = await splitBy(file, line);
  expect(products).toEqual({ AWSLambda: 1 });
  expect(warnings).toContain(`1 ${format} lines of AWS Marketplace are not usage`);
});

test.each<[string, BillRow, string]>([
  [
    FOCUS_BILL,
    focus('Teleport Enterprise', { PublisherName: 'Teleport', x_ServiceCode: ID }),
    'Teleport Enterprise',
  ],
  [CUR_BILL, cur(ID, { product: '{"product_name":"Teleport Enterprise"}' }), 'Teleport Enterprise'],
  [CUR_BILL, cur('prod-a1b2c3d4e5f6g', { product: '' }), 'AWS Marketplace'],
])('software that counts has its name, not its id: %s', async (file, line, name) => {
  const { products } = await splitBy(file, line, COUNT);
  expect(products).toEqual({ [name]: 0.75, AWSLambda: 0.25 });
});

test("a service of AWS's own whose name has Bedrock in it is not a model", async () => {
  const own = focus('Amazon Bedrock AgentCore', {
    PublisherName: 'AWS',
    x_ServiceCode: 'AmazonBedrockAgentCore',
  });
  expect((await splitBy(FOCUS_BILL, own)).products).toEqual({
    AmazonBedrockAgentCore: 0.75,
    AWSLambda: 0.25,
  });
});

test('a ServiceName that is a code of AWS is not listed as a service without a code', async () => {
  const { products, warnings } = await splitBy(FOCUS_BILL, focus('AmazonRDS', { x_ServiceCode: '' }));
  expect(products).toEqual({ AmazonRDS: 0.75, AWSLambda: 0.25 });
  expect(warnings.join()).not.toContain('without a code');
});

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { BILL_TABLES } from '../../../shared/usage/bills/bill-tables';
import {
  AWS_ROW,
  carbonCsv,
  carbonFile,
  runSplit,
  splitManifestOf,
  splitRowsOf,
} from '../../support/aws-totals';
import { billCsv, curRow, focusRow } from '../../support/bills';
import { scratch } from '../../support/scratch';

const folder = scratch();

interface Row {
  readonly service_name: string;
  readonly product_code: string;
  readonly basis: string;
  readonly source: string;
}

const rows: readonly Row[] = parse(
  readFileSync(join('shared', 'usage', 'bills', 'focus-services.csv'), 'utf8'),
  { columns: true },
);

describe('the shipped map of services', () => {
  test('has at least 200 codes, each name once, and a source for every row', () => {
    expect(new Set(rows.map((row) => row.product_code)).size).toBeGreaterThanOrEqual(200);
    expect(new Set(rows.map((row) => row.service_name)).size).toBe(rows.length);
    expect(rows.filter(({ source, basis }) => source === '' || !/^(physical|economic)$/.test(basis))).toEqual(
      [],
    );
    expect(rows.filter((row) => !/^[A-Za-z0-9]+$/.test(row.product_code))).toEqual([]);
  });

  test('is in the order of its names', () => {
    const names = rows.map((row) => row.service_name);
    expect(names).toEqual([...names].sort());
  });

  test.each(['AmazonEVS', 'AWSPCS', 'AuroraDSQL', 'AmazonQuickSuite', 'NovaAct', 'AmazonGameLiftStreams'])(
    'has the service %s of 2025',
    (code) => {
      expect(rows.map((row) => row.product_code)).toContain(code);
    },
  );
});

test.each(BILL_TABLES)('a service that is not in the map has the name of its bill: %s', async (table) => {
  const name = table === 'focus' ? 'Amazon Brand New' : 'AmazonBrandNew';
  const line =
    table === 'focus' ? focusRow({ service: name }, { x_ServiceCode: '' }) : curRow({ service: name });
  const { code, out } = await runSplit(folder(), {
    [carbonFile()]: carbonCsv([{ ...AWS_ROW, product: 'Other' }]),
    [`${table}/usage_period=2025-01/bill.csv`]: billCsv([line]),
  });
  expect(code).toBe(0);
  expect((await splitRowsOf(out)).map((row) => row['product_code'])).toEqual([name]);
  expect(splitManifestOf(out).awsTotals?.namedServices).toEqual(table === 'focus' ? [name] : []);
});

import { cpSync } from 'node:fs';
import { join } from 'node:path';
import type { ChangedTable } from '../../../shared/audit/diff/changed-lines';
import type { ExportDiff } from '../../../shared/audit/diff/diff-exports';
import { AWS_NAME, AWS_ROW, carbonCsv, carbonFile, runSplit } from '../../support/aws-totals';
import { billCsv, curRow, FOCUS_BILL, focusRow, runBills } from '../../support/bills';
import { EstateFolder } from '../../support/estate-folder';
import { EXPORT_NAME } from '../../support/export-name';
import { copyFolder } from '../../support/folder-contents';
import { carbonExports, runEstate } from '../../support/run-command';
import { scratch } from '../../support/scratch';

/*
 * Lines of bills and of AWS's carbon export that caused a restatement are named, in any file.
 */

const folder = scratch();
const LATER = ['--as-of', '2025-03-16'] as const;

async function changed(before: string, after: string, out: string, name: string): Promise<ChangedTable[]> {
  const { stdout, stderr } = await carbonExports(
    ...['diff', '--export-name', name, '--out', out, '--inputs', before, '--inputs-b', after, '--json'],
  );
  if (stdout === '') throw new Error(stderr);
  return (JSON.parse(stdout) as ExportDiff).months.flatMap(({ inputRows }) => inputRows ?? []);
}

test.each([
  {
    table: 'focus',
    before: [focusRow(), focusRow({ account: '000000000002' })],
    after: [focusRow({ account: '000000000002' }), focusRow({ quantity: '7' }), focusRow({ quantity: '7' })],
    shown: 'ConsumedQuantity=7',
  },
  {
    table: 'cur',
    before: [curRow(), curRow({ account: '000000000002' })],
    after: [curRow({ account: '000000000002' }), curRow({ quantity: '7' }), curRow({ quantity: '7' })],
    shown: 'line_item_usage_amount=7',
  },
])('of $table', async ({ table, before, after, shown }) => {
  // Prepare: the same lines in other files, but for one that gave way to two
  const { inputs, out } = await runBills(folder(), {
    [`${table}/usage_period=2025-01/bill.csv`]: billCsv(before),
  });
  const later = new EstateFolder(copyFolder(inputs.path, folder()));
  later.remove(table);
  later.write(`${table}/usage_period=2025-01/part-1.csv`, billCsv(after.slice(0, 1)));
  later.write(`${table}/usage_period=2025-01/part-2.csv`, billCsv(after.slice(1)));
  expect((await runEstate(later.path, out, ...LATER)).code).toBe(0);
  // Act
  const [found, ...others] = await changed(inputs.path, later.path, out, EXPORT_NAME);
  // Assess
  expect(others).toEqual([]);
  expect(found).toMatchObject({ table, removed: 1, added: 2 });
  expect(found?.removedRows[0]).toContain('=1 ');
  expect(found?.addedRows).toEqual([
    expect.stringContaining(shown) as string,
    expect.stringContaining(shown) as string,
  ]);
});

test('of AWS’s carbon export, which settings.json names as a source', async () => {
  // Prepare
  const { inputs, out } = await runSplit(folder(), {
    [carbonFile()]: carbonCsv([AWS_ROW]),
    'elsewhere/focus/usage_period=2025-01/bill.csv': billCsv([
      focusRow({ account: AWS_ROW.account, service: 'AmazonEC2' }),
    ]),
    'settings.json': JSON.stringify({ sources: { focus: 'elsewhere/focus' } }),
  });
  const later = new EstateFolder(copyFolder(inputs.path, folder()));
  cpSync(join(later.path, 'aws_carbon'), join(later.path, 'delivered'), { recursive: true });
  later.remove('aws_carbon');
  later.write(
    carbonFile().replace('aws_carbon', 'delivered'),
    carbonCsv([{ ...AWS_ROW, values: { ...AWS_ROW.values, total_mbm_emissions: '3' } }]),
  );
  later.write(
    'settings.json',
    JSON.stringify({ sources: { focus: 'elsewhere/focus', aws_carbon: 'delivered' } }),
  );
  const run = await runEstate(later.path, out, ...LATER);
  expect(run.code).toBe(0);
  const restatement = run.outcomes['2025-01']?.restatement;
  expect(restatement?.awsTotals).toEqual({ total_mbm_emissions_value: { before: 1, after: 3 } });
  expect(restatement?.accounts).toBe(1);
  // Act
  const tables = await changed(inputs.path, later.path, out, AWS_NAME);
  // Assess
  expect(tables).toHaveLength(1);
  expect(tables[0]).toMatchObject({ table: 'aws_carbon', removed: 1, added: 1 });
  expect(tables[0]?.removedRows.join()).toContain('total_mbm_emissions_value=1 ');
  expect(tables[0]?.addedRows.join()).toContain('total_mbm_emissions_value=3 ');
});

test.each([
  {
    table: 'focus_services',
    before: 'service_name,product_code,unit,weight\nA,A,Hours,\nB,B,,\n',
    after: 'service_name,product_code,unit,weight\nA,A,Hours,2\nB,B,,\n',
    removed: 'service_name=A product_code=A unit=Hours',
    added: 'service_name=A product_code=A unit=Hours weight=2',
  },
  {
    table: 'currency_rates',
    before: 'usage_period,currency,rate,source\n2025-01,USD,1,\n2025-01,EUR,1,\n2024-12,EUR,3,\n',
    after: 'usage_period,currency,rate,source\n2025-01,USD,1,\n2025-01,EUR,2,\n2024-12,EUR,4,\n',
    removed: 'usage_period=2025-01 currency=EUR rate=1',
    added: 'usage_period=2025-01 currency=EUR rate=2',
  },
])('of $table', async ({ table, before, after, removed, added }) => {
  // Prepare
  const lines = [
    focusRow(),
    focusRow({ account: '000000000002', currency: 'EUR', service: 'B' }),
    focusRow({ service: 'B' }),
  ];
  const rates = 'usage_period,currency,rate,source\n2025-01,USD,1,\n2025-01,EUR,1,\n';
  const { inputs, out, outcomes, code } = await runBills(folder(), {
    [FOCUS_BILL]: billCsv(lines),
    'currency_rates.csv': rates,
    [`${table}.csv`]: before,
  });
  expect([code, outcomes['2025-01']?.error]).toEqual([0, undefined]);
  const later = new EstateFolder(copyFolder(inputs.path, folder()));
  later.write(`${table}.csv`, after);
  expect((await runEstate(later.path, out, ...LATER)).code).toBe(0);
  // Act
  const [found] = await changed(inputs.path, later.path, out, EXPORT_NAME);
  // Assess
  expect(found).toEqual({ table, removed: 1, added: 1, removedRows: [removed], addedRows: [added] });
});

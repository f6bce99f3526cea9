import type { ExportDiff } from '../../../shared/audit/diff/diff-exports';
import { AWS_NAME, AWS_ROW, carbonCsv, carbonFile, runSplit } from '../../support/aws-totals';
import { billCsv, codedRow, FOCUS_BILL } from '../../support/bills';
import { carbonExports, runEstate } from '../../support/run-command';
import { scratch } from '../../support/scratch';

/*
 * Exports of AWS's totals have null where AWS has no value, an account under two payers, and rows broken down by tag.
 */

const folder = scratch();

const line = (cost: string, team: string, payer = AWS_ROW.payer): Record<string, string> =>
  codedRow(
    { account: AWS_ROW.account, service: 'AmazonEC2', cost, payer },
    { Tags: JSON.stringify({ team }) },
  );

const MOVED = { ...AWS_ROW, payer: '000000000043', values: { total_mbm_emissions: '10' } };

async function restated(name: string): Promise<{ diff: ExportDiff; words: string }> {
  const { inputs, out } = await runSplit(
    folder(),
    {
      [carbonFile()]: carbonCsv([AWS_ROW, MOVED]),
      [FOCUS_BILL]: billCsv([
        line('1', 'red'),
        line('3', 'blue'),
        line('1', 'red', MOVED.payer),
        line('3', 'blue', MOVED.payer),
      ]),
    },
    ...['--by', 'tag:team'],
  );
  inputs.write(
    carbonFile(),
    carbonCsv([
      AWS_ROW,
      { ...MOVED, values: { total_mbm_emissions: '14', total_scope_3_mbm_emissions: '1' } },
    ]),
  );
  const later = ['--by', 'tag:team', '--as-of', '2025-03-16'];
  expect((await runEstate(inputs.path, out, ...later)).code).toBe(0);
  const options = ['diff', '--export-name', name, '--out', out];
  const { stdout, stderr } = await carbonExports(...options, '--json');
  if (stdout === '') throw new Error(stderr);
  return { diff: JSON.parse(stdout) as ExportDiff, words: (await carbonExports(...options)).stdout };
}

test.each([
  [AWS_NAME, 2, 1],
  [`${AWS_NAME}-by-tag-team`, 4, 2],
])('%s: each row is compared with the one before it, and with no other', async (name, rows, changed) => {
  const { diff, words } = await restated(name);
  const [january] = diff.months;
  expect(january?.moved).toMatchObject({ rowsBefore: rows, rowsAfter: rows, rowsChanged: changed });
  expect(january?.moved.totals).toMatchObject({
    total_mbm: { before: 11, after: 15 },
    // AWS did not deliver it of every row, so the sum is unknown.
    total_lbm: { before: null, after: null },
    scope_1: { before: null, after: null },
    scope_3_mbm: { before: null, after: null },
  });
  expect(words).toContain('scope_3_mbm');
});

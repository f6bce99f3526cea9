import { readEstateSettings } from '../../../shared/estate/estate-settings';
import { withSession } from '../../../shared/sql/duck-session';
import { FolderStore } from '../../../shared/stores/folder-store';
import { billFacts } from '../../../shared/usage/bills/bill-facts';
import { DUCK_ENGINE } from '../../../shared/usage/lines/duck-engine';
import type { UsageEngine } from '../../../shared/usage/lines/usage-engine';
import { billCsv, estateWithoutUsage, FOCUS_BILL, focusRow, rowsOf } from '../../support/bills';
import { runEstate } from '../../support/run-command';
import { scratch } from '../../support/scratch';

const folder = scratch();

test('columns of a bill may have the names that engines use for the path of a file', async () => {
  const inputs = estateWithoutUsage(folder());
  inputs.write(FOCUS_BILL, billCsv([focusRow({}, { filename: '/tmp/x', path: 'y', line: 'z' })]));
  await inputs.parquet(FOCUS_BILL);
  const out = folder();
  const { code } = await runEstate(inputs.path, out);
  expect(code).toBe(0);
  expect(await rowsOf(out, '2025-01')).toHaveLength(1);
});

test('lines of an unknown file are an error: they would count in no month, or whole in one', async () => {
  const path = folder();
  const settings = await readEstateSettings(new FolderStore(path));
  // An engine that spells the file's path otherwise than it was given.
  const other: UsageEngine = {
    ...DUCK_ENGINE,
    sum: (session, _texts, { columns }) =>
      session.table(
        columns,
        `SELECT 's3://bucket//bill.csv' AS path, CAST(NULL AS VARCHAR) AS payer, CAST(NULL AS VARCHAR) AS currency, '2025-02-01' AS first, '2025-02-02' AS last, 0 AS zoned, 0 AS invalid`,
      ),
  };
  const file = { file: FOCUS_BILL, path: 's3://bucket/bill.csv', header: Object.keys(focusRow()) };
  await withSession({}, async (session) => {
    await expect(billFacts(other, session, { table: 'focus', files: [file], settings })).rejects.toThrow(
      'lines of s3://bucket//bill.csv, which is not a file that was read',
    );
  });
});

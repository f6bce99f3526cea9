import { AWS_ROW, carbonCsv, carbonFile, runSplit } from '../support/aws-totals';
import { EXPORT_NAME } from '../support/export-name';
import { readExportRows, readManifest } from '../support/export-reader';
import { runCommand } from '../support/run-command';
import { scratch } from '../support/scratch';
import {
  billCsv,
  type BillRow,
  codedRow,
  CUR_BILL,
  curRow,
  estateWithoutUsage,
  FOCUS_BILL,
  focusRow,
} from '../support/bills';

const folder = scratch();

const tagged = (tags: Readonly<Record<string, string>>): BillRow => ({ Tags: JSON.stringify(tags) });

test.each([
  {
    what: 'a misspelt tag',
    files: {
      [FOCUS_BILL]: billCsv([focusRow({}, tagged({ CostCenter: 'x', 'user:team': 'y', zone: 'z' }))]),
    },
    by: 'tag:CostCentre',
    error: `${FOCUS_BILL}, column Tags: found "tag:CostCentre", expected a key that a line has, in this month or another one; the nearest are CostCenter, zone, team`,
  },
  {
    what: 'a tag in the map of CUR 2.0',
    files: { [CUR_BILL]: billCsv([curRow({}, { resource_tags: '{user_team=red, user_zone=x}' })]) },
    by: 'tag:teem',
    error: `${CUR_BILL}, column resource_tags: found "tag:teem", expected a key that a line has, in this month or another one; the nearest are team, zone`,
  },
  {
    what: 'a tag where each has a column',
    files: { [CUR_BILL]: billCsv([curRow({}, { resource_tags_user_team: 'red' })]) },
    by: 'tag:teem',
    error: `${CUR_BILL}, column resource_tags_user_team: found "tag:teem", expected a key that a line has, in this month or another one; the nearest are team`,
  },
  {
    what: 'a cost category among tags in Python’s text',
    files: {
      [FOCUS_BILL]: billCsv([
        focusRow({}, { Tags: `{'costCategory:Unit': 'x', 'user:Unit2': 'y', 'accountTag/team': 'z'}` }),
      ]),
    },
    by: 'cost-category:Units',
    error: `${FOCUS_BILL}, column Tags: found "cost-category:Units", expected a key that a line has, in this month or another one; the nearest are Unit`,
  },
  {
    what: 'an account tag',
    files: {
      [CUR_BILL]: billCsv([curRow({}, { tags: `[('accountTag/team', 'x'), ('resourceTags/user:y', 'z')]` })]),
    },
    by: 'account-tag:Team',
    error: `${CUR_BILL}, column tags: found "account-tag:Team", expected a key that a line has, in this month or another one; the nearest are team`,
  },
  {
    what: 'a bill without the column',
    files: { [FOCUS_BILL]: billCsv([focusRow()]) },
    by: 'tag:team',
    error: `${FOCUS_BILL}: found "tag:team", expected a column that has it (Tags), in this month or another one`,
  },
  {
    what: 'a bill without resources',
    files: { [CUR_BILL]: billCsv([curRow({}, { line_item_resource_id: '' })]) },
    by: 'resource',
    error: `${CUR_BILL}, column line_item_resource_id: found "resource", expected a line with a resource, in this month or another one`,
  },
])('$what is an error of the breakdown alone', async ({ files, by, error }) => {
  const estate = estateWithoutUsage(folder());
  for (const [file, content] of Object.entries(files)) estate.write(file, content);
  const out = folder();
  const { code, stdout } = await runCommand(estate.path, out, '--json', '--by', by);
  expect(code).toBe(1);
  expect(stdout).toContain(JSON.stringify(error).slice(1, -1));
  expect(
    readManifest({ out, exportName: EXPORT_NAME, month: '2025-01', modelVersion: 'v2.0.0' }).file.rows,
  ).toBe(1);
});

test('a month without a key that another month has is published, with a warning', async () => {
  const february = focusRow(
    { start: '2025-02-10 00:00:00', end: '2025-02-10 01:00:00' },
    tagged({ team: 'red' }),
  );
  const { code, out } = await runSplit(
    folder(),
    {
      [carbonFile()]: carbonCsv([AWS_ROW]),
      [FOCUS_BILL]: billCsv([codedRow({ service: 'AmazonEC2' }, tagged({}))]),
      'focus/usage_period=2025-02/bill.csv': billCsv([february]),
    },
    ...['--by', 'tag:team'],
  );
  expect(code).toBe(0);
  const at = { out, exportName: `${EXPORT_NAME}-aws-by-tag-team`, month: '2025-01', modelVersion: 'v3.0.0' };
  const rows = await readExportRows({ ...at, format: 'parquet' });
  expect(rows.map((row) => row['split_value'])).toEqual(['(untagged)']);
  expect(readManifest(at).warnings).toContain(
    'no line of the month has tag:team, which lines of 2025-02 have: all rows are (untagged)',
  );
});

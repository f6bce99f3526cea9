import { join } from 'node:path';
import { AWS_NAME, AWS_ROW, carbonCsv, carbonFile, runSplit, splitRowsOf } from '../../support/aws-totals';
import { billCsv, codedRow, focusRow } from '../../support/bills';
import { EstateFolder } from '../../support/estate-folder';
import { EXPORT_NAME } from '../../support/export-name';
import { hashesAndTimesOf } from '../../support/folder-contents';
import { carbonExports, runEstate } from '../../support/run-command';
import { scratch } from '../../support/scratch';
import { runVerify } from '../../support/verify-command';

/* An estate of settings alone: AWS's exports are read where they are stored. */

const folder = scratch();

const BILL = 'focus/data/billing_period=2025-01/bill.csv';

const FILES = {
  [carbonFile()]: carbonCsv([{ ...AWS_ROW, product: 'Other' }]),
  [BILL]: billCsv([codedRow({ service: 'AmazonRDS' })]),
};

/** Exports in a separate place, and an estate whose settings name them. */
function estateOf(place: string, sources: Readonly<Record<string, string>>): EstateFolder {
  const elsewhere = new EstateFolder(join(place, 'elsewhere'));
  for (const [file, content] of Object.entries(FILES)) elsewhere.write(file, content);
  const estate = new EstateFolder(join(place, 'estate'));
  estate.write('settings.json', JSON.stringify({ sources }));
  return estate;
}

test('exports elsewhere are read as if they were in the estate, by absolute and relative paths', async () => {
  // Prepare
  const place = folder();
  const estate = estateOf(place, {
    aws_carbon: join(place, 'elsewhere', 'aws_carbon'),
    focus: join('..', 'elsewhere', 'focus'),
  });
  const before = hashesAndTimesOf(join(place, 'elsewhere'));
  const out = folder();
  // Act
  const run = await runEstate(estate.path, out);
  // Assess
  expect(run.code).toBe(0);
  expect(await splitRowsOf(out)).toEqual(await splitRowsOf((await runSplit(folder(), FILES)).out));
  expect(hashesAndTimesOf(join(place, 'elsewhere'))).toEqual(before);
});

test('a problem there is reported by the path that the file would have in the estate', async () => {
  const place = folder();
  const estate = estateOf(place, { aws_carbon: '../elsewhere/aws_carbon', focus: '../elsewhere/focus' });
  new EstateFolder(join(place, 'elsewhere')).write(BILL, billCsv([focusRow({ cost: 'x' })]));
  const run = await runEstate(estate.path, folder());
  expect(run.outcomes['2025-01']?.error).toBe(
    `${BILL}, row 1, column ListCost: found "x", expected a number or a blank`,
  );
});

test('a source and a folder of that name would count twice', async () => {
  const place = folder();
  const estate = estateOf(place, { focus: '../elsewhere/focus' });
  estate.write(BILL, FILES[BILL] ?? '');
  const { code, stderr } = await carbonExports('run', '--inputs', estate.path, '--out', folder());
  expect(code).toBe(1);
  expect(stderr).toContain(
    'column sources.focus: found "../elsewhere/focus", expected either the folder focus/',
  );
});

test('verify makes the split once more, and explain breaks it down', async () => {
  // Prepare
  const { inputs, out } = await runSplit(folder(), FILES);
  expect(AWS_NAME).toBe(`${EXPORT_NAME}-aws`);
  // Act
  const verified = await runVerify(inputs.path, out, '--export-name', AWS_NAME, '--json');
  const explained = await carbonExports(
    ...['explain', '--inputs', inputs.path, '--out', out, '--export-name', AWS_NAME],
    ...['--account', AWS_ROW.account, '--month', '2025-01'],
  );
  // Assess
  const { months } = JSON.parse(verified.stdout) as {
    months: { notRecomputed?: string; differences: unknown[]; values: number; largestDifference: number }[];
  };
  expect([verified.code, verified.stderr]).toEqual([0, '']);
  expect(months.map(({ notRecomputed, differences }) => [notRecomputed, differences])).toEqual([
    [undefined, []],
  ]);
  expect(months[0]?.values).toBeGreaterThan(0);
  expect(months[0]?.largestDifference).toBeLessThanOrEqual(1e-12);
  expect([explained.code, explained.stderr]).toEqual([0, '']);
  expect(explained.stdout).toContain("AWS's row Other in c1");
});

test('validate computes what a run would, and publishes nothing', async () => {
  const { inputs } = await runSplit(folder(), FILES);
  const valid = await carbonExports('validate', '--inputs', inputs.path);
  inputs.edit(carbonFile(), 'MTCO2e', 'kg');
  const broken = await carbonExports('validate', '--inputs', inputs.path);
  expect([valid.code, broken.code]).toEqual([0, 1]);
  expect(broken.stdout).toContain('found "kg", expected MTCO2e');
});

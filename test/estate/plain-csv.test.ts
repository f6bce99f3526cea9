import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { plainCsv } from '../../shared/estate/plain-csv';
import { FolderStore } from '../../shared/stores/folder-store';
import { EstateFolder } from '../support/estate-folder';
import { monthlyEstate } from '../support/estates/monthly-estate';
import { readExportRows } from '../support/export-reader';
import { carbonExports, runEstate } from '../support/run-command';
import { scratch } from '../support/scratch';

const folder = scratch();
const CASES = join(__dirname, '../cases/field/carbon-encoding-and-case');
const CARBON = 'aws_carbon/carbon/data/carbon_model_version=v3.0.0/usage_period=2025-01/carbon-00001.csv';

/** Returns what a file with this content is read as. */
async function readAs(name: string, content: string | Buffer): Promise<string> {
  const path = folder();
  writeFileSync(join(path, name), content);
  const original = await new FolderStore(path).localCopy(name);
  return readFileSync((await plainCsv(original, folder())).path, 'utf8');
}

describe('a CSV file of another form is read as UTF-8 with commas', () => {
  const UTF_16 = Buffer.from('\ufeffa,b\nä,2\n', 'utf16le');

  test.each([
    { what: 'semicolons', name: 'x.csv', content: 'a;b\n"1;2";"x,y"\n', plain: 'a,b\n1;2,"x,y"\n' },
    { what: 'tabs', name: 'x.csv', content: 'a\tb\n1\t\n', plain: 'a,b\n1,\n' },
    { what: 'UTF-16', name: 'x.csv', content: UTF_16, plain: 'a,b\nä,2\n' },
    {
      what: 'UTF-16, the higher byte first',
      name: 'x.csv',
      content: Buffer.from(UTF_16).swap16(),
      plain: 'a,b\nä,2\n',
    },
    { what: 'UTF-16 in gzip', name: 'x.csv.gz', content: gzipSync(UTF_16), plain: 'a,b\nä,2\n' },
    { what: 'a header in capitals', name: 'x.csv', content: 'A_B,C\nX,Y\n', plain: 'a_b,c\nX,Y\n' },
    { what: 'a record of another length', name: 'x.csv', content: 'a;b\n1\n', plain: 'a,b\n1\n' },
  ])('$what', async ({ name, content, plain }) => {
    expect(await readAs(name, content)).toBe(plain);
  });

  test('a file of this form is not copied', async () => {
    const path = folder();
    writeFileSync(join(path, 'x.csv'), 'a,b\n"1;2;3;4",\n');
    const original = await new FolderStore(path).localCopy('x.csv');
    expect(await plainCsv(original, folder())).toBe(original);
  });

  test.each([
    ['x.csv', Buffer.from('a;b\n\xe4;1\n', 'latin1'), 'text in UTF-8; it has other bytes'],
    ['x.csv', 'a;b\n"1;2\n', 'records of RFC 4180, separated by ";" as in the header'],
  ])('a damaged one is an error: %s %j', async (name, content, expected) => {
    await expect(readAs(name, content)).rejects.toThrow(expected);
  });
});

test.each([';', '\t'])('tables of an estate separated by %j lead to the same figures', async (separator) => {
  // Prepare
  const estate = EstateFolder.of(monthlyEstate(), join(folder(), 'inputs'));
  const before = await runEstate(estate.path, folder());
  for (const file of ['sites.csv', 'usage/usage_period=2025-01/usage-part-1.csv']) {
    estate.write(file, estate.read(file).replaceAll(',', separator));
  }
  // Act
  const run = await runEstate(estate.path, folder());
  // Assess
  expect([run.code, run.problems]).toEqual([0, []]);
  const figures = (months: typeof run.months): unknown =>
    // The form of the files is a warning.
    months.map(({ month, summary }) => [month, { ...summary, warnings: 0 }]);
  expect(before.months.length).toBeGreaterThan(0);
  expect(figures(run.months)).toEqual(figures(before.months));
});

test.each([
  [';', 'semicolons'],
  ['\t', 'tabs'],
])('run and validate report files separated by %j', async (separator, name) => {
  // Prepare
  const usage = 'usage/usage_period=2025-01/usage-part-1.csv';
  const estate = EstateFolder.of(monthlyEstate(), join(folder(), 'inputs'));
  for (const file of ['sites.csv', usage]) estate.write(file, estate.read(file).replaceAll(',', separator));
  // Act
  const run = await runEstate(estate.path, folder());
  const validated = await carbonExports('validate', '--inputs', estate.path, '--verbose');
  // Assess
  const files = `sites.csv (separated by ${name}), ${usage} (separated by ${name})`;
  expect(run.outcomes['2025-01']?.warnings).toContainEqual({
    ...{ severity: 'for-the-record', code: 'file-form', count: 2 },
    message: `read as CSV in the form that was found: ${files}`,
  });
  expect(validated.stdout).toContain(`read as CSV in the form that was found: ${files}`);
});

test('an export of AWS in UTF-16, with semicolons or in capitals has the rows of the one that AWS delivered', async () => {
  // Prepare
  const delivered = folder();
  cpSync(join(CASES, 'semicolons', 'in'), delivered, { recursive: true });
  writeFileSync(join(delivered, CARBON), readFileSync(join(delivered, CARBON), 'utf8').replaceAll(';', ','));
  const rowsOf = async (inputs: string): Promise<unknown> => {
    const out = folder();
    const run = await carbonExports('run', '--inputs', inputs, '--out', out, '--as-of', '2025-06-20');
    expect([run.code, run.stderr]).toEqual([0, expect.any(String)]);
    const at = { exportName: 'carbon-emissions-aws', month: '2025-01', modelVersion: 'v3.0.0' };
    return readExportRows({ out, ...at, format: 'parquet' });
  };
  const expected = await rowsOf(delivered);
  expect(expected).not.toHaveLength(0);
  // Act and assess
  for (const form of ['utf16-csv', 'semicolons', 'upper-case']) {
    expect([form, await rowsOf(join(CASES, form, 'in'))]).toEqual([form, expected]);
  }
});

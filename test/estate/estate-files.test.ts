import { EstateFolder } from '../support/estate-folder';
import { MONTHS } from '../support/estates/monthly-estate';
import { EXPORT_NAME } from '../support/export-name';
import { copyFolder, hashesOf } from '../support/folder-contents';
import { publishedEstate } from '../support/published-estate';
import { AS_OF, carbonExports, runEstate } from '../support/run-command';
import { scratch } from '../support/scratch';

/*
 * Problems of a whole estate: its settings, and files that belong to no table.
 */

const folder = scratch();
const base = publishedEstate(folder);

describe('settings.json', () => {
  test.each([
    {
      what: 'no JSON',
      content: '{ pad_account_ids: yes }',
      message: /^settings\.json: expected JSON \(.+\)\n$/,
    },
    {
      what: 'a setting that does not exist',
      content: '{ "pad_acount_ids": true }',
      message:
        'settings.json: expected settings of the user guide with valid values (Unrecognized key: "pad_acount_ids")\n',
    },
    {
      what: 'a value it cannot have',
      content: '{ "pad_account_ids": "yes" }',
      message:
        'settings.json, column pad_account_ids: expected settings of the user guide with valid values (Invalid input: expected boolean, received string)\n',
    },
    {
      what: 'a cost column that does not exist',
      content: '{ "focus": { "revenue_column": "Cost" } }',
      message:
        'settings.json, column focus.revenue_column: expected settings of the user guide with valid values (Invalid option: expected one of "ListCost"|"EffectiveCost"|"ContractedCost"|"BilledCost")\n',
    },
    {
      what: 'a list',
      content: '[]',
      message:
        'settings.json: expected settings of the user guide with valid values (Invalid input: expected object, received array)\n',
    },
  ])('that is $what stops the run before any month', async ({ content, message }) => {
    // Prepare
    const estate = new EstateFolder(copyFolder(base.inputs, folder()));
    estate.write('settings.json', content);
    const published = copyFolder(base.published, folder());
    // Act
    const options = [
      '--inputs',
      estate.path,
      '--out',
      published,
      '--export-name',
      EXPORT_NAME,
      '--as-of',
      AS_OF,
    ];
    const run = await carbonExports('run', ...options);
    // Assess
    expect(run.code).toBe(1);
    expect(run.stdout).toBe('');
    if (typeof message === 'string') expect(run.stderr).toBe(message);
    else expect(run.stderr).toMatch(message);
    expect(hashesOf(published)).toEqual(hashesOf(base.published));
  });

  test.each(['{}', '\ufeff{}\r\n', '{ "focus": { "providers": ["AWS", "Microsoft"] } }'])(
    'that is %j is fine',
    async (content) => {
      // Prepare
      const estate = new EstateFolder(copyFolder(base.inputs, folder()));
      estate.write('settings.json', content);
      // Act
      const run = await runEstate(estate.path, folder());
      // Assess
      expect(run.code).toBe(0);
    },
  );
});

describe('objects that are not data', () => {
  test.each([
    'usage/usage_period=2025-01/aws-programmatic-access-test-object',
    'usage/usage_period=2025-01_$folder$',
    'usage/usage_period=2025-01/desktop.ini',
    'usage/usage_period=2025-01/Thumbs.db',
    'usage/.DS_Store',
    'racks/_SUCCESS',
    'focus/aws-programmatic-access-test-object',
    'aws_carbon_$folder$',
    'cur/data_$folder$',
  ])('%s is ignored', async (file) => {
    // Prepare
    const estate = new EstateFolder(copyFolder(base.inputs, folder()));
    estate.write(file, 'written by a tool');
    // Act
    const run = await runEstate(estate.path, copyFolder(base.published, folder()));
    // Assess
    expect([run.problems, run.code]).toEqual([[], 0]);
    expect(run.months.map(({ status }) => status)).toEqual(MONTHS.map(() => 'unchanged'));
  });

  test('an empty object that is not a file of a table is the marker of a folder', async () => {
    const estate = new EstateFolder(copyFolder(base.inputs, folder()));
    estate.write('usage/usage_period=2025-01/folder', '');
    const run = await runEstate(estate.path, copyFolder(base.published, folder()));
    expect([run.problems, run.code]).toEqual([[], 0]);
  });
});

describe('a header in capitals', () => {
  test.each(['sites.csv', 'rack_use/usage_period=2025-01/rack_use-part-1.csv'])(
    '%s is read',
    async (file) => {
      // Prepare
      const estate = new EstateFolder(copyFolder(base.inputs, folder()));
      const [header = '', ...records] = estate.read(file).split('\n');
      estate.write(file, [header.toUpperCase(), ...records].join('\n'));
      // Act
      const run = await runEstate(estate.path, folder());
      // Assess
      expect(run.months.map(({ error }) => error)).toEqual([undefined, undefined, undefined]);
      expect([run.problems, run.code]).toEqual([[], 0]);
    },
  );
});

describe('folders and files that belong to no table', () => {
  test.each([
    {
      what: 'a month with one digit',
      file: 'usage/usage_period=2025-1/usage.csv',
      message: 'usage/usage_period=2025-1/usage.csv: expected a folder usage_period=YYYY-MM',
    },
    {
      what: 'a month that does not exist',
      file: 'racks/usage_period=2025-13/racks.csv',
      message: 'racks/usage_period=2025-13/racks.csv: expected a folder usage_period=YYYY-MM',
    },
    {
      what: 'a monthly table without a folder per month',
      file: 'usage/2025-02.csv',
      message: 'usage/2025-02.csv: expected a folder usage_period=YYYY-MM',
    },
    {
      what: 'a partition by another name',
      file: 'rack_use/month=2025-02/rack_use.csv',
      message: 'rack_use/month=2025-02/rack_use.csv: expected a folder usage_period=YYYY-MM',
    },
  ])('$what is reported, no month fails, and the exit code is 1', async ({ file, message }) => {
    // Prepare
    const estate = new EstateFolder(copyFolder(base.inputs, folder()));
    estate.write(file, 'x\n');
    // Act
    const run = await runEstate(estate.path, folder());
    // Assess
    expect(run.problems).toEqual([message]);
    expect(run.code).toBe(1);
    expect(run.months.map(({ month, status }) => [month, status])).toEqual(
      MONTHS.map((month) => [month, 'published']),
    );
  });
});

import { contextSettings } from '../../infra/context-settings';
import { parseSettings } from '../../infra/settings';
import { CarbonError } from '../../shared/base/carbon-error';

const ROLE = 'arn:aws:iam::111111111111:role/reader';

const CARBON = { bucket: 'reports', prefix: 'carbon/carbon' };

/** The message for invalid settings. Fails where they are accepted or the error is not about the usage. */
function messageFor(raw: unknown): string {
  try {
    parseSettings(raw);
  } catch (error) {
    expect(error).toBeInstanceOf(CarbonError);
    if (error instanceof CarbonError && error.kind === 'usage') return error.message;
  }
  throw new Error('expected an error about the usage');
}

describe('settings', () => {
  test('without any setting, the defaults are deployed', () => {
    expect(parseSettings(undefined)).toMatchObject({
      exportName: 'carbon-emissions',
      format: 'parquet',
      architecture: 'arm64',
      schedule: { expression: 'cron(0 6 15-22 * ? *)', enabled: true },
      limits: { memoryMb: 4096, concurrency: 5 },
    });
  });

  test.each([
    [
      'an unknown setting',
      { exportname: 'x' },
      'carbonExports: found the unknown setting exportname, did you mean exportName?',
    ],
    [
      'an unknown member',
      { inputs: { path: 'x' } },
      'carbonExports.inputs: found the unknown setting path, expected one of bucket, prefix, keyArn',
    ],
    [
      'an export name with a blank',
      { exportName: 'a b' },
      'carbonExports.exportName: found "a b", expected 1 to 128 letters',
    ],
    [
      'an unknown format',
      { format: 'orc' },
      'carbonExports.format: found "orc", expected one of "parquet"|"csv"',
    ],
    [
      'an unknown model version',
      { modelVersion: 'v9.0.0' },
      'modelVersion: found "v9.0.0", expected one of v1.0.0, v2.0.0',
    ],
    ['an invalid month', { from: '2025-13' }, 'carbonExports.from: found "2025-13", expected a month'],
    [
      'an account id as a number',
      { internalAccounts: { ids: [123456789012] } },
      'internalAccounts.ids.0: found 123456789012, expected string',
    ],
    [
      'an account id of 11 digits',
      { internalAccounts: { ids: ['12345678901'] } },
      'ids.0: found "12345678901", expected an account id of 12 digits, in quotes',
    ],
    [
      'a role that is not an ARN',
      { organizations: { roleArn: 'reader' } },
      'organizations.roleArn: found "reader", expected the ARN of an IAM role',
    ],
    [
      'one role and several',
      { organizations: { roleArn: ROLE, roleArns: [ROLE] } },
      'organizations.roleArns: found also roleArn, expected only one of them',
    ],
    [
      'the same role twice',
      { organizations: { roleArns: [ROLE, ROLE] } },
      'roleArns: found a role twice, expected each role once',
    ],
    ['an empty list of roles', { organizations: { roleArns: [] } }, 'organizations.roleArns: found []'],
    [
      'a user in the list of roles',
      { organizations: { roleArns: [ROLE, 'arn:aws:iam::111111111111:user/reader'] } },
      'organizations.roleArns.1: found "arn:aws:iam::111111111111:user/reader", expected the ARN of an IAM role',
    ],
    [
      'a mail address without @',
      { mail: 'someone' },
      'carbonExports.mail: found "someone", expected a mail address',
    ],
    ['more memory than Lambda has', { limits: { memoryMb: 20_000 } }, 'limits.memoryMb: found 20000'],
    [
      'breakdowns without bills',
      { by: ['resource'], awsTotals: { carbon: CARBON } },
      'carbonExports.by: found breakdowns without awsTotals.bills, expected the bills',
    ],
    [
      'an unknown breakdown',
      { by: ['team'] },
      'carbonExports.by.0: found "team", expected tag:KEY, cost-category:NAME',
    ],
    [
      'the same breakdown twice',
      { by: ['resource', 'resource'] },
      'by: found resource and resource, expected breakdowns that differ',
    ],
    [
      'breakdowns with the same logical id',
      { by: ['tag:1-2', 'tag:12'] },
      'by: found tag:1-2 and tag:12, expected',
    ],
    [
      'breakdowns whose tables have the same name',
      { by: ['tag:team', 'tag:Team'] },
      'by: found tag:team and tag:Team, expected',
    ],
    [
      'an export name too long for a breakdown',
      { exportName: 'x'.repeat(120), by: ['tag:team'] },
      `by: found tag:team, which makes ${'x'.repeat(120)}-by-tag-team: expected a shorter name`,
    ],
    [
      'more breakdowns than the state of a run can hold',
      { by: ['a', 'b', 'c', 'd', 'e', 'f'].map((key) => `tag:${key}`) },
      'by: found 6 breakdowns, expected at most 5',
    ],
    [
      'a first month and a number of months',
      { from: '2024-01', months: 3 },
      'carbonExports.from: found "2024-01" and months 3, expected only one of them',
    ],
    [
      'a key without its bucket',
      { inputs: { keyArn: 'arn:aws:kms:eu-west-1:1:key/k' } },
      'inputs.keyArn: found a key without inputs.bucket',
    ],
    [
      'tags of internal accounts that are not read',
      { internalAccounts: { tags: { team: 'platform' } }, organizations: { readTags: false } },
      'internalAccounts.tags: found tags, expected organizations.readTags to be true',
    ],
    [
      'an invalid bucket of AWS’s export',
      { awsTotals: { carbon: { bucket: 'A', prefix: 'x' } } },
      'awsTotals.carbon.bucket: found "A", expected the name of an S3 bucket',
    ],
    [
      'an unknown kind of bills',
      { awsTotals: { carbon: CARBON, bills: { bucket: 'bills', prefix: '', table: 'cur1' } } },
      'awsTotals.bills.table: found "cur1", expected one of "focus"|"cur"',
    ],
    [
      'the model versions of an earlier release, which are all visible now',
      { awsTotals: { carbon: CARBON, modelVersions: ['v3.0.0'] } },
      'awsTotals: found the unknown setting modelVersions, expected one of carbon, bills',
    ],
  ])('%s is an error', (_, raw, message) => {
    expect(messageFor(raw)).toContain(message);
  });

  test('every setting that has no effect on AWS’s totals is an error', () => {
    const message = messageFor({
      awsTotals: { carbon: CARBON },
      modelVersion: 'v2.0.0',
      productDetail: 'ccft',
      internalAccounts: { ids: ['123456789012'] },
    });
    for (const name of ['modelVersion', 'productDetail', 'internalAccounts']) {
      expect(message).toContain(
        `carbonExports.${name}: found a value together with awsTotals, expected one of the two`,
      );
    }
  });

  test('one error lists all invalid settings', () => {
    expect(messageFor({ format: 'orc', mail: 'x' })).toMatch(/carbonExports\.format[^]*carbonExports\.mail/);
  });
});

describe('context of the app', () => {
  const nodeWith = (context: Readonly<Record<string, unknown>>): Parameters<typeof contextSettings>[0] => ({
    getAllContext: () => context,
  });

  test('a setting on the command line overrides that of cdk.json', () => {
    const context = { carbonExports: { architecture: 'arm64' }, 'carbonExports.architecture': 'x86_64' };
    expect(contextSettings(nodeWith(context)).architecture).toBe('x86_64');
  });

  test('the command line sets members, numbers, lists and texts that look like numbers', () => {
    const context = {
      carbonExports: { limits: { memoryMb: 2048, logDays: 30 } },
      'carbonExports.limits.memoryMb': '4096',
      'carbonExports.strict': 'true',
      'carbonExports.by': '["tag:team"]',
      'carbonExports.exportName': '2025',
    };
    expect(contextSettings(nodeWith(context))).toEqual({
      limits: { memoryMb: 4096, logDays: 30 },
      strict: true,
      by: ['tag:team'],
      exportName: '2025',
    });
  });

  test.each([
    ['a misspelt setting', 'carbonExports.formt', 'found the unknown setting formt, did you mean format?'],
    ['a misspelt member', 'carbonExports.limits.memoryMB', 'did you mean memoryMb?'],
    ['a misspelt name of the settings', 'carbonExport.format', 'did you mean carbonExports.format?'],
  ])('%s on the command line is an error with the nearest name', (_, name, message) => {
    expect(() => contextSettings(nodeWith({ [name]: 'csv' }))).toThrow(message);
  });

  test('an invalid value of the command line is an error', () => {
    expect(() => contextSettings(nodeWith({ 'carbonExports.format': 'orc' }))).toThrow(
      'carbonExports.format: found "orc", expected one of "parquet"|"csv"',
    );
  });

  test('context of others is left alone', () => {
    expect(contextSettings(nodeWith({ '@aws-cdk/core:checkSecretUsage': true, env: 'prod' }))).toEqual({});
  });

  test('settings that are not an object are an error', () => {
    expect(() => contextSettings(nodeWith({ carbonExports: 'x' }))).toThrow(
      'cdk.json, context.carbonExports: found "x", expected an object',
    );
  });
});

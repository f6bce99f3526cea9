import { App } from 'aws-cdk-lib';
import { parseSettings, SettingsError, settingsOf } from '../../infra/settings';

const ROLE = 'arn:aws:iam::111111111111:role/reader';

const AWS_TOTALS = { carbon: { bucket: 'reports', prefix: 'carbon/carbon' } };

describe('settings', () => {
  test('nothing given is a whole deployment', () => {
    expect(parseSettings(undefined)).toMatchObject({
      exportName: 'carbon-emissions',
      format: 'parquet',
      architecture: 'arm64',
      schedule: { expression: 'cron(0 6 15-22 * ? *)', enabled: true },
      limits: { memoryMb: 4096, concurrency: 5 },
    });
  });

  test.each([
    ['an unknown name', { exportname: 'x' }, /exportname/],
    [
      'an export name with blanks',
      { exportName: 'a b' },
      /carbonExports.exportName: expected 1 to 128 letters/,
    ],
    ['an unknown format', { format: 'orc' }, /carbonExports.format/],
    ['an unknown model version', { modelVersion: 'v9.0.0' }, /modelVersion: expected one of v1.0.0, v2.0.0/],
    ['a month that is none', { from: '2025-13' }, /carbonExports.from: expected a month/],
    ['an account id as a number', { internalAccounts: { ids: [123456789012] } }, /internalAccounts.ids.0/],
    ['an account id of 11 digits', { internalAccounts: { ids: ['12345678901'] } }, /12 digits, in quotes/],
    [
      'a role that is no ARN',
      { organizations: { roleArn: 'reader' } },
      /organizations.roleArn: expected an ARN of iam/,
    ],
    [
      'a role and roles',
      { organizations: { roleArn: ROLE, roleArns: [ROLE] } },
      /organizations.roleArns: expected either roleArn or roleArns/,
    ],
    ['a role twice', { organizations: { roleArns: [ROLE, ROLE] } }, /roleArns: expected each role once/],
    ['no role in a list', { organizations: { roleArns: [] } }, /carbonExports.organizations.roleArns/],
    [
      'a user among roles',
      { organizations: { roleArns: [ROLE, 'arn:aws:iam::111111111111:user/reader'] } },
      /organizations.roleArns.1: expected an ARN of iam/,
    ],
    ['a mail without an @', { mail: 'someone' }, /carbonExports.mail: expected a mail address/],
    ['more memory than Lambda has', { limits: { memoryMb: 20_000 } }, /limits.memoryMb/],
    [
      'breakdowns without bills',
      { by: ['resource'], awsTotals: { carbon: { bucket: 'reports', prefix: 'x' } } },
      /carbonExports.by: expected awsTotals.bills/,
    ],
    ['an invalid breakdown', { by: ['team'] }, /carbonExports.by.0: expected tag:KEY, cost-category:NAME/],
    [
      'a breakdown twice',
      { by: ['resource', 'resource'] },
      /by: expected breakdowns that differ .* resource and resource/,
    ],
    [
      'breakdowns whose exports would have one name',
      { by: ['tag:cost-center', 'tag:cost.center'] },
      /carbonExports.by: expected breakdowns that differ .* tag:cost-center and tag:cost.center/,
    ],
    [
      'breakdowns with keys without letters and digits',
      { by: ['tag:部門', 'tag:環境'] },
      /tag:部門 and tag:環境/,
    ],
    ['breakdowns whose ids would be one', { by: ['tag:1-2', 'tag:12'] }, /tag:1-2 and tag:12/],
    [
      'breakdowns whose tables would have one name',
      { by: ['tag:team', 'tag:Team'] },
      /tag:team and tag:Team/,
    ],
    [
      'an export name that leaves no room for a breakdown',
      { exportName: 'x'.repeat(120), by: ['tag:team'] },
      /by: expected tag:team to make the name of an export, found x+-by-tag-team/,
    ],
    [
      'more breakdowns than the state of a run holds',
      { by: ['a', 'b', 'c', 'd', 'e', 'f'].map((key) => `tag:${key}`) },
      /by: expected at most 5/,
    ],
    ['from and months', { from: '2024-01', months: 3 }, /either from or months/],
    ['a key without its bucket', { inputs: { keyArn: 'arn:aws:kms:eu-west-1:1:key/k' } }, /inputs.keyArn/],
    [
      'tags that nobody reads',
      { internalAccounts: { tags: { team: 'platform' } }, organizations: { readTags: false } },
      /organizations.readTags to be true/,
    ],
    [
      'an export of AWS in no bucket',
      { awsTotals: { carbon: { bucket: 'A', prefix: 'x' } } },
      /awsTotals.carbon.bucket: expected the name of a bucket/,
    ],
    [
      'bills of no known kind',
      { awsTotals: { ...AWS_TOTALS, bills: { bucket: 'bills', prefix: '', table: 'cur1' } } },
      /awsTotals.bills.table/,
    ],
    [
      'a version that cannot be ordered',
      { awsTotals: { ...AWS_TOTALS, modelVersions: ['3'] } },
      /awsTotals.modelVersions.0: expected a version such as v3.0.0/,
    ],
    [
      'what AWS has decided',
      {
        awsTotals: AWS_TOTALS,
        modelVersion: 'v2.0.0',
        productDetail: 'ccft',
        internalAccounts: { ids: ['123456789012'] },
      },
      /modelVersion: expected nothing beside awsTotals[^]*productDetail[^]*internalAccounts/,
    ],
  ])('%s is an error that says so', (_, raw, message) => {
    expect(() => parseSettings(raw)).toThrow(SettingsError);
    expect(() => parseSettings(raw)).toThrow(message);
  });

  test('all errors are named at once', () => {
    expect(() => parseSettings({ format: 'orc', mail: 'x' })).toThrow(/format[^]*mail/);
  });

  test('a setting on the command line overrides that of cdk.json', () => {
    const context = { carbonExports: { architecture: 'arm64' }, 'carbonExports.architecture': 'x86_64' };
    expect(settingsOf(new App({ context }).node).architecture).toBe('x86_64');
  });
});

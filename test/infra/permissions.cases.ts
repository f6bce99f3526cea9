import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Configuration, deployed, ROLES } from './configurations';
import { allStatements, describeStatement, statementsByRole, statementsIn } from './statements';

const IAM_DOCUMENT = readFileSync(join(__dirname, '..', '..', 'docs', 'iam.md'), 'utf8');

/** Types of resources with a policy, and the member that contains it. */
const POLICIES = {
  'AWS::IAM::Role': 'AssumeRolePolicyDocument',
  'AWS::IAM::Policy': 'PolicyDocument',
  'AWS::S3::BucketPolicy': 'PolicyDocument',
  'AWS::SNS::TopicPolicy': 'PolicyDocument',
  'AWS::SQS::QueuePolicy': 'PolicyDocument',
  'AWS::KMS::Key': 'KeyPolicy',
} as const;

describe.each(['defaults', 'everySetting', 'awsTotals'] as const)('permissions with %s', (configuration) => {
  const deployment = deployed(configuration);

  test('every policy matches the snapshot', () => {
    const policies = Object.entries(POLICIES).flatMap(([type, member]) =>
      deployment
        .resources(type)
        .map(({ id, properties }) => [id, statementsIn(properties[member]).map(describeStatement)] as const),
    );
    expect(policies.length).toBeGreaterThan(15);
    expect(Object.fromEntries(policies)).toMatchSnapshot();
  });

  test('no statement names an action by a wildcard', () => {
    const actions = allStatements(deployment).flatMap(({ Action }) => Action);
    expect(actions.length).toBeGreaterThan(30);
    expect(actions.filter((action) => action.includes('*'))).toEqual([]);
  });

  test('docs/iam.md lists every action that is allowed on all resources', () => {
    const actions = allStatements(deployment)
      .filter(({ Resource }) => Resource.includes('*'))
      .flatMap(({ Action }) => Action);
    expect(actions.length).toBeGreaterThan(10);
    expect(actions.filter((action) => !IAM_DOCUMENT.includes(`\`${action}\``))).toEqual([]);
  });
});

describe('permissions on the deliveries of AWS', () => {
  const statements = [...statementsByRole(deployed('awsTotals'))].flatMap(([role, list]) =>
    list.map((statement) => ({ role, ...statement })),
  );
  const onDeliveries = statements.filter(({ Resource }) =>
    Resource.some((resource) => /::(bills|reports)|key\/k/.test(resource)),
  );

  test('only the functions that read the estate have rights', () => {
    expect(onDeliveries).toHaveLength(2 * 5 + 1);
    expect(new Set(onDeliveries.map(({ role }) => role))).toEqual(new Set(['ExportMonth', 'PlanMonths']));
  });

  test('the rights are to list, read and decrypt, and to ask for the Region of a bucket, as Athena does', () => {
    expect(new Set(onDeliveries.flatMap(({ Action }) => Action))).toEqual(
      new Set(['s3:ListBucket', 's3:GetObject', 'kms:Decrypt', 's3:GetBucketLocation']),
    );
  });
});

describe.each([
  ['one role', 'everySetting', ROLES.slice(0, 1)],
  ['several roles', 'severalRoles', ROLES],
] as const)('organizations read with %s to assume', (_, configuration, roles) => {
  const statements = allStatements(deployed(configuration));

  test('gather-accounts may assume exactly these', () => {
    const assuming = statements.filter(({ Action }) => Action.includes('sts:AssumeRole'));
    expect(assuming.map(({ Resource }) => Resource)).toEqual([roles]);
  });

  test('the external id of the settings is sent and demanded', () => {
    const assuming = statements.filter(({ Action }) => Action.includes('sts:AssumeRole'));
    const expected = configuration === 'severalRoles' ? 'carbon-2026' : undefined;
    expect(assuming.map(({ Condition }) => Condition?.StringEquals?.['sts:ExternalId'])).toEqual([expected]);
    expect(environmentOf(configuration).ORGANIZATIONS_EXTERNAL_ID).toBe(expected);
  });

  test('no function may call AWS Organizations itself', () => {
    const actions = statements.flatMap(({ Action }) => Action);
    expect(actions.length).toBeGreaterThan(30);
    expect(actions.filter((action) => action.startsWith('organizations:'))).toEqual([]);
  });

  test('gather-accounts receives the roles', () => {
    expect(environmentOf(configuration).ORGANIZATIONS_ROLE_ARNS).toBe(JSON.stringify(roles));
  });
});

test('breakdowns need no further actions, and each role has the same rights on the export of each breakdown', () => {
  const actionsOf = (configuration: Configuration): string[][] =>
    allStatements(deployed(configuration)).map(({ Action }) => Action);
  expect(actionsOf('breakdowns').length).toBeGreaterThan(20);
  expect(actionsOf('breakdowns')).toEqual(actionsOf('defaults'));
  const writing = allStatements(deployed('breakdowns')).filter(({ Resource }) =>
    Resource.some((arn) => arn.includes('/carbon-emissions')),
  );
  expect(writing).toHaveLength(7);
  for (const { Resource } of writing) {
    const folders = Resource.map((arn) => arn.replace(/^[^/]*\/[^/]*\//, ''));
    expect(Resource).toHaveLength(4 * new Set(folders).size);
  }
});

/** Variables of gather-accounts. */
function environmentOf(configuration: Configuration): Readonly<Record<string, string>> {
  const [found, ...others] = deployed(configuration)
    .resources('AWS::Lambda::Function')
    .filter(({ id }) => id.startsWith('GatherAccounts'));
  expect(others).toEqual([]);
  return deployed(configuration).function(found?.id ?? '').environment;
}

describe('trust', () => {
  const services = {
    lambda: undefined,
    states: 'arn:aws:states:us-east-1:123456789012:stateMachine:*',
    scheduler: 'arn:aws:scheduler:us-east-1:123456789012:schedule-group/default',
  };

  test.each(Object.entries(services))(
    '%s assumes roles only on behalf of this account',
    (service, sourceArn) => {
      const trusts = deployed('defaults')
        .resources('AWS::IAM::Role')
        .flatMap(({ properties }) => statementsIn(properties.AssumeRolePolicyDocument))
        .filter(({ Principal }) => JSON.stringify(Principal) === `{"Service":"${service}.amazonaws.com"}`);
      expect(trusts).toHaveLength(service === 'lambda' ? 5 : 1);
      for (const { Condition } of trusts) {
        expect(Condition?.StringEquals).toEqual({ 'aws:SourceAccount': '123456789012' });
        expect(Condition?.ArnLike?.['aws:SourceArn']).toBe(sourceArn);
      }
    },
  );

  test('no role trusts another service', () => {
    const roles = deployed('defaults').resources('AWS::IAM::Role');
    expect(roles).toHaveLength(7);
  });
});

describe('rights on the exports', () => {
  const below = (role: string, action: string): string[] =>
    (statementsByRole(deployed('defaults')).get(role) ?? [])
      .filter(({ Action }) => Action.includes(action))
      .flatMap(({ Resource }) => Resource)
      .filter((arn) => arn.includes('ExportsBucket'))
      .map((arn) => arn.replace(/^[^/]*\//, ''));
  const E = 'carbon-emissions';

  test.each([
    ['GatherAccounts', ['accounts/*', 'organization/*'], []],
    ['PlanMonths', [`${E}/state/*`, `${E}/runs/*`], [`${E}/state/lock*`]],
    ['ExportMonth', [`${E}/data/*`, `${E}/metadata/*`, `${E}/history/*`, `${E}/state/*`], []],
    [
      'FinishRun',
      [`${E}/runs/*`, `${E}/state/lock*`, `${E}/report.html`, `${E}/state/page.json`],
      [`${E}/runs/*`, `${E}/state/lock*`],
    ],
    ['ReleaseLock', [`${E}/state/lock*`], [`${E}/state/lock*`]],
  ] as const)('%s may write and delete only what it has to', (role, puts, deletes) => {
    expect(below(role, 's3:GetObject')).toEqual(['*']);
    expect(below(role, 's3:PutObject')).toEqual(puts);
    expect(below(role, 's3:DeleteObject')).toEqual(deletes);
  });
});

test('finish-run may register partitions of the tables of the export, and nothing else in Glue', () => {
  const statements = (statementsByRole(deployed('breakdowns')).get('FinishRun') ?? []).filter(({ Action }) =>
    Action.join().includes('glue:'),
  );
  const glue = 'arn:aws:glue:us-east-1:123456789012';
  expect(statements).toMatchObject([
    {
      Action: [
        'glue:GetTable',
        'glue:GetPartitions',
        'glue:BatchCreatePartition',
        'glue:BatchUpdatePartition',
        'glue:BatchDeletePartition',
      ],
      Resource: [
        `${glue}:catalog`,
        `${glue}:database/carbon_emissions`,
        `${glue}:table/carbon_emissions/carbon_emissions`,
        `${glue}:table/carbon_emissions/carbon_by_tag_cost_center`,
        `${glue}:table/carbon_emissions/carbon_by_cost_category_unit`,
        `${glue}:table/carbon_emissions/carbon_by_resource`,
        `${glue}:table/carbon_emissions/accounts`,
      ],
    },
  ]);
});

test('a missing object below a prefix answers 404: the right to list also holds where a request has no prefix', () => {
  const listing = allStatements(deployed('everySetting')).filter(
    ({ Action, Resource }) => Action.includes('s3:ListBucket') && Resource.join().includes('an-estate'),
  );
  expect(listing).toHaveLength(2);
  for (const { Condition } of listing) {
    expect(Condition).toEqual({ StringLikeIfExists: { 's3:prefix': ['prod/carbon/*'] } });
  }
});

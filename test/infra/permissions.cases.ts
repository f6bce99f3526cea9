import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { deployed, ROLES } from './configurations';
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

  test('no function may call AWS Organizations itself', () => {
    const actions = statements.flatMap(({ Action }) => Action);
    expect(actions.length).toBeGreaterThan(30);
    expect(actions.filter((action) => action.startsWith('organizations:'))).toEqual([]);
  });

  test('gather-accounts receives the roles', () => {
    const { environment } = deployed(configuration).function(
      idOf(configuration, /^GatherAccountsFunction(?!Role|Logs)/),
    );
    expect(environment.ORGANIZATIONS_ROLE_ARNS).toBe(JSON.stringify(roles));
  });
});

test('breakdowns need no further rights', () => {
  expect(allStatements(deployed('breakdowns'))).toEqual(allStatements(deployed('defaults')));
});

function idOf(configuration: Parameters<typeof deployed>[0], pattern: RegExp): string {
  const found = deployed(configuration)
    .resources('AWS::Lambda::Function')
    .filter(({ id }) => pattern.test(id));
  expect(found).toHaveLength(1);
  return found[0]?.id ?? '';
}

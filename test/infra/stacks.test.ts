import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { parseSettings } from '../../infra/settings';
import { createStacks, type Stacks } from '../../infra/stacks';
import { STEPS } from '../../infra/state-machine';
import { EXPORT_PARTITION_KEYS } from '../../shared/catalog/tables';
import { columnsOfExport } from '../../shared/exports/columns';
import { LEASE_HOURS } from '../../shared/exports/run-lock';

const ROOT = join(__dirname, '..', '..');

interface CdkJson {
  readonly context: Record<string, unknown>;
}

/** Templates without bundled code: bundling is what `npm run synth` and `npm run test:aws` do. */
function templates(raw: unknown): Record<keyof Stacks, Template> {
  const { context } = JSON.parse(readFileSync(join(ROOT, 'cdk.json'), 'utf8')) as CdkJson;
  const app = new App({ context: { ...context, 'aws:cdk:bundling-stacks': [] } });
  const stacks = createStacks(app, parseSettings(raw));
  return {
    storage: Template.fromStack(stacks.storage),
    catalog: Template.fromStack(stacks.catalog),
    pipeline: Template.fromStack(stacks.pipeline),
    monitoring: Template.fromStack(stacks.monitoring),
  };
}

const plain = templates({});
const full = templates({
  encryption: 'kms',
  format: 'csv',
  mail: 'carbon@example.com',
  architecture: 'x86_64',
  inputs: { bucket: 'an-estate', prefix: 'prod/carbon' },
  organizations: { roleArn: 'arn:aws:iam::111111111111:role/reader' },
});

const ofAws = templates({
  awsTotals: {
    carbon: {
      bucket: 'reports',
      prefix: 'carbon/monthly',
      keyArn: 'arn:aws:kms:us-east-1:111111111111:key/k',
    },
    bills: { bucket: 'bills', prefix: 'focus/daily', table: 'focus' },
    modelVersions: ['v3.0.0', 'v3.1.0'],
  },
});

const byBreakdowns = templates({ by: ['tag:Cost Center', 'cost-category:Unit', 'resource'] });
const byBreakdownInCsv = templates({ by: ['tag:team', 'tag:部門'], format: 'csv' });

/** Assets are named by their content, which changes with every line of code. */
function withoutHashes(template: Template): unknown {
  return JSON.parse(JSON.stringify(template.toJSON()).replaceAll(/[0-9a-f]{64}/g, 'HASH'));
}

interface Statement {
  readonly Action: string | string[];
  readonly Resource: unknown;
}

function statementsOf(template: Template): Statement[] {
  return Object.values(template.findResources('AWS::IAM::Policy')).flatMap(
    (policy) =>
      (policy as { Properties: { PolicyDocument: { Statement: Statement[] } } }).Properties.PolicyDocument
        .Statement,
  );
}

describe.each([
  ['the defaults', plain],
  ['KMS, CSV, an existing bucket and a role', full],
])('with %s', (_, stacks) => {
  test.each(['storage', 'catalog', 'pipeline', 'monitoring'] as const)(
    'the %s template is as recorded',
    (name) => {
      expect(withoutHashes(stacks[name])).toMatchSnapshot();
    },
  );

  test('no statement names an action by a wildcard', () => {
    const actions = statementsOf(stacks.pipeline).flatMap(({ Action: action }) => action);
    expect(actions.length).toBeGreaterThan(10);
    expect(actions.filter((action) => action.includes('*'))).toEqual([]);
  });

  test('a wildcard alone as resource stands only where an API offers nothing else', () => {
    const actions = statementsOf(stacks.pipeline)
      .filter(({ Resource: resource }) => resource === '*')
      .flatMap(({ Action: action }) => action);
    const iam = readFileSync(join(ROOT, 'docs', 'iam.md'), 'utf8');
    expect(actions.filter((action) => !iam.includes(`\`${action}\``))).toEqual([]);
  });

  test('every bucket is closed to the public, takes TLS only, and outlives its stack', () => {
    const buckets = stacks.storage.findResources('AWS::S3::Bucket');
    for (const bucket of Object.values(buckets)) {
      expect(bucket).toMatchObject({
        DeletionPolicy: 'Retain',
        Properties: {
          PublicAccessBlockConfiguration: { BlockPublicAcls: true, RestrictPublicBuckets: true },
        },
      });
    }
    stacks.storage.allResourcesProperties('AWS::S3::BucketPolicy', {
      PolicyDocument: Match.objectLike({
        Statement: Match.arrayWith([
          Match.objectLike({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }),
        ]),
      }),
    });
  });

  test('every alarm tells the topic, and names its section of the runbook', () => {
    const runbook = readFileSync(join(ROOT, 'docs', 'runbook.md'), 'utf8');
    const alarms = Object.values(stacks.monitoring.findResources('AWS::CloudWatch::Alarm')) as {
      Properties: { AlarmDescription: string; AlarmActions: unknown[] };
    }[];
    expect(alarms.length).toBe(7);
    for (const { Properties: alarm } of alarms) {
      expect(alarm.AlarmActions).toHaveLength(1);
      const anchor = /runbook\.md#([a-z-]+)$/.exec(alarm.AlarmDescription)?.[1] ?? '';
      const section = runbook.split(/^## /m).find((text) => anchorOf(text) === anchor) ?? '';
      for (const part of ['Description', 'Investigation', 'Resolution'])
        expect(section).toContain(`### ${part}`);
    }
  });

  test('the definition has a function for every step that calls one, and retries nothing but what can pass', () => {
    const [machine] = Object.values(stacks.pipeline.findResources('AWS::StepFunctions::StateMachine')) as {
      Properties: { DefinitionString: unknown };
    }[];
    const text = definitionText(machine?.Properties.DefinitionString);
    const definition = JSON.parse(text) as { TimeoutSeconds: number };
    const steps = [...text.matchAll(/"(\w+)":\{(?:"Next":"\w+"|"End":true),"Type":"Task"/g)].map(
      (match) => match[1],
    );
    expect(steps.sort()).toEqual(Object.values(STEPS).sort());
    expect(text).not.toMatch(
      /"ErrorEquals":\[[^\]]*(States\.ALL|InputError|MethodError)[^\]]*\],"IntervalSeconds"/,
    );
    expect(definition.TimeoutSeconds).toBeLessThan(LEASE_HOURS * 3_600);
  });
});

test('the schedule runs from the 15th to the 22nd, in UTC, with the scheduled time as as-of', () => {
  plain.pipeline.hasResourceProperties('AWS::Scheduler::Schedule', {
    ScheduleExpression: 'cron(0 6 15-22 * ? *)',
    ScheduleExpressionTimezone: 'Etc/UTC',
    Target: Match.objectLike({ Input: '{"asOf":"<aws.scheduler.scheduled-time>"}' }),
  });
});

describe('with the totals of AWS', () => {
  const functionsOf = (template: Template): Record<string, { Properties: { Environment: unknown } }> =>
    template.findResources('AWS::Lambda::Function') as never;

  test('the two exports are read and nothing more is allowed, by the functions that read the estate', () => {
    const policies = Object.entries(ofAws.pipeline.findResources('AWS::IAM::Policy'));
    const readers = policies.filter(([, policy]) => JSON.stringify(policy).includes('::bills'));
    expect(readers.map(([id]) => id.replace(/FunctionRole.*$/, ''))).toEqual(['ExportMonth', 'PlanMonths']);
    const foreign = statementsOf(ofAws.pipeline).filter(({ Resource: resource }) =>
      /::(bills|reports)|key\/k/.test(JSON.stringify(resource)),
    );
    // And export-month may ask where the buckets lie, which Athena does.
    expect(foreign).toHaveLength(2 * 5 + 1);
    expect(new Set(foreign.flatMap(({ Action: action }) => action))).toEqual(
      new Set(['s3:ListBucket', 's3:GetObject', 'kms:Decrypt', 's3:GetBucketLocation']),
    );
  });

  test('the functions are told where the exports lie', () => {
    for (const { Properties: properties } of Object.values(functionsOf(ofAws.pipeline))) {
      const variables = JSON.stringify(properties.Environment);
      expect(variables).toContain('s3://reports/carbon/monthly');
      expect(variables).toContain('s3://bills/focus/daily');
    }
  });

  test('Athena looks for the versions that AWS delivers', () => {
    ofAws.catalog.hasResourceProperties('AWS::Glue::Table', {
      TableInput: Match.objectLike({
        Parameters: Match.objectLike({ 'projection.carbon_model_version.values': 'v3.0.0,v3.1.0' }),
      }),
    });
  });
});

describe('with breakdowns', () => {
  interface Table {
    readonly Name: string;
    readonly Parameters: Readonly<Record<string, string>>;
    readonly StorageDescriptor: {
      readonly Columns: readonly { Name: string }[];
      readonly Location?: unknown;
    };
  }

  /** Tables and views of breakdowns, in the order in which they are created. */
  const tablesOf = (stacks: typeof plain): Table[] =>
    Object.values(stacks.catalog.findResources('AWS::Glue::Table'))
      .map((table) => (table as { Properties: { TableInput: Table } }).Properties.TableInput)
      .filter(({ Name: name }) => /^carbon_by_(?!account$)/.test(name));

  test.each([
    [
      'Parquet',
      byBreakdowns,
      [
        ['carbon_by_tag_cost_center', 'carbon-emissions-by-tag-Cost-Center/data/'],
        ['carbon_by_cost_category_unit', 'carbon-emissions-by-cost-category-Unit/data/'],
        ['carbon_by_resource', 'carbon-emissions-by-resource/data/'],
        ['carbon_by_tag', undefined],
      ],
    ],
    [
      'CSV',
      byBreakdownInCsv,
      [
        ['carbon_by_tag_team_csv', 'carbon-emissions-by-tag-team/data/'],
        ['carbon_by_tag_key_csv', 'carbon-emissions-by-tag-/data/'],
        ['carbon_by_tag', undefined],
      ],
    ],
  ])(
    'each has a table over its own export as %s, and carbon_by_tag comes after them',
    (_, stacks, expected) => {
      const tables = tablesOf(stacks);
      const locationOf = ({ StorageDescriptor: { Location: location } }: Table): string | undefined =>
        /\/([^/"]+\/data\/)"/.exec(JSON.stringify(location ?? ''))?.[1];
      expect(tables.map((table) => [table.Name, locationOf(table)])).toEqual(expected);
      for (const { Parameters: parameters, StorageDescriptor: storage } of tables) {
        const isView = parameters['presto_view'] === 'true';
        const names = storage.Columns.map(({ Name: name }) => name);
        expect(names).toEqual(
          [...columnsOfExport(true), ...(isView ? EXPORT_PARTITION_KEYS : [])].map(({ name }) => name),
        );
        if (!isView) expect(parameters['projection.usage_period.range']).toBe('2018-01,NOW');
      }
    },
  );

  test('the functions are told, and may do no more than without', () => {
    const [exportMonth] = Object.values(byBreakdowns.pipeline.findResources('AWS::Lambda::Function'));
    expect(JSON.stringify(exportMonth)).toContain(
      JSON.stringify('"by":["tag:Cost Center","cost-category:Unit","resource"]').slice(1, -1),
    );
    expect(statementsOf(byBreakdowns.pipeline)).toEqual(statementsOf(plain.pipeline));
  });

  test('without any there is no such table', () => {
    expect(tablesOf(plain)).toEqual([]);
  });
});

const ROLES = ['arn:aws:iam::111111111111:role/reader', 'arn:aws:iam::222222222222:role/reader'];

test.each([
  ['a role', full, ROLES.slice(0, 1)],
  ['several roles', templates({ organizations: { roleArns: ROLES } }), ROLES],
])('%s to assume takes the place of the Organizations API', (_, { pipeline }, roles) => {
  const statements = statementsOf(pipeline);
  const assuming = statements.filter(({ Action: action }) => action === 'sts:AssumeRole');
  expect(assuming.flatMap(({ Resource: resource }) => resource)).toEqual(roles);
  const actions = statements.flatMap(({ Action: action }) => action);
  expect(actions.filter((action) => action.startsWith('organizations:'))).toEqual([]);
  pipeline.hasResourceProperties('AWS::Lambda::Function', {
    Environment: { Variables: Match.objectLike({ ORGANIZATIONS_ROLE_ARNS: JSON.stringify(roles) }) },
  });
});

test('one query may not scan more than the limit', () => {
  plain.catalog.hasResourceProperties('AWS::Athena::WorkGroup', {
    WorkGroupConfiguration: Match.objectLike({
      BytesScannedCutoffPerQuery: 10_000_000_000,
      EnforceWorkGroupConfiguration: true,
    }),
  });
});

describe('a month that Athena sums', () => {
  const policies = Object.entries(plain.pipeline.findResources('AWS::IAM::Policy'));
  const ofAthena = ({ Action: action }: Statement): boolean => /^(athena|glue):/.test([action].flat().join());

  test('export-month alone may use Athena and Glue', () => {
    const users = policies.filter(([, policy]) => /"(athena|glue):/.test(JSON.stringify(policy)));
    expect(users.map(([id]) => id.replace(/FunctionRole.*$/, ''))).toEqual(['ExportMonth']);
  });

  test('it may use one workgroup, and the tables of a database that holds nothing else', () => {
    const resources = statementsOf(plain.pipeline)
      .filter(ofAthena)
      .map(({ Action: action, Resource: resource }) => [
        action,
        [resource].flat().map((arn) => definitionText(arn).replace(/^arn:arn:(\w+):arn:arn:/, '$1:')),
      ]);
    expect(resources).toEqual([
      [
        ['athena:StartQueryExecution', 'athena:GetQueryExecution', 'athena:StopQueryExecution'],
        ['athena:workgroup/CarbonExportsMonths'],
      ],
      ['athena:GetDataCatalog', ['athena:datacatalog/AwsDataCatalog']],
      [
        'glue:GetDatabase',
        ['glue:catalog', 'glue:database/default', 'glue:database/carbon_emissions_scratch'],
      ],
      [
        ['glue:CreateTable', 'glue:DeleteTable', 'glue:GetTable'],
        ['glue:catalog', 'glue:database/carbon_emissions_scratch', 'glue:table/carbon_emissions_scratch/*'],
      ],
    ]);
  });

  test('with the engine duckdb nothing of it is deployed', () => {
    const { pipeline } = templates({ engine: 'duckdb' });
    pipeline.resourceCountIs('AWS::Athena::WorkGroup', 0);
    pipeline.resourceCountIs('AWS::Glue::Database', 0);
    expect(statementsOf(pipeline).filter(ofAthena)).toEqual([]);
    expect(JSON.stringify(pipeline.toJSON())).not.toContain('ATHENA_');
  });

  test('it has a limit of what a statement may scan, and leaves nothing for long', () => {
    plain.pipeline.hasResourceProperties('AWS::Athena::WorkGroup', {
      WorkGroupConfiguration: Match.objectLike({
        BytesScannedCutoffPerQuery: 1_000_000_000_000,
        EnforceWorkGroupConfiguration: true,
      }),
    });
    plain.storage.hasResourceProperties('AWS::S3::Bucket', {
      LifecycleConfiguration: {
        Rules: Match.arrayWith([Match.objectLike({ Prefix: 'scratch/', ExpirationInDays: 1 })]),
      },
    });
  });
});

function anchorOf(section: string): string {
  return (section.split('\n')[0] ?? '').trim().toLowerCase().replaceAll(' ', '-');
}

/** The definition with every reference replaced by a word. */
function definitionText(value: unknown): string {
  const join_ = (value as { 'Fn::Join': [string, unknown[]] })['Fn::Join'];
  return join_[1].map((part) => (typeof part === 'string' ? part : 'arn')).join('');
}

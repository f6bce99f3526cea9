import { Duration } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';
import { VARIABLES } from '../lambdas/variables';
import { isBillTable } from '../shared/usage/bills/bill-tables';
import { deliveriesOf, functionSettings } from './function-settings';
import { keyStatements, locationStatements } from './location-policies';
import { MonthAthena } from './month-athena';
import { PipelineFunction, type PipelineFunctionProps } from './pipeline-function';
import { type StackContext, uriOf } from './storage-stack';

const ORGANIZATIONS_ACTIONS = [
  'organizations:ListAccounts',
  'organizations:ListRoots',
  'organizations:ListAccountsForParent',
  'organizations:ListOrganizationalUnitsForParent',
];
const TAG_ACTION = 'organizations:ListTagsForResource';

/** What differs between the functions of the pipeline. */
type StepProps = Omit<PipelineFunctionProps, 'settings' | 'environment'> & {
  readonly environment?: Readonly<Record<string, string>>;
};

/** Creates the function that reads the organization and keeps its monthly snapshot. */
export function gatherAccounts(scope: Construct, context: StackContext): PipelineFunction {
  const {
    roleArn,
    readTags,
    roleArns = roleArn === undefined ? [] : [roleArn],
  } = context.settings.organizations;
  const assumesRoles = roleArns.length > 0;
  const access = assumesRoles
    ? new PolicyStatement({ actions: ['sts:AssumeRole'], resources: roleArns })
    : new PolicyStatement({
        actions: readTags ? [...ORGANIZATIONS_ACTIONS, TAG_ACTION] : ORGANIZATIONS_ACTIONS,
        resources: ['*'],
      });
  return createStep(scope, context, 'GatherAccounts', {
    entry: 'gather-accounts',
    statements: [access, ...locationStatements(context.storage.exports, 'write')],
    nodeModules: ['parquetjs-lite'],
    environment: assumesRoles ? { [VARIABLES.organizationsRoles]: JSON.stringify(roleArns) } : {},
    memoryMb: 512,
    timeout: Duration.minutes(15),
  });
}

/** Creates the function that takes the lock of every export and finds the months to compute. */
export function planMonths(scope: Construct, context: StackContext): PipelineFunction {
  return createStep(scope, context, 'PlanMonths', {
    entry: 'plan-months',
    statements: estateStatements(context),
    memoryMb: 512,
    timeout: Duration.minutes(5),
  });
}

/** Creates the function that computes and publishes one month, with what it needs of Athena. */
export function exportMonth(scope: Construct, context: StackContext): PipelineFunction {
  const { memoryMb, storageMb, timeoutMinutes } = context.settings.limits;
  const athena = createMonthAthena(scope, context);
  return createStep(scope, context, 'ExportMonth', {
    entry: 'export-month',
    statements: [...estateStatements(context), ...(athena?.statements ?? [])],
    environment: athena?.environment ?? {},
    memoryMb,
    storageMb,
    timeout: Duration.minutes(timeoutMinutes),
    nodeModules: ['@duckdb/node-api'],
  });
}

/** Creates the function that writes the report of a run, releases the locks and publishes the result. */
export function finishRun(scope: Construct, context: StackContext, { topicArn }: ITopic): PipelineFunction {
  const { exports, key } = context.storage;
  return createStep(scope, context, 'FinishRun', {
    entry: 'finish-run',
    statements: [
      ...locationStatements(exports, 'write'),
      new PolicyStatement({ actions: ['sns:Publish'], resources: [topicArn] }),
      // Publishing to an encrypted topic needs its key.
      ...keyStatements(key?.keyArn, 'write'),
    ],
    environment: { [VARIABLES.topic]: topicArn },
    memoryMb: 256,
    timeout: Duration.minutes(5),
  });
}

function createStep(
  scope: Construct,
  { settings, storage }: StackContext,
  id: string,
  props: StepProps,
): PipelineFunction {
  return new PipelineFunction(scope, `${id}Function`, {
    ...props,
    settings,
    environment: {
      [VARIABLES.inputs]: uriOf(storage.inputs),
      [VARIABLES.exports]: uriOf(storage.exports),
      [VARIABLES.settings]: JSON.stringify(functionSettings(settings)),
      POWERTOOLS_SERVICE_NAME: 'carbon-exports',
      ...props.environment,
    },
  });
}

/** Statements to read everything that a month is computed from and to write the export. */
function estateStatements({ settings, storage }: StackContext): PolicyStatement[] {
  return [
    ...[storage.inputs, ...deliveriesOf(settings).values()].flatMap((location) =>
      locationStatements(location, 'read'),
    ),
    ...locationStatements(storage.exports, 'write'),
  ];
}

function createMonthAthena(scope: Construct, { settings, storage }: StackContext): MonthAthena | undefined {
  if (settings.engine === 'duckdb') return undefined;
  const bills = [...deliveriesOf(settings)].filter(([table]) => isBillTable(table));
  const sources = [storage.inputs, ...bills.map(([, location]) => location)];
  return new MonthAthena(scope, 'MonthAthena', { settings, scratch: storage.scratch, sources });
}

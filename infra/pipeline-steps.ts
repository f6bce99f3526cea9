import { Duration } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { VARIABLES } from '../lambdas/variables';
import { defined } from '../shared/base/defined';
import { glueTables } from '../shared/catalog/glue';
import { isBillTable } from '../shared/usage/bills/bill-tables';
import { catalogOptions, databaseName } from './catalog-stack';
import { deliveriesOf, exportNamesOf, functionSettings } from './function-settings';
import { locationStatements, type WriteRights } from './location-policies';
import { MonthAthena } from './month-athena';
import { PipelineFunction, type PipelineFunctionProps } from './pipeline-function';
import { arnOf } from './service-role';
import { type StackContext, uriOf } from './storage-stack';

const ORGANIZATIONS_ACTIONS = [
  'organizations:ListAccounts',
  'organizations:ListRoots',
  'organizations:ListAccountsForParent',
  'organizations:ListOrganizationalUnitsForParent',
];
const TAG_ACTION = 'organizations:ListTagsForResource';

/** What differs between the functions of the pipeline. */
type StepProps = Omit<PipelineFunctionProps, 'settings' | 'environment' | 'key'> & {
  readonly environment?: Readonly<Record<string, string>>;
};

/** Creates the function that reads the organization and keeps its monthly snapshot. */
export function gatherAccounts(scope: Construct, context: StackContext): PipelineFunction {
  const { roleArn, readTags, externalId, ...organizations } = context.settings.organizations;
  const { roleArns = roleArn === undefined ? [] : [roleArn] } = organizations;
  const variables = {
    [VARIABLES.organizationsRoles]: roleArns.length > 0 ? JSON.stringify(roleArns) : undefined,
    [VARIABLES.organizationsExternalId]: externalId,
  };
  return createStep(scope, context, 'GatherAccounts', {
    entry: 'gather-accounts',
    statements: [
      roleArns.length > 0 ? assumeStatement(roleArns, externalId) : organizationStatement(readTags),
      ...locationStatements(context.storage.exports, { put: ['accounts/*', 'organization/*'] }),
    ],
    environment: defined(variables),
    memoryMb: 512,
    timeout: Duration.minutes(15),
  });
}

/** Creates the function that takes the lock of every export and finds the months to compute. */
export function planMonths(scope: Construct, context: StackContext): PipelineFunction {
  return createStep(scope, context, 'PlanMonths', {
    entry: 'plan-months',
    statements: [
      ...inputStatements(context),
      ...exportStatements(context, { put: ['state/*', 'runs/*'], delete: ['state/lock*'] }),
    ],
    memoryMb: 512,
    timeout: Duration.minutes(15),
  });
}

/** Creates the function that computes and publishes one month, with what it needs of Athena. */
export function exportMonth(scope: Construct, context: StackContext): PipelineFunction {
  const { memoryMb, storageMb, timeoutMinutes } = context.settings.limits;
  const athena = createMonthAthena(scope, context);
  return createStep(scope, context, 'ExportMonth', {
    entry: 'export-month',
    statements: [
      ...inputStatements(context),
      ...exportStatements(context, { put: ['data/*', 'metadata/*', 'history/*', 'state/*'] }),
      ...(athena?.statements ?? []),
    ],
    environment: athena?.environment ?? {},
    memoryMb,
    storageMb,
    timeout: Duration.minutes(timeoutMinutes),
  });
}

/** Creates the function that writes the report of a run, releases the locks and publishes the result. */
export function finishRun(scope: Construct, context: StackContext, { topicArn }: ITopic): PipelineFunction {
  const { report: hasReportPage, limits } = context.settings;
  return createStep(scope, context, 'FinishRun', {
    entry: 'finish-run',
    statements: [
      // The rights on the key also cover publishing to the encrypted topic.
      ...exportStatements(context, {
        put: ['runs/*', 'state/lock*', ...(hasReportPage ? ['report.html', 'state/page.json'] : [])],
        delete: ['runs/*', 'state/lock*'],
      }),
      new PolicyStatement({ actions: ['sns:Publish'], resources: [topicArn] }),
      partitionStatement(context),
    ],
    environment: {
      [VARIABLES.topic]: topicArn,
      [VARIABLES.catalogDatabase]: databaseName(context.settings),
    },
    ...(hasReportPage ? { memoryMb: 2_048, storageMb: limits.storageMb, hasReportPage } : { memoryMb: 512 }),
    timeout: Duration.minutes(15),
  });
}

/** Creates the function that releases the locks of an execution that ended without its last step. */
export function releaseLock(scope: Construct, context: StackContext, deadLetters: IQueue): PipelineFunction {
  return createStep(scope, context, 'ReleaseLock', {
    entry: 'release-lock',
    statements: [
      ...exportStatements(context, { put: ['state/lock*'], delete: ['state/lock*'] }),
      new PolicyStatement({ actions: ['sqs:SendMessage'], resources: [deadLetters.queueArn] }),
    ],
    deadLetters,
    memoryMb: 256,
    timeout: Duration.minutes(1),
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
    key: storage.key,
    environment: {
      [VARIABLES.inputs]: uriOf(storage.inputs),
      [VARIABLES.exports]: uriOf(storage.exports),
      [VARIABLES.settings]: JSON.stringify(functionSettings(settings)),
      POWERTOOLS_SERVICE_NAME: 'carbon-exports',
      ...props.environment,
    },
  });
}

/** Statement to register the partitions of published months, and to correct or remove those that are registered. */
function partitionStatement({ settings, storage }: StackContext): PolicyStatement {
  const database = databaseName(settings);
  const tables = glueTables(catalogOptions(settings, storage.exports)).map(({ name }) => name);
  return new PolicyStatement({
    actions: [
      'glue:GetTable',
      'glue:GetPartitions',
      'glue:BatchCreatePartition',
      'glue:BatchUpdatePartition',
      'glue:BatchDeletePartition',
    ],
    resources: [
      arnOf('glue', 'catalog'),
      arnOf('glue', `database/${database}`),
      ...tables.map((table) => arnOf('glue', `table/${database}/${table}`)),
    ],
  });
}

function organizationStatement(readTags: boolean): PolicyStatement {
  return new PolicyStatement({
    actions: readTags ? [...ORGANIZATIONS_ACTIONS, TAG_ACTION] : ORGANIZATIONS_ACTIONS,
    resources: ['*'],
  });
}

function assumeStatement(roleArns: readonly string[], externalId: string | undefined): PolicyStatement {
  const conditions = externalId && { StringEquals: { 'sts:ExternalId': externalId } };
  return new PolicyStatement({
    actions: ['sts:AssumeRole'],
    resources: [...roleArns],
    ...(conditions && { conditions }),
  });
}

/** Statements to read everything that a month is computed from. */
function inputStatements({ settings, storage }: StackContext): PolicyStatement[] {
  return [storage.inputs, ...deliveriesOf(settings).values()].flatMap((location) =>
    locationStatements(location),
  );
}

/** Statements to read all exports and to write the given folders of each export of the deployment. */
function exportStatements({ settings, storage }: StackContext, rights: WriteRights): PolicyStatement[] {
  const ofEachExport = (folders: readonly string[] = []): string[] =>
    exportNamesOf(settings).flatMap((name) => folders.map((folder) => `${name}/${folder}`));
  return locationStatements(storage.exports, {
    put: ofEachExport(rights.put),
    delete: ofEachExport(rights.delete),
  });
}

function createMonthAthena(scope: Construct, { settings, storage }: StackContext): MonthAthena | undefined {
  if (settings.engine === 'duckdb') return undefined;
  const bills = [...deliveriesOf(settings)].filter(([table]) => isBillTable(table));
  const sources = [storage.inputs, ...bills.map(([, location]) => location)];
  return new MonthAthena(scope, 'MonthAthena', { settings, scratch: storage.scratch, sources });
}

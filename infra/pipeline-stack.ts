import { Duration, RemovalPolicy, Stack, type StackProps, TimeZone, Validations } from 'aws-cdk-lib';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import {
  type IScheduleTarget,
  Schedule,
  ScheduleExpression,
  ScheduleTargetInput,
} from 'aws-cdk-lib/aws-scheduler';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { LogLevel, StateMachine, StateMachineType } from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';
import type { FunctionSettings } from '../lambdas/function-settings';
import { VARIABLES } from '../lambdas/variables';
import { defined } from '../shared/base/defined';
import { CARBON_TABLE } from '../shared/compute/aws-totals/carbon-columns';
import { breakdownText } from '../shared/exports/breakdown';
import { isBillTable } from '../shared/usage/bills/bill-tables';
import { locationStatements } from './location-policies';
import { MonthAthena } from './month-athena';
import { PipelineFunction, type PipelineFunctionProps } from './pipeline-function';
import type { Settings } from './settings';
import { pipelineDefinition, RUN_TIMEOUT } from './state-machine';
import { type Location, type StorageStack, uriOf } from './storage-stack';
import { acknowledgeWildcards } from './wildcards';

const ORGANIZATIONS_ACTIONS = [
  'organizations:ListAccounts',
  'organizations:ListRoots',
  'organizations:ListAccountsForParent',
  'organizations:ListOrganizationalUnitsForParent',
];
const TAG_ACTION = 'organizations:ListTagsForResource';

const DEAD_LETTER_DAYS = 14;

/** What runs: four functions, the state machine that calls them, and its schedule. */
export class PipelineStack extends Stack {
  readonly topic: Topic;
  readonly deadLetters: Queue;
  readonly stateMachine: StateMachine;
  readonly exportMonth: PipelineFunction;
  private readonly common: Readonly<Record<string, string>>;

  constructor(
    scope: Construct,
    id: string,
    private readonly settings: Settings,
    private readonly storage: StorageStack,
    props?: StackProps,
  ) {
    super(scope, id, props);
    this.common = {
      [VARIABLES.inputs]: uriOf(storage.inputs),
      [VARIABLES.exports]: uriOf(storage.exports),
      [VARIABLES.settings]: JSON.stringify(functionSettings(settings)),
      POWERTOOLS_SERVICE_NAME: 'carbon-exports',
    };
    this.topic = this.createTopic();
    this.deadLetters = new Queue(this, 'DeadLetters', {
      enforceSSL: true,
      retentionPeriod: Duration.days(DEAD_LETTER_DAYS),
    });
    Validations.of(this.deadLetters).acknowledge({
      id: 'AwsSolutions-SQS3',
      reason: 'This queue is the dead letters of the schedule.',
    });
    const { timeoutMinutes, memoryMb, storageMb, concurrency } = settings.limits;
    const monthAthena = this.monthAthena();
    const exportMonth = this.createFunction('ExportMonth', {
      entry: 'export-month',
      statements: [...this.estateStatements(), ...(monthAthena?.statements ?? [])],
      environment: monthAthena?.environment ?? {},
      memoryMb,
      storageMb,
      timeout: Duration.minutes(timeoutMinutes),
      nodeModules: ['@duckdb/node-api'],
    });
    this.exportMonth = exportMonth;
    const arns = {
      gatherAccounts: this.gatherAccounts().function.functionArn,
      planMonths: this.planMonths().function.functionArn,
      exportMonth: exportMonth.function.functionArn,
      finishRun: this.finishRun().function.functionArn,
    };
    this.stateMachine = this.createStateMachine(
      Object.values(arns),
      pipelineDefinition(this, arns, concurrency),
    );
    this.createSchedule();
  }

  /** Where months are summed that are too large for the function; nothing where the settings want none. */
  private monthAthena(): MonthAthena | undefined {
    const { settings, storage } = this;
    if (settings.engine === 'duckdb') return undefined;
    const deliveries = [...deliveriesOf(settings)].flatMap(([table, at]) => (isBillTable(table) ? [at] : []));
    return new MonthAthena(this, 'MonthAthena', settings, storage.scratch, [storage.inputs, ...deliveries]);
  }

  private gatherAccounts(): PipelineFunction {
    const { roleArn, readTags, ...several } = this.settings.organizations;
    const { roleArns = roleArn === undefined ? [] : [roleArn] } = several;
    const access =
      roleArns.length === 0
        ? new PolicyStatement({
            actions: [...ORGANIZATIONS_ACTIONS, ...(readTags ? [TAG_ACTION] : [])],
            resources: ['*'],
          })
        : new PolicyStatement({ actions: ['sts:AssumeRole'], resources: roleArns });
    return this.createFunction('GatherAccounts', {
      entry: 'gather-accounts',
      statements: [access, ...locationStatements(this.storage.exports, 'write')],
      nodeModules: ['parquetjs-lite'],
      environment: roleArns.length === 0 ? {} : { [VARIABLES.organizationsRoles]: JSON.stringify(roleArns) },
      memoryMb: 512,
      timeout: Duration.minutes(15),
    });
  }

  private planMonths(): PipelineFunction {
    return this.createFunction('PlanMonths', {
      entry: 'plan-months',
      statements: this.estateStatements(),
      memoryMb: 512,
      timeout: Duration.minutes(5),
    });
  }

  /** Reading everything a month is made of, and writing the export. */
  private estateStatements(): PolicyStatement[] {
    return [
      ...locationStatements(this.storage.inputs, 'read'),
      ...[...deliveriesOf(this.settings).values()].flatMap((location) =>
        locationStatements(location, 'read'),
      ),
      ...locationStatements(this.storage.exports, 'write'),
    ];
  }

  private finishRun(): PipelineFunction {
    const { topicArn } = this.topic;
    return this.createFunction('FinishRun', {
      entry: 'finish-run',
      statements: [
        ...locationStatements(this.storage.exports, 'write'),
        new PolicyStatement({ actions: ['sns:Publish'], resources: [topicArn] }),
        ...this.keyStatements(),
      ],
      environment: { [VARIABLES.topic]: topicArn },
      memoryMb: 256,
      timeout: Duration.minutes(5),
    });
  }

  private createFunction(
    id: string,
    props: Omit<PipelineFunctionProps, 'settings' | 'environment'> & {
      readonly environment?: Readonly<Record<string, string>>;
    },
  ): PipelineFunction {
    const environment = { ...this.common, ...props.environment };
    return new PipelineFunction(this, `${id}Function`, { ...props, settings: this.settings, environment });
  }

  /** Publishing to an encrypted topic takes its key. */
  private keyStatements(): PolicyStatement[] {
    const { key } = this.storage;
    if (key === undefined) return [];
    return [
      new PolicyStatement({ actions: ['kms:Decrypt', 'kms:GenerateDataKey'], resources: [key.keyArn] }),
    ];
  }

  private createTopic(): Topic {
    const { key } = this.storage;
    const topic = new Topic(this, 'Topic', {
      displayName: `Carbon export ${this.settings.exportName}`,
      enforceSSL: true,
      ...defined({ masterKey: key }),
    });
    const { mail } = this.settings;
    if (mail !== undefined) topic.addSubscription(new EmailSubscription(mail));
    return topic;
  }

  private createStateMachine(
    functionArns: readonly string[],
    definitionBody: ReturnType<typeof pipelineDefinition>,
  ): StateMachine {
    const role = new Role(this, 'StateMachineRole', {
      assumedBy: new ServicePrincipal('states.amazonaws.com'),
    });
    role.addToPrincipalPolicy(
      new PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: [...functionArns] }),
    );
    const stateMachine = new StateMachine(this, 'StateMachine', {
      definitionBody,
      role,
      stateMachineType: StateMachineType.STANDARD,
      timeout: RUN_TIMEOUT,
      tracingEnabled: true,
      logs: {
        level: LogLevel.ALL,
        includeExecutionData: true,
        destination: new LogGroup(this, 'StateMachineLogs', {
          logGroupName: `/aws/vendedlogs/states/${this.stackName}`,
          retention: this.settings.limits.logDays,
          removalPolicy: RemovalPolicy.DESTROY,
        }),
      },
    });
    acknowledgeWildcards(role, [new PolicyStatement({ resources: ['*'] })]);
    return stateMachine;
  }

  private createSchedule(): void {
    const { expression, enabled } = this.settings.schedule;
    const role = new Role(this, 'ScheduleRole', {
      assumedBy: new ServicePrincipal('scheduler.amazonaws.com'),
    });
    role.addToPrincipalPolicy(
      new PolicyStatement({
        actions: ['states:StartExecution'],
        resources: [this.stateMachine.stateMachineArn],
      }),
    );
    role.addToPrincipalPolicy(
      new PolicyStatement({ actions: ['sqs:SendMessage'], resources: [this.deadLetters.queueArn] }),
    );
    const target: IScheduleTarget = {
      bind: () => ({
        arn: this.stateMachine.stateMachineArn,
        role,
        input: ScheduleTargetInput.fromText('{"asOf":"<aws.scheduler.scheduled-time>"}'),
        deadLetterConfig: { arn: this.deadLetters.queueArn },
        retryPolicy: { maximumEventAgeInSeconds: 3_600, maximumRetryAttempts: 10 },
      }),
    };
    new Schedule(this, 'Schedule', {
      description: 'Looks every day for months that are new or changed',
      schedule: ScheduleExpression.expression(expression, TimeZone.ETC_UTC),
      enabled,
      target,
    });
  }
}

/** AWS's exports by the folder of the inputs that they are read below. */
function deliveriesOf({ awsTotals }: Settings): ReadonlyMap<string, Location> {
  if (awsTotals === undefined) return new Map();
  const { carbon, bills } = awsTotals;
  const locationOf = ({ bucket, prefix, keyArn }: Omit<typeof carbon, 'table'>): Location => ({
    bucketName: bucket,
    prefix,
    ...defined({ keyArn }),
  });
  return new Map([
    [CARBON_TABLE, locationOf(carbon)],
    ...(bills === undefined ? [] : [[bills.table, locationOf(bills)] as const]),
  ]);
}

/** What the functions are told. */
export function functionSettings(settings: Settings): FunctionSettings {
  const { awsTotals } = settings;
  const sources = Object.fromEntries([...deliveriesOf(settings)].map(([table, at]) => [table, uriOf(at)]));
  const { exportName, format, productDetail, engine, internalAccounts } = settings;
  const { months, from, modelVersion } = settings;
  return {
    ...{ exportName, format, productDetail, engine, internalAccounts },
    by: settings.by.map(breakdownText),
    readTags: settings.organizations.readTags,
    ...(awsTotals === undefined ? {} : { awsTotals: { sources, modelVersions: awsTotals.modelVersions } }),
    selection: {
      ...defined({ months, from, modelVersion }),
    },
  };
}

import { RemovalPolicy, Stack, type StackProps } from 'aws-cdk-lib';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { LogLevel, StateMachine, StateMachineType } from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';
import { defined } from '../shared/base/defined';
import type { PipelineFunction } from './pipeline-function';
import { exportMonth, finishRun, gatherAccounts, planMonths } from './pipeline-steps';
import { createDeadLetters, createSchedule } from './run-schedule';
import { pipelineDefinition, RUN_TIMEOUT, type StepFunctionArns } from './state-machine';
import type { StackContext } from './storage-stack';
import { acknowledgeWildcards } from './wildcards';

/** What runs: four functions, the state machine that calls them, and its schedule. */
export class PipelineStack extends Stack {
  readonly topic: Topic;
  readonly deadLetters: Queue;
  readonly stateMachine: StateMachine;
  readonly exportMonth: PipelineFunction;

  constructor(
    scope: Construct,
    id: string,
    private readonly context: StackContext,
    props?: StackProps,
  ) {
    super(scope, id, props);
    this.topic = this.createTopic();
    this.deadLetters = createDeadLetters(this);
    this.exportMonth = exportMonth(this, context);
    this.stateMachine = this.createStateMachine({
      gatherAccounts: gatherAccounts(this, context).function.functionArn,
      planMonths: planMonths(this, context).function.functionArn,
      exportMonth: this.exportMonth.function.functionArn,
      finishRun: finishRun(this, context, this.topic).function.functionArn,
    });
    createSchedule(this, context.settings.schedule, this.stateMachine, this.deadLetters);
  }

  private createTopic(): Topic {
    const { settings, storage } = this.context;
    const topic = new Topic(this, 'Topic', {
      displayName: `Carbon export ${settings.exportName}`,
      enforceSSL: true,
      ...defined({ masterKey: storage.key }),
    });
    if (settings.mail !== undefined) topic.addSubscription(new EmailSubscription(settings.mail));
    return topic;
  }

  private createStateMachine(arns: StepFunctionArns): StateMachine {
    const { concurrency, logDays } = this.context.settings.limits;
    const role = new Role(this, 'StateMachineRole', {
      assumedBy: new ServicePrincipal('states.amazonaws.com'),
    });
    role.addToPrincipalPolicy(
      new PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: Object.values(arns) }),
    );
    const stateMachine = new StateMachine(this, 'StateMachine', {
      definitionBody: pipelineDefinition(this, arns, concurrency),
      role,
      stateMachineType: StateMachineType.STANDARD,
      timeout: RUN_TIMEOUT,
      tracingEnabled: true,
      logs: {
        level: LogLevel.ALL,
        includeExecutionData: true,
        destination: new LogGroup(this, 'StateMachineLogs', {
          logGroupName: `/aws/vendedlogs/states/${this.stackName}`,
          retention: logDays,
          removalPolicy: RemovalPolicy.DESTROY,
        }),
      },
    });
    acknowledgeWildcards(role, [new PolicyStatement({ resources: ['*'] })]);
    return stateMachine;
  }
}

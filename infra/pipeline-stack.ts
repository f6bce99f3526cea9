import { Stack, type StackProps } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Topic } from 'aws-cdk-lib/aws-sns';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { LogLevel, StateMachine, StateMachineType } from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';
import { setFeatureFlags } from './feature-flags';
import { createLockRelease } from './lock-release';
import { createLogGroup } from './log-group';
import { createDeadLetters, createTopic } from './messages';
import { createOutputs } from './outputs';
import type { PipelineFunction } from './pipeline-function';
import { exportMonth, finishRun, gatherAccounts, planMonths, releaseLock } from './pipeline-steps';
import { createSchedule } from './run-schedule';
import { createServiceRole } from './service-role';
import { pipelineDefinition, RUN_TIMEOUT, type StepFunctionArns } from './state-machine';
import { type StackContext, uriOf } from './storage-stack';
import { acknowledgeWildcards } from './wildcards';

/** Description of the role of a function that reads inputs. */
const READS_ELSEWHERE = 'For the policies of buckets and keys of other accounts that are read';

/** What runs: the state machine, the functions that it calls, its schedule, and the release of its locks. */
export class PipelineStack extends Stack {
  readonly topic: Topic;
  readonly deadLetters: Queue;
  readonly stateMachine: StateMachine;
  readonly exportMonth: PipelineFunction;

  constructor(scope: Construct, id: string, context: StackContext, props?: StackProps) {
    super(scope, id, props);
    setFeatureFlags(this);
    this.topic = createTopic(this, context);
    this.deadLetters = createDeadLetters(this, context);
    this.exportMonth = exportMonth(this, context);
    const [gather, plan] = [gatherAccounts(this, context), planMonths(this, context)];
    this.stateMachine = this.createStateMachine(context, {
      gatherAccounts: gather.function.functionArn,
      planMonths: plan.function.functionArn,
      exportMonth: this.exportMonth.function.functionArn,
      finishRun: finishRun(this, context, this.topic).function.functionArn,
    });
    createSchedule(this, context, this.stateMachine, this.deadLetters);
    createLockRelease(
      this,
      this.stateMachine,
      releaseLock(this, context, this.deadLetters),
      this.deadLetters,
    );
    createOutputs(this, {
      InputsLocation: {
        value: uriOf(context.storage.inputs),
        description: 'Where the estate is uploaded to',
      },
      ExportsLocation: { value: uriOf(context.storage.exports), description: 'Where months are published' },
      StateMachineArn: {
        value: this.stateMachine.stateMachineArn,
        description: 'Starts a run: aws stepfunctions start-execution',
      },
      GatherAccountsRoleArn: {
        value: gather.roleArn,
        description: 'For the trust policy of a role to assume for Organizations',
      },
      PlanMonthsRoleArn: { value: plan.roleArn, description: READS_ELSEWHERE },
      ExportMonthRoleArn: { value: this.exportMonth.roleArn, description: READS_ELSEWHERE },
    });
  }

  private createStateMachine({ settings, storage }: StackContext, arns: StepFunctionArns): StateMachine {
    const { concurrency, logDays } = settings.limits;
    const role = createServiceRole(this, 'StateMachineRole', 'states');
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
        destination: createLogGroup(this, 'StateMachineLogs', {
          name: `/aws/vendedlogs/states/${this.stackName}`,
          logDays,
          key: storage.key,
        }),
      },
    });
    acknowledgeWildcards(role, [new PolicyStatement({ resources: ['*'] })]);
    return stateMachine;
  }
}

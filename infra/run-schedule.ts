import { TimeZone } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Schedule, ScheduleExpression, ScheduleTargetInput } from 'aws-cdk-lib/aws-scheduler';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import type { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { keyStatements } from './location-policies';
import { createServiceRole } from './service-role';
import type { StackContext } from './storage-stack';
import type { Construct } from 'constructs';

/** For how long, and how often, EventBridge Scheduler tries to start a run. */
const RETRY = { maximumEventAgeInSeconds: 3_600, maximumRetryAttempts: 10 };

/** Creates the schedule that starts runs, with a role that may do only that and report what it could not start. */
export function createSchedule(
  scope: Construct,
  { settings, storage }: StackContext,
  { stateMachineArn }: StateMachine,
  { queueArn }: Queue,
): void {
  const { expression, enabled } = settings.schedule;
  const role = createServiceRole(scope, 'ScheduleRole', 'scheduler');
  for (const statement of [
    new PolicyStatement({ actions: ['states:StartExecution'], resources: [stateMachineArn] }),
    new PolicyStatement({ actions: ['sqs:SendMessage'], resources: [queueArn] }),
    ...keyStatements(storage.key?.keyArn, 'write'),
  ]) {
    role.addToPrincipalPolicy(statement);
  }
  new Schedule(scope, 'Schedule', {
    description: 'Starts a run every day on which AWS may publish or inputs may arrive',
    schedule: ScheduleExpression.expression(expression, TimeZone.ETC_UTC),
    enabled,
    target: {
      bind: () => ({
        arn: stateMachineArn,
        role,
        input: ScheduleTargetInput.fromText('{"asOf":"<aws.scheduler.scheduled-time>"}'),
        deadLetterConfig: { arn: queueArn },
        retryPolicy: RETRY,
      }),
    },
  });
}

import { Duration, TimeZone, Validations } from 'aws-cdk-lib';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Schedule, ScheduleExpression, ScheduleTargetInput } from 'aws-cdk-lib/aws-scheduler';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import type { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';
import type { Settings } from './settings';

const DEAD_LETTER_DAYS = 14;
/** For how long, and how often, EventBridge Scheduler tries to start a run. */
const RETRY = { maximumEventAgeInSeconds: 3_600, maximumRetryAttempts: 10 };

/** Creates the queue that receives events for which no run could be started. */
export function createDeadLetters(scope: Construct): Queue {
  const queue = new Queue(scope, 'DeadLetters', {
    enforceSSL: true,
    retentionPeriod: Duration.days(DEAD_LETTER_DAYS),
  });
  Validations.of(queue).acknowledge({
    id: 'AwsSolutions-SQS3',
    reason: 'This queue is the dead-letter queue of the schedule.',
  });
  return queue;
}

/** Creates the schedule that starts runs, with a role that may do only that and report what it could not start. */
export function createSchedule(
  scope: Construct,
  { expression, enabled }: Settings['schedule'],
  { stateMachineArn }: StateMachine,
  { queueArn }: Queue,
): void {
  const role = new Role(scope, 'ScheduleRole', {
    assumedBy: new ServicePrincipal('scheduler.amazonaws.com'),
  });
  role.addToPrincipalPolicy(
    new PolicyStatement({ actions: ['states:StartExecution'], resources: [stateMachineArn] }),
  );
  role.addToPrincipalPolicy(new PolicyStatement({ actions: ['sqs:SendMessage'], resources: [queueArn] }));
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

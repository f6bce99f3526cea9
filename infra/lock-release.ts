import { Aws } from 'aws-cdk-lib';
import { Rule } from 'aws-cdk-lib/aws-events';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import type { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';
import type { PipelineFunction } from './pipeline-function';
import { onBehalfOf } from './service-role';

/** Ends of an execution in which its last step may not have released the locks. */
const ENDS_WITHOUT_RELEASE = ['ABORTED', 'FAILED', 'TIMED_OUT'];

const RETRY = { maximumEventAgeInSeconds: 3_600, maximumRetryAttempts: 10 };

/**
 * Creates the rule that calls release-lock when an execution was stopped, timed out or failed. Without it, the next run
 * would wait until the lease of the lock ends.
 */
export function createLockRelease(
  scope: Construct,
  { stateMachineArn }: StateMachine,
  { function: releaseLock }: PipelineFunction,
  deadLetters: Queue,
): void {
  const rule = new Rule(scope, 'ReleaseLockRule', {
    description: 'Releases the locks of an execution that ended without its last step',
    eventPattern: {
      source: ['aws.states'],
      detailType: ['Step Functions Execution Status Change'],
      detail: { stateMachineArn: [stateMachineArn], status: ENDS_WITHOUT_RELEASE },
    },
  });
  rule.addTarget({
    bind: () => ({
      arn: releaseLock.functionArn,
      deadLetterConfig: { arn: deadLetters.queueArn },
      retryPolicy: RETRY,
    }),
  });
  releaseLock.addPermission('ReleaseLockRule', {
    principal: new ServicePrincipal('events.amazonaws.com'),
    sourceArn: rule.ruleArn,
    sourceAccount: Aws.ACCOUNT_ID,
  });
  deadLetters.addToResourcePolicy(
    new PolicyStatement({
      principals: [new ServicePrincipal('events.amazonaws.com', { conditions: onBehalfOf(rule.ruleArn) })],
      actions: ['sqs:SendMessage'],
      resources: [deadLetters.queueArn],
    }),
  );
}

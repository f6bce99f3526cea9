import { Duration, Validations } from 'aws-cdk-lib';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { defined } from '../shared/base/defined';
import { arnOf, onBehalfOf } from './service-role';
import type { StackContext } from './storage-stack';
import { suppressChecks } from './suppressed-checks';

const DEAD_LETTER_DAYS = 14;

/** Creates the topic of results and alarms. Alarms publish as a service, so the policy of the topic allows them. */
export function createTopic(scope: Construct, { settings, storage }: StackContext): Topic {
  const topic = new Topic(scope, 'Topic', {
    displayName: `Carbon export ${settings.exportName}`,
    enforceSSL: true,
    ...defined({ masterKey: storage.key }),
  });
  const alarms = arnOf('cloudwatch', `alarm:${settings.stackPrefix}-*`);
  topic.addToResourcePolicy(
    new PolicyStatement({
      principals: [new ServicePrincipal('cloudwatch.amazonaws.com', { conditions: onBehalfOf(alarms) })],
      actions: ['sns:Publish'],
      resources: [topic.topicArn],
    }),
  );
  if (storage.key === undefined) {
    suppressChecks(topic, {
      CKV_AWS_26:
        'Alarms cannot publish under the key of AWS for SNS; the setting "encryption": "kms" encrypts the topic.',
    });
  }
  if (settings.mail !== undefined) topic.addSubscription(new EmailSubscription(settings.mail));
  return topic;
}

/** Creates the queue that receives events that started no run or released no lock. */
export function createDeadLetters(scope: Construct, { storage: { key } }: StackContext): Queue {
  const queue = new Queue(scope, 'DeadLetters', {
    enforceSSL: true,
    retentionPeriod: Duration.days(DEAD_LETTER_DAYS),
    encryption: key === undefined ? QueueEncryption.SQS_MANAGED : QueueEncryption.KMS,
    ...defined({ encryptionMasterKey: key }),
  });
  if (key === undefined) {
    suppressChecks(queue, {
      CKV_AWS_27: 'SQS encrypts this queue with its own keys (SqsManagedSseEnabled).',
    });
  }
  Validations.of(queue).acknowledge({
    id: 'AwsSolutions-SQS3',
    reason: 'This queue is the dead-letter queue of the schedule and of the rule that releases locks.',
  });
  return queue;
}

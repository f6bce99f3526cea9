import { Aws, RemovalPolicy } from 'aws-cdk-lib';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';
import { arnOf, onBehalfOf } from './service-role';

/** What a publisher of messages needs of the key: SNS and SQS encrypt each message under a data key. */
const PUBLISHING = ['kms:Decrypt', 'kms:GenerateDataKey'];

/**
 * Creates the KMS key of a deployment. Roles of this account use it by their own policies. Services that act without a
 * role are named in the key's policy: CloudWatch alarms, EventBridge rules and CloudWatch Logs.
 */
export function createStorageKey(scope: Construct, stackPrefix: string): Key {
  const key = new Key(scope, 'Key', {
    description: 'Inputs, exports, messages, logs and environment variables of carbon-exports',
    enableKeyRotation: true,
    removalPolicy: RemovalPolicy.RETAIN,
  });
  // Names instead of references: the resources belong to stacks that depend on this one.
  const pipeline = `${stackPrefix}Pipeline`;
  for (const [service, source] of [
    ['cloudwatch', arnOf('cloudwatch', `alarm:${stackPrefix}-*`)],
    ['events', arnOf('events', `rule/${pipeline}-*`)],
  ] as const) {
    key.addToResourcePolicy(
      new PolicyStatement({
        principals: [new ServicePrincipal(`${service}.amazonaws.com`, { conditions: onBehalfOf(source) })],
        actions: PUBLISHING,
        resources: ['*'],
      }),
    );
  }
  key.addToResourcePolicy(logsStatement([`${pipeline}-*`, `/aws/vendedlogs/states/${pipeline}`]));
  return key;
}

/** CloudWatch Logs names the log group in the encryption context, and no source account. */
function logsStatement(logGroups: readonly string[]): PolicyStatement {
  return new PolicyStatement({
    principals: [new ServicePrincipal(`logs.${Aws.REGION}.amazonaws.com`)],
    actions: [
      'kms:Encrypt',
      'kms:Decrypt',
      'kms:ReEncryptFrom',
      'kms:ReEncryptTo',
      'kms:GenerateDataKey',
      'kms:GenerateDataKeyWithoutPlaintext',
      'kms:DescribeKey',
    ],
    resources: ['*'],
    conditions: {
      ArnLike: {
        'kms:EncryptionContext:aws:logs:arn': logGroups.map((name) => arnOf('logs', `log-group:${name}`)),
      },
    },
  });
}

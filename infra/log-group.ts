import { RemovalPolicy } from 'aws-cdk-lib';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { defined } from '../shared/base/defined';
import type { Settings } from './settings';
import { suppressChecks } from './suppressed-checks';

/** Name, retention and encryption of a log group. */
export interface LogGroupProps {
  /** @default - CloudFormation chooses the name */
  readonly name?: string;
  readonly logDays: Settings['limits']['logDays'];
  /** KMS key of the deployment, where the settings ask for one. */
  readonly key: IKey | undefined;
}

/** Creates a log group that is deleted together with its stack. */
export function createLogGroup(
  scope: Construct,
  id: string,
  { name, logDays, key }: LogGroupProps,
): LogGroup {
  const logGroup = new LogGroup(scope, id, {
    retention: logDays,
    removalPolicy: RemovalPolicy.DESTROY,
    ...defined({ logGroupName: name, encryptionKey: key }),
  });
  if (key === undefined) {
    suppressChecks(logGroup, {
      CKV_AWS_158:
        'CloudWatch Logs encrypts with its own keys; the setting "encryption": "kms" uses a KMS key.',
    });
  }
  return logGroup;
}

import { Aws } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { defined } from '../shared/base/defined';
import type { Location } from './storage-stack';

/** What a role may write below a location, in addition to reading all of it. Patterns are relative to the location. */
export interface WriteRights {
  readonly put?: readonly string[];
  readonly delete?: readonly string[];
}

/**
 * Returns the statements to list and read a location, and to write below it. CDK's own grants name actions by wildcards
 * (s3:GetObject*), which include actions that no function calls.
 */
export function locationStatements(location: Location, rights: WriteRights = {}): PolicyStatement[] {
  const { put = [], delete: deletes = [] } = rights;
  return [
    listStatement(location),
    objectStatement(location, ['s3:GetObject'], ['*']),
    ...(put.length > 0 ? [objectStatement(location, ['s3:PutObject', 's3:AbortMultipartUpload'], put)] : []),
    ...(deletes.length > 0 ? [objectStatement(location, ['s3:DeleteObject'], deletes)] : []),
    ...keyStatements(location.keyArn, put.length > 0 ? 'write' : 'read'),
  ];
}

/**
 * S3 answers 404 for a missing object only where the caller may list the bucket, and otherwise 403. A request for an
 * object has no `s3:prefix`, so the condition must hold where the key is absent.
 */
function listStatement({ bucketName, prefix }: Location): PolicyStatement {
  const conditions = prefix === '' ? undefined : { StringLikeIfExists: { 's3:prefix': [`${prefix}/*`] } };
  return new PolicyStatement({
    actions: ['s3:ListBucket'],
    resources: [bucketArn(bucketName)],
    ...defined({ conditions }),
  });
}

function objectStatement(
  { bucketName, prefix }: Location,
  actions: string[],
  patterns: readonly string[],
): PolicyStatement {
  const below = prefix === '' ? '' : `${prefix}/`;
  const resources = patterns.map((pattern) => `${bucketArn(bucketName)}/${below}${pattern}`);
  return new PolicyStatement({ actions, resources });
}

/** Returns the statements to use a KMS key, or an empty list without a key. */
export function keyStatements(keyArn: string | undefined, access: 'read' | 'write'): PolicyStatement[] {
  if (keyArn === undefined) return [];
  const actions = access === 'write' ? ['kms:Decrypt', 'kms:GenerateDataKey'] : ['kms:Decrypt'];
  return [new PolicyStatement({ actions, resources: [keyArn] })];
}

/** Returns the ARN of a bucket. */
export function bucketArn(bucketName: string): string {
  return `arn:${Aws.PARTITION}:s3:::${bucketName}`;
}

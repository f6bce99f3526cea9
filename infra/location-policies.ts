import { Aws } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { defined } from '../shared/base/defined';
import type { Location } from './storage-stack';

/** What a function may do below a prefix of a bucket. */
export type LocationAccess = 'read' | 'write';

/**
 * Returns the statements for one location. CDK's own grants name actions by wildcards (s3:GetObject*), which include
 * actions that no function calls.
 */
export function locationStatements(location: Location, access: LocationAccess): PolicyStatement[] {
  const { bucketName, prefix, keyArn } = location;
  const bucketArn = `arn:${Aws.PARTITION}:s3:::${bucketName}`;
  const below = prefix === '' ? '*' : `${prefix}/*`;
  const writing = ['s3:PutObject', 's3:DeleteObject', 's3:AbortMultipartUpload'];
  return [
    new PolicyStatement({
      actions: ['s3:ListBucket'],
      resources: [bucketArn],
      ...defined({
        conditions: prefix === '' ? undefined : { StringLike: { 's3:prefix': [below] } },
      }),
    }),
    new PolicyStatement({
      actions: ['s3:GetObject', ...(access === 'write' ? writing : [])],
      resources: [`${bucketArn}/${below}`],
    }),
    ...keyStatements(keyArn, access),
  ];
}

/** Returns the statements to use a KMS key; none where there is no key. */
export function keyStatements(keyArn: string | undefined, access: LocationAccess): PolicyStatement[] {
  if (keyArn === undefined) return [];
  const actions = access === 'write' ? ['kms:Decrypt', 'kms:GenerateDataKey'] : ['kms:Decrypt'];
  return [new PolicyStatement({ actions, resources: [keyArn] })];
}

import { Aws } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Location } from './storage-stack';

/** What a function may do below a prefix of a bucket. */
export type LocationAccess = 'read' | 'write';

/**
 * Statements for one location. The grants of CDK's buckets and keys name actions by wildcards (s3:GetObject*), which
 * take in more than any function here calls.
 */
export function locationStatements(location: Location, access: LocationAccess): PolicyStatement[] {
  const { bucketName, prefix, keyArn } = location;
  const bucketArn = `arn:${Aws.PARTITION}:s3:::${bucketName}`;
  const below = prefix === '' ? '*' : `${prefix}/*`;
  const writes = access === 'write';
  return [
    new PolicyStatement({
      actions: ['s3:ListBucket'],
      resources: [bucketArn],
      ...(prefix === '' ? {} : { conditions: { StringLike: { 's3:prefix': [below] } } }),
    }),
    new PolicyStatement({
      actions: [
        's3:GetObject',
        ...(writes ? ['s3:PutObject', 's3:DeleteObject', 's3:AbortMultipartUpload'] : []),
      ],
      resources: [`${bucketArn}/${below}`],
    }),
    ...(keyArn === undefined
      ? []
      : [
          new PolicyStatement({
            actions: ['kms:Decrypt', ...(writes ? ['kms:GenerateDataKey'] : [])],
            resources: [keyArn],
          }),
        ]),
  ];
}

import type { Stack } from 'aws-cdk-lib';

/** Behaviour of the CDK that the templates are tested with, whatever the app of the construct has in its cdk.json. */
const FLAGS = {
  '@aws-cdk/core:checkSecretUsage': true,
  '@aws-cdk/core:defaultCrossStackReferences': 'strong',
  // Without it, a bucket that receives access logs needs an ACL.
  '@aws-cdk/aws-s3:serverAccessLogsUseBucketPolicy': true,
  '@aws-cdk/aws-iam:minimizePolicies': false,
} as const;

/** Sets the flags of a stack. It must not have constructs yet. */
export function setFeatureFlags(stack: Stack): void {
  for (const [flag, value] of Object.entries(FLAGS)) stack.node.setContext(flag, value);
}

import { Duration, RemovalPolicy, Stack, type StackProps, Validations } from 'aws-cdk-lib';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import {
  BlockPublicAccess,
  Bucket,
  BucketEncryption,
  type BucketProps,
  type IBucket,
  ObjectOwnership,
} from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { defined } from '../shared/base/defined';
import { setFeatureFlags } from './feature-flags';
import type { Settings } from './settings';
import { createStorageKey } from './storage-key';
import { suppressChecks } from './suppressed-checks';

/** A prefix in a bucket, with the KMS key that encrypts its objects. */
export interface Location {
  readonly bucketName: string;
  /** Neither starts nor ends with a slash; blank for the whole bucket. */
  readonly prefix: string;
  readonly keyArn?: string;
}

/** What the stacks after the storage stack need. */
export interface StackContext {
  readonly settings: Settings;
  readonly storage: StorageStack;
}

/** Returns the location as an address such as `s3://bucket/prefix`. */
export function uriOf({ bucketName, prefix }: Location): string {
  return prefix === '' ? `s3://${bucketName}` : `s3://${bucketName}/${prefix}`;
}

/** How long replaced versions are kept, days: long enough to notice a mistake after the next month's run. */
const OLD_VERSION_DAYS = 90;
const ACCESS_LOG_DAYS = 90;
const QUERY_RESULT_DAYS = 30;
/** A month removes its scratch files. Those of a month that was killed expire. */
const SCRATCH_DAYS = 1;
const SCRATCH_PREFIX = 'scratch';

/** What must outlive the pipeline: inputs, exports and their key. CloudFormation keeps all of them when the stack is deleted. */
export class StorageStack extends Stack {
  readonly inputs: Location;
  readonly exports: Location;
  /** Results of Athena queries, which can be run again. */
  readonly results: Location;
  /** Files that exist while Athena sums a month. */
  readonly scratch: Location;
  /** The KMS key of this deployment, where the settings ask for one. */
  readonly key: IKey | undefined;

  constructor(scope: Construct, id: string, settings: Settings, props?: StackProps) {
    super(scope, id, props);
    setFeatureFlags(this);
    this.key = settings.encryption === 'kms' ? createStorageKey(this, settings.stackPrefix) : undefined;
    const logs = this.createLogBucket();
    this.inputs = this.inputsLocation(settings, logs);
    const exports = this.createBucket('Exports', logs, { versioned: true });
    exports.addLifecycleRule({ noncurrentVersionExpiration: Duration.days(OLD_VERSION_DAYS) });
    this.exports = this.locationOf(exports, settings.exportsPrefix);
    const results = this.createBucket('QueryResults', logs, {});
    results.addLifecycleRule({ expiration: Duration.days(QUERY_RESULT_DAYS) });
    results.addLifecycleRule({ prefix: `${SCRATCH_PREFIX}/`, expiration: Duration.days(SCRATCH_DAYS) });
    suppressChecks(results, {
      CKV_AWS_21: 'Results of queries can be computed again and expire after 30 days; versions have no use.',
    });
    this.results = this.locationOf(results, '');
    this.scratch = { ...this.results, prefix: SCRATCH_PREFIX };
  }

  private inputsLocation({ inputs }: Settings, logs: Bucket): Location {
    if (inputs.bucket !== undefined) {
      const { bucket, prefix, keyArn } = inputs;
      return { bucketName: bucket, prefix, ...defined({ keyArn }) };
    }
    const bucket = this.createBucket('Inputs', logs, { versioned: true });
    bucket.addLifecycleRule({ noncurrentVersionExpiration: Duration.days(OLD_VERSION_DAYS) });
    return this.locationOf(bucket, inputs.prefix);
  }

  private locationOf(bucket: Bucket, prefix: string): Location {
    // An export whose name is known during synthesis, so that each finding about it can be acknowledged separately.
    const bucketName = this.exportValue(bucket.bucketName);
    return { bucketName, prefix, ...defined({ keyArn: this.key?.keyArn }) };
  }

  private createBucket(id: string, logs: Bucket, props: BucketProps): Bucket {
    const bucket = new Bucket(this, `${id}Bucket`, {
      ...(this.key === undefined
        ? { encryption: BucketEncryption.S3_MANAGED }
        : { encryption: BucketEncryption.KMS, encryptionKey: this.key, bucketKeyEnabled: true }),
      ...secureBucket(),
      // Bucket of CDK does not match its IBucket under exactOptionalPropertyTypes.
      serverAccessLogsBucket: logs as IBucket,
      serverAccessLogsPrefix: `${id.toLowerCase()}/`,
      ...props,
    });
    // The stores do not remove multipart uploads that were interrupted; this rule does.
    bucket.addLifecycleRule({ abortIncompleteMultipartUploadAfter: Duration.days(1) });
    return bucket;
  }

  private createLogBucket(): Bucket {
    const bucket = new Bucket(this, 'AccessLogs', {
      // S3 cannot deliver access logs to a bucket encrypted with KMS.
      encryption: BucketEncryption.S3_MANAGED,
      ...secureBucket(),
      lifecycleRules: [{ expiration: Duration.days(ACCESS_LOG_DAYS) }],
    });
    const reason =
      'This bucket receives the access logs. Logging access to it would create logs without end.';
    Validations.of(bucket).acknowledge({ id: 'AwsSolutions-S1', reason });
    suppressChecks(bucket, {
      CKV_AWS_18: reason,
      CKV_AWS_21: 'S3 writes each access log once and never replaces it.',
    });
    return bucket;
  }
}

function secureBucket(): BucketProps {
  return {
    enforceSSL: true,
    minimumTLSVersion: 1.2,
    blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
    objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
    removalPolicy: RemovalPolicy.RETAIN,
  };
}

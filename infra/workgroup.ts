import { CfnWorkGroup } from 'aws-cdk-lib/aws-athena';
import type { Construct } from 'constructs';
import { type Location, uriOf } from './storage-stack';

const BYTES_PER_MB = 1_000_000;

/** Purpose and limits of a workgroup. */
export interface WorkgroupProps {
  readonly name: string;
  readonly description: string;
  /** Limit of the data that one query scans, MB. */
  readonly scanMb: number;
  /** Where results are stored, and the key that encrypts them. */
  readonly results: Location;
}

/** Creates an Athena workgroup whose settings a query cannot override. */
export function createWorkgroup(scope: Construct, id: string, props: WorkgroupProps): CfnWorkGroup {
  const { name, description, scanMb, results } = props;
  return new CfnWorkGroup(scope, id, {
    name,
    description,
    recursiveDeleteOption: true,
    workGroupConfiguration: {
      enforceWorkGroupConfiguration: true,
      publishCloudWatchMetricsEnabled: true,
      bytesScannedCutoffPerQuery: scanMb * BYTES_PER_MB,
      engineVersion: { selectedEngineVersion: 'Athena engine version 3' },
      resultConfiguration: {
        outputLocation: `${uriOf(results)}/athena/`,
        encryptionConfiguration:
          results.keyArn === undefined
            ? { encryptionOption: 'SSE_S3' }
            : { encryptionOption: 'SSE_KMS', kmsKey: results.keyArn },
      },
    },
  });
}

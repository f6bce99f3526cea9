import { CfnWorkGroup } from 'aws-cdk-lib/aws-athena';
import type { Construct } from 'constructs';
import { type Location, uriOf } from './storage-stack';

const BYTES_PER_MB = 1_000_000;

/** What a workgroup is for. */
export interface WorkgroupProps {
  readonly name: string;
  readonly description: string;
  /** What one query may scan at most, MB. */
  readonly scanMb: number;
  /** Where results lie, and by which key they are encrypted. */
  readonly results: Location;
}

/** An Athena workgroup whose settings nobody can override. */
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

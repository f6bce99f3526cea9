import type { Deployment } from '../support/deployment';
import { synthesized } from '../support/synthesized';

/** Roles in the management accounts of two organizations. */
export const ROLES = [
  'arn:aws:iam::111111111111:role/reader',
  'arn:aws:iam::222222222222:role/reader',
] as const;

/** Settings of the deployments under test. */
const CONFIGURATIONS = {
  defaults: {},
  /** Every setting that changes rights, encryption or formats. */
  everySetting: {
    encryption: 'kms',
    format: 'csv',
    mail: 'carbon@example.com',
    architecture: 'x86_64',
    inputs: { bucket: 'an-estate', prefix: 'prod/carbon' },
    organizations: { roleArn: ROLES[0] },
    terminationProtection: true,
    permissionsBoundary: 'boundary',
    runbook: 'https://example.com/runbook',
  },
  awsTotals: {
    awsTotals: {
      carbon: {
        bucket: 'reports',
        prefix: 'carbon/monthly',
        keyArn: 'arn:aws:kms:us-east-1:111111111111:key/k',
      },
      bills: { bucket: 'bills', prefix: 'focus/daily', table: 'focus' },
    },
  },
  breakdowns: { by: ['tag:Cost-Center', 'cost-category:Unit', 'resource'] },
  breakdownsInCsv: { by: ['tag:team', 'tag:部門'], format: 'csv' },
  severalRoles: { organizations: { roleArns: ROLES, externalId: 'carbon-2026' } },
  withoutAthena: { engine: 'duckdb' },
  withoutReport: { report: false },
} as const;

/** One deployment per encryption: keys of AWS, and a KMS key. */
export const ENCRYPTIONS = ['defaults', 'everySetting'] as const;

/** Name of a deployment under test. */
export type Configuration = keyof typeof CONFIGURATIONS;

const cache = new Map<Configuration, Deployment>();

/** Returns a deployment under test; each one is synthesized once. References to a resource read `<logical id>`. */
export function deployed(configuration: Configuration): Deployment {
  const present = cache.get(configuration);
  if (present !== undefined) return present;
  const made = synthesized(CONFIGURATIONS[configuration], (_, id) => `<${id}>`);
  cache.set(configuration, made);
  return made;
}

/** Expects that a workgroup exists and limits the bytes that a query may scan. */
export function expectScanLimit(workgroup: string, bytes: number): void {
  const workgroups = deployed('defaults')
    .resources('AWS::Athena::WorkGroup')
    .filter(({ properties }) => properties['Name'] === workgroup);
  const limits = { BytesScannedCutoffPerQuery: bytes, EnforceWorkGroupConfiguration: true };
  expect(workgroups).toMatchObject([{ properties: { WorkGroupConfiguration: limits } }]);
}

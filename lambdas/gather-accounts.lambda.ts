import { OrganizationsClient, type OrganizationsClientConfig } from '@aws-sdk/client-organizations';
import { fromTemporaryCredentials } from '@aws-sdk/credential-providers';
import { monthOfInstant } from '../shared/base/month';
import type { OrganizationSnapshot } from '../shared/organization/account';
import { keepSnapshot } from '../shared/organization/keep-snapshot';
import { type OrganizationSource, readOrganizations } from '../shared/organization/read-organizations';
import { refreshSnapshot } from '../shared/organization/refresh-snapshot';
import { pastAsOf, stepEventSchema } from '../shared/runs/run-event';
import { withEnvironment } from './environment';
import { roleRequest, rolesToAssume } from './organization-roles';
import { stepHandler } from './step-handler';
import { logger, tracer } from './telemetry';
import { VARIABLES } from './variables';

/** Organizations throttles early, and pages of 20 accounts need many calls. */
const THROTTLED = { retryMode: 'adaptive', maxAttempts: 12 } as const;

/** Returns the organization of the function's account, or of each role's account. */
function sourcesOf(
  roleArns: readonly string[],
  externalId: string | undefined,
): [OrganizationSource, ...OrganizationSource[]] {
  const sourceOf = (name: string, config: OrganizationsClientConfig): OrganizationSource => ({
    name,
    client: tracer.captureAWSv3Client(new OrganizationsClient({ ...THROTTLED, ...config })),
  });
  const [first, ...others] = roleArns.map((roleArn) =>
    sourceOf(roleArn, {
      credentials: fromTemporaryCredentials({ params: roleRequest(roleArn, externalId) }),
    }),
  );
  return first === undefined ? [sourceOf('the own organization', {})] : [first, ...others];
}

/** Keeps the month's snapshot of the organization; several organizations become one snapshot. */
export const handler = stepHandler(stepEventSchema, (event) =>
  withEnvironment(async ({ stores, settings, scratch }) => {
    const sources = sourcesOf(
      rolesToAssume(process.env[VARIABLES.organizationsRoles]),
      process.env[VARIABLES.organizationsExternalId],
    );
    const readOrganization = (instant: string): Promise<OrganizationSnapshot> =>
      readOrganizations(sources, {
        asOf: instant,
        readTags: settings.readTags,
        warn: (message) => {
          logger.warn(message);
        },
      });
    const { exports } = stores;
    const day = pastAsOf(event);
    const { snapshot } = await keepSnapshot({ exports, asOf: day, scratch, readOrganization });
    const kept = { accounts: snapshot.accounts.length, asOf: snapshot.asOf };
    if (event.state.refreshAccounts === true) {
      const now = await readOrganization(day.toISOString());
      const replaced = await refreshSnapshot({ exports, month: monthOfInstant(day), scratch, now });
      logger.info('The snapshot of the month was replaced', { replaced });
    }
    logger.info('The accounts are recorded', kept);
    return kept;
  }),
);

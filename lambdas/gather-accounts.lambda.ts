import { OrganizationsClient } from '@aws-sdk/client-organizations';
import { fromTemporaryCredentials } from '@aws-sdk/credential-providers';
import { readOrganization } from '../shared/organization/organizations-api';
import { gatherAccounts } from '../shared/runs/gather-accounts';
import { asOfOf, stepEventSchema } from '../shared/runs/run-event';
import { withEnvironment } from './environment';
import { stepHandler } from './step-handler';
import { logger, tracer } from './telemetry';
import { VARIABLES } from './variables';

const roleArn = process.env[VARIABLES.organizationsRole];

// Organizations throttles early, and its answers of twenty accounts a page make many calls.
const client = tracer.captureAWSv3Client(
  new OrganizationsClient({
    retryMode: 'adaptive',
    maxAttempts: 12,
    ...(roleArn === undefined
      ? {}
      : { credentials: fromTemporaryCredentials({ params: { RoleArn: roleArn } }) }),
  }),
);

/** Keeps the month's snapshot of the organization. */
export const handler = stepHandler(stepEventSchema, (event) =>
  withEnvironment(async ({ stores, settings, scratch }) => {
    const { accounts, asOf } = await gatherAccounts({
      exports: stores.exports,
      asOf: asOfOf(event),
      scratch,
      readOrganization: (instant) =>
        readOrganization({
          client,
          asOf: instant,
          readTags: settings.readTags,
          warn: (message) => {
            logger.warn(message);
          },
        }),
    });
    logger.info('Accounts are on record', { accounts: accounts.length, asOf });
    return { accounts: accounts.length, asOf };
  }),
);

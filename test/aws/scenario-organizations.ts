import { asMonth } from '../../shared/base/month';
import { OrganizationsClient } from '@aws-sdk/client-organizations';
import { fromTemporaryCredentials } from '@aws-sdk/credential-providers';
import { VARIABLES } from '../../lambdas/variables';
import { readSnapshot } from '../../shared/organization/snapshots';
import { check, checkEqual } from './check';
import { createOtherOrganization } from './organization';
import type { World } from './world';

const FIRST = '123456789012';
const SECOND = '222222222222';

const ROLES = [FIRST, SECOND].map((account) => `arn:aws:iam::${account}:role/organization-reader`);

const DENIED = `<ErrorResponse><Error><Type>Sender</Type><Code>AccessDenied</Code>
<Message>not authorized to perform: sts:AssumeRole</Message></Error></ErrorResponse>`;

/** Two management accounts, each with a role to assume and a separate organization. */
export async function twoOrganizations(world: World): Promise<void> {
  const endpoint = `http://127.0.0.1:${String(world.moto.port)}`;
  const params = { RoleArn: ROLES[1], RoleSessionName: 'set-up' };
  const credentials = fromTemporaryCredentials({ params, clientConfig: { endpoint } });
  const members = await createOtherOrganization(new OrganizationsClient({ endpoint, credentials }));
  const variables = { [VARIABLES.organizationsRoles]: JSON.stringify(ROLES) };
  world.proxy.fault = ({ body }) =>
    body.includes('Action=AssumeRole') && body.includes(SECOND)
      ? { kind: 'answer', status: 403, body: DENIED }
      : undefined;
  const refused = await world.execute('2027-02-15T00:00:00Z', undefined, variables);
  checkEqual('red where one organization cannot be read', refused.status, 'red');
  const problem = refused.report?.problems[0] ?? '';
  check(
    'which the report names',
    problem.includes(ROLES[1] ?? '-') && problem.includes('AccessDenied'),
    problem,
  );
  checkEqual(
    'there is no snapshot of only the other organization',
    await readSnapshot(world.exports, asMonth('2027-02')),
    undefined,
  );
  world.proxy.reset();
  const { status, report } = await world.execute('2027-02-16T00:00:00Z', undefined, variables);
  check('green once both can be read', status === 'green', report?.problems);
  const stored = await readSnapshot(world.exports, asMonth('2027-02'));
  checkEqual('the first one pays where nothing else is known', stored?.snapshot.payerAccountId, FIRST);
  const ofSecond = stored?.snapshot.accounts.filter(({ payerAccountId }) => payerAccountId === SECOND);
  checkEqual(
    'accounts of the second have its payer',
    ofSecond?.map(({ accountId }) => accountId),
    [SECOND, ...members].sort(),
  );
  const others = stored?.snapshot.accounts.filter(({ payerAccountId }) => payerAccountId === undefined);
  checkEqual('those of the first are all there', others?.length, 46);
  const asked = world.proxy.seen.filter(({ body }) => body.includes('Action=AssumeRole'));
  const roles = asked.map(({ body }) => new URLSearchParams(body).get('RoleArn'));
  checkEqual('both roles were assumed, in their order', roles, ROLES);
}

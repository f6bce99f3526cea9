import { asMonth } from '../../shared/base/month';
import { readSnapshot } from '../../shared/organization/snapshots';
import { LocalAws } from '../support/local-aws';
import { check, checkEqual } from './check';
import type { World } from './world';

/** Day of the first run. The estate's last month is the one before. */
export const FIRST_DAY = '2026-11-15T00:00:00Z';

export async function firstRun(world: World): Promise<void> {
  const { status, report, error } = await world.execute(FIRST_DAY);
  check('the execution is green', status === 'green', { error, problems: report?.problems });
  const published = report?.months.filter((month) => month.status === 'published') ?? [];
  const partitions = new LocalAws(world.proxy.url).partitions('carbon_emissions');
  checkEqual('every month is a partition', (await partitions.list('carbon_emissions')).length, 38);
  checkEqual('so is the snapshot of the organization', (await partitions.list('accounts')).length, 1);
  checkEqual('38 months are published', published.length, 38);
  checkEqual('the local command publishes the same estate', world.runLocally(FIRST_DAY), 0);
  checkEqual(
    'every file in the bucket is byte for byte the local one',
    await world.differencesFromLocal(),
    [],
  );
  const page = await world.page();
  check('the report page has its data', /id="report-data">\s*H4sI/.test(page), page.slice(0, 500));
  const stored = await readSnapshot(world.exports, asMonth('2026-11'));
  const stateOf = (name: string): string | undefined =>
    stored?.snapshot.accounts.find(({ accountName }) => accountName === name)?.state;
  checkEqual('the snapshot has 46 accounts, from three pages', stored?.snapshot.accounts.length, 46);
  const states = ['Member 1', 'Member 3', 'Member 4', 'Member 5', 'Member 6', 'Member 7'].map(stateOf);
  checkEqual('accounts have their State, or the old Status where that is all there is', states, [
    'ACTIVE',
    'SUSPENDED',
    'PENDING_CLOSURE',
    'CLOSED',
    'PENDING_ACTIVATION',
    'SUSPENDED',
  ]);
  const member = (name: string) => stored?.snapshot.accounts.find(({ accountName }) => accountName === name);
  checkEqual('the path of organizational units is known', member('Member 1')?.ouPath, 'Platform/Shared');
  checkEqual('tags are known', member('Member 2')?.tags, { 'cost-center': '4711' });
  const mails = world.proxy.seen.filter(({ body }) => body.includes('Action=Publish'));
  checkEqual('one message is published', mails.length, 1);
  const mail = new URLSearchParams(mails[0]?.body).get('Message') ?? '';
  const link = /^Report page: https:\/\/console\.aws\.amazon\.com\/s3\/object\/\S+report\.html$/m;
  check('and its mail links to the report page', link.test(decodeURIComponent(mail)), mail);
  const [finish] = world.host.invocations.filter(({ step }) => step === 'FinishRun');
  check('metrics say 38 months', finish?.log.includes('"MonthsPublished":38') ?? false, finish?.log);
}

export async function nothingNew(world: World): Promise<void> {
  const before = await world.published();
  const invocations = world.host.invocations.length;
  const { status, report } = await world.execute('2026-11-16T06:00:00Z');
  check('the execution is green', status === 'green', report);
  checkEqual(
    'every month is unchanged',
    report?.months.filter((month) => month.status === 'unchanged').length,
    38,
  );
  checkEqual('nothing was written', await world.published(), before);
  const steps = world.host.invocations.slice(invocations).map(({ step }) => step);
  checkEqual('no month was computed', steps, ['GatherAccounts', 'PlanMonths', 'FinishRun']);
  const reads = world.proxy.seen.filter(
    ({ method, url }) => method === 'GET' && url.includes('usage_period%3D'),
  );
  const inputs = reads.filter(({ url }) => url.startsWith('/inputsbucket'));
  checkEqual('no input was read', inputs.length, 0);
  checkEqual(
    'no mail is sent',
    world.proxy.seen.filter(({ body }) => body.includes('Action=Publish')).length,
    0,
  );
}

import { type MonthState, writeState } from '../../shared/exports/month-state';
import { knownManifests, MonthStates } from '../../shared/exports/month-states';
import { asExportMonth, stateIndexKey, stateKey } from '../../shared/exports/layout';
import { FolderStore } from '../../shared/stores/folder-store';
import type { StoredContent, StoredObject } from '../../shared/stores/object-store';
import { scratch } from '../support/scratch';

const folder = scratch();

/** A store that lists its tags as versions, as S3 does, and notes what is read. */
class TaggedStore extends FolderStore {
  readonly reads: string[] = [];

  override async list(prefix: string): Promise<StoredObject[]> {
    const objects = await super.list(prefix);
    const tagged = objects.map(async ({ key, size }) => ({
      ...{ key, size },
      version: (await super.get(key))?.etag ?? '',
    }));
    return Promise.all(tagged);
  }

  override get(key: string): Promise<StoredContent | undefined> {
    this.reads.push(key);
    return super.get(key);
  }
}

const MONTHS = Array.from({ length: 24 }, (_, index) => {
  const month = `${String(2024 + Math.floor(index / 12))}-${String((index % 12) + 1).padStart(2, '0')}`;
  return asExportMonth(month, 'v2.0.0');
});

const stateOf = (at: (typeof MONTHS)[number], status: MonthState['status']): MonthState => ({
  ...at,
  status,
  asOf: '2026-01-15T00:00:00.000Z',
});

async function storeWith(months: readonly (typeof MONTHS)[number][]): Promise<TaggedStore> {
  const store = new TaggedStore(folder());
  for (const at of months) await writeState(store, 'carbon', stateOf(at, 'done'));
  await (await MonthStates.read(store, 'carbon')).keep(store);
  store.reads.length = 0;
  return store;
}

test.each([1, 24])('%d states that are kept are read from one object', async (count) => {
  const months = MONTHS.slice(0, count);
  const store = await storeWith(months);
  const states = await MonthStates.read(store, 'carbon');
  expect(store.reads).toEqual([stateIndexKey('carbon')]);
  expect(states.all()).toEqual(months.map((at) => stateOf(at, 'done')));
});

test('a state that was written since is read itself, and the next time from the copies', async () => {
  const store = await storeWith(MONTHS);
  const [first = asExportMonth('', '')] = MONTHS;
  await writeState(store, 'carbon', stateOf(first, 'failed'));
  store.reads.length = 0;
  const states = await MonthStates.read(store, 'carbon');
  expect(store.reads).toEqual([stateIndexKey('carbon'), stateKey('carbon', first)]);
  expect(states.of(first)?.status).toBe('failed');
  await states.keep(store);
  store.reads.length = 0;
  expect((await MonthStates.read(store, 'carbon')).of(first)?.status).toBe('failed');
  expect(store.reads).toEqual([stateIndexKey('carbon')]);
});

test.each([
  ['removed', async (store: TaggedStore) => store.delete(stateIndexKey('carbon'))],
  ['damaged', async (store: TaggedStore) => store.put(stateIndexKey('carbon'), '{"a": 1')],
])('copies that are %s change nothing', async (_, damage) => {
  const store = await storeWith(MONTHS);
  await damage(store);
  expect((await MonthStates.read(store, 'carbon')).all()).toEqual(MONTHS.map((at) => stateOf(at, 'done')));
});

test('a state that was removed is not read from the copies', async () => {
  const store = await storeWith(MONTHS);
  const [first = asExportMonth('', '')] = MONTHS;
  await store.delete(stateKey('carbon', first));
  expect((await MonthStates.read(store, 'carbon')).of(first)).toBeUndefined();
});

test('a folder whose states another process wrote just now gets no copies', async () => {
  const path = folder();
  await writeState(new FolderStore(path), 'carbon', stateOf(asExportMonth('2025-01', 'v2.0.0'), 'done'));
  const store = new FolderStore(path);
  await (await MonthStates.read(store, 'carbon')).keep(store);
  expect(await store.get(stateIndexKey('carbon'))).toBeUndefined();
});

describe('the files in a folder that months were done with', () => {
  const JANUARY: MonthState = {
    ...stateOf(asExportMonth('2025-01', 'v2.0.0'), 'done'),
    fingerprint: 'inputs',
  };
  const FEBRUARY: MonthState = { ...JANUARY, ...asExportMonth('2025-02', 'v2.0.0') };

  async function kept(state: MonthState, store = new FolderStore(folder())): Promise<FolderStore> {
    await writeState(store, 'carbon', state);
    const filesOf = ({ month }: MonthState): string | undefined =>
      month === state.month ? `files of ${month}` : undefined;
    await (await MonthStates.read(store, 'carbon')).keep(store, { filesOf });
    return store;
  }

  test('are those of a month that is done for the same inputs', async () => {
    const states = await MonthStates.read(await kept(JANUARY), 'carbon');
    expect(states.isOfFiles(JANUARY, 'files of 2025-01')).toBe(true);
    expect(states.isOfFiles(JANUARY, 'other files')).toBe(false);
    expect(states.isOfFiles(JANUARY, undefined)).toBe(false);
    expect(states.isOfFiles(FEBRUARY, 'files of 2025-02')).toBe(false);
    expect(states.isOfFiles({ ...JANUARY, fingerprint: 'others' }, 'files of 2025-01')).toBe(false);
    expect(states.isOfFiles({ ...JANUARY, status: 'failed' }, 'files of 2025-01')).toBe(false);
  });

  test('of a month that failed are not recorded', async () => {
    const store = await kept({ ...JANUARY, status: 'failed' });
    expect((await store.get(stateIndexKey('carbon')))?.body.toString('utf8')).not.toContain('files of');
  });

  test('stay for months that a later run does not compute', async () => {
    const states = await MonthStates.read(await kept(FEBRUARY, await kept(JANUARY)), 'carbon');
    expect(states.isOfFiles(JANUARY, 'files of 2025-01')).toBe(true);
    expect(states.isOfFiles(FEBRUARY, 'files of 2025-02')).toBe(true);
  });

  test('are unknown where the index is damaged', async () => {
    const store = await kept(JANUARY);
    await store.put(stateIndexKey('carbon'), '{');
    expect((await MonthStates.read(store, 'carbon')).isOfFiles(JANUARY, 'files of 2025-01')).toBe(false);
  });
});

test('the last comparison of the accounts stays until there is another', async () => {
  const store = await storeWith([]);
  const organization = { listing: 'accounts and snapshots', note: 'one account was added' };
  await (await MonthStates.read(store, 'carbon')).keep(store, { organization });
  const states = await MonthStates.read(store, 'carbon');
  expect(states.organization).toEqual(organization);
  await states.keep(store);
  expect((await MonthStates.read(store, 'carbon')).organization).toEqual(organization);
});

test('what manifests name stays until it is listed anew', async () => {
  const store = await storeWith(MONTHS);
  const manifests = { 'focus/costs/metadata/m.json': { version: '1', files: ['s3://bucket/a.parquet'] } };
  await (await MonthStates.read(store, 'carbon')).keep(store, { manifests });
  await (await MonthStates.read(store, 'carbon')).keep(store);
  expect(await knownManifests(store, 'carbon')).toEqual(manifests);
  await (await MonthStates.read(store, 'carbon')).keep(store, { manifests: {} });
  expect(await knownManifests(store, 'carbon')).toEqual({});
});

import { FileListings } from '../../shared/exports/file-listings';
import { asExportMonth, fileListingKey } from '../../shared/exports/layout';
import type { MonthState } from '../../shared/exports/month-state';
import { FolderStore } from '../../shared/stores/folder-store';
import { scratch } from '../support/scratch';

const folder = scratch();

const state = (month: string, more: Partial<MonthState> = {}): MonthState => ({
  ...asExportMonth(month, 'v2.0.0'),
  status: 'done',
  fingerprint: 'inputs',
  asOf: '2025-04-15T00:00:00.000Z',
  ...more,
});

const JANUARY = state('2025-01');

async function kept(months: readonly MonthState[], store = new FolderStore(folder())): Promise<FolderStore> {
  await (await FileListings.read(store, 'carbon')).keep(store, months, ({ month }) => `files of ${month}`);
  return store;
}

describe('the files that months in a folder were computed from', () => {
  test('are those of a month that is done for the same inputs', async () => {
    const listings = await FileListings.read(await kept([JANUARY]), 'carbon');
    expect(listings.isOf(JANUARY, 'files of 2025-01')).toBe(true);
    expect(listings.isOf(JANUARY, 'other files')).toBe(false);
    expect(listings.isOf(JANUARY, undefined)).toBe(false);
    expect(listings.isOf(state('2025-02'), 'files of 2025-02')).toBe(false);
    expect(listings.isOf(state('2025-01', { fingerprint: 'others' }), 'files of 2025-01')).toBe(false);
    expect(listings.isOf(state('2025-01', { status: 'failed' }), 'files of 2025-01')).toBe(false);
  });

  test('of a month that failed are not recorded', async () => {
    const store = await kept([state('2025-01', { status: 'failed' })]);
    expect(await store.get(fileListingKey('carbon'))).toBeUndefined();
  });

  test('stay for months that a later run does not compute', async () => {
    const store = await kept([state('2025-02')], await kept([JANUARY]));
    const listings = await FileListings.read(store, 'carbon');
    expect(listings.isOf(JANUARY, 'files of 2025-01')).toBe(true);
    expect(listings.isOf(state('2025-02'), 'files of 2025-02')).toBe(true);
  });

  test('are unknown where the record is damaged', async () => {
    const store = await kept([JANUARY]);
    await store.put(fileListingKey('carbon'), '{');
    expect((await FileListings.read(store, 'carbon')).isOf(JANUARY, 'files of 2025-01')).toBe(false);
  });
});

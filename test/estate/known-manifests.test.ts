import { asMonth } from '../../shared/base/month';
import { InputFiles } from '../../shared/estate/input-files';
import { FolderStore } from '../../shared/stores/folder-store';
import type { StoredContent } from '../../shared/stores/object-store';
import { EstateFolder } from '../support/estate-folder';
import { scratch } from '../support/scratch';

const folder = scratch();

class CountingStore extends FolderStore {
  readonly reads: string[] = [];

  override get(key: string): Promise<StoredContent | undefined> {
    this.reads.push(key);
    return super.get(key);
  }
}

const MONTHS = ['2025-01', '2025-02', '2025-03'];

function manifestOf(month: string): string {
  return `focus/costs/metadata/BILLING_PERIOD=${month}/costs-Manifest.json`;
}

function writeDelivery(estate: EstateFolder, month: string, file: string): void {
  estate.write(`focus/costs/data/BILLING_PERIOD=${month}/${file}`, 'content');
  const dataFiles = [`s3://bucket/costs/data/BILLING_PERIOD=${month}/${file}`];
  estate.write(manifestOf(month), JSON.stringify({ dataFiles }));
}

let estate: EstateFolder;

beforeEach(() => {
  estate = new EstateFolder(folder());
  for (const month of MONTHS) writeDelivery(estate, month, 'costs-00001.csv.gz');
  // A folder has no versions of files that were written just now.
  const later = Date.now() + 10_000;
  jest.spyOn(Date, 'now').mockImplementation(() => later);
});

afterEach(() => jest.restoreAllMocks());

test('manifests that are known and unchanged are not read again', async () => {
  const first = new CountingStore(estate.path);
  const before = await InputFiles.list(first);
  expect(first.reads).toEqual(MONTHS.map(manifestOf));
  const second = new CountingStore(estate.path);
  const files = await InputFiles.list(second, before.manifests);
  expect(second.reads).toEqual([]);
  expect(files.deliveriesOf('focus')).toEqual(before.deliveriesOf('focus'));
  expect(files.deliveriesOf('focus')).toHaveLength(MONTHS.length);
  expect(files.manifests).toEqual(before.manifests);
});

test('a manifest that was replaced is read, and one that was removed is forgotten', async () => {
  const before = await InputFiles.list(new FolderStore(estate.path));
  const [january = '', february = '', march = ''] = MONTHS;
  writeDelivery(estate, february, 'costs-00002.csv.gz');
  estate.remove(manifestOf(march));
  const store = new CountingStore(estate.path);
  const files = await InputFiles.list(store, before.manifests);
  expect(store.reads).toEqual([manifestOf(february)]);
  expect(Object.keys(files.manifests)).toEqual([january, february].map(manifestOf));
  expect(files.monthly('focus', asMonth('2025-02'))).toEqual([
    'focus/costs/data/BILLING_PERIOD=2025-02/costs-00002.csv.gz',
  ]);
});

test('an object that is not a manifest is reported each time', async () => {
  estate.write(manifestOf('2025-01'), '{}');
  const { strays, manifests } = await InputFiles.list(new FolderStore(estate.path));
  const again = await InputFiles.list(new FolderStore(estate.path), manifests);
  expect(strays.map(({ file }) => file)).toEqual([manifestOf('2025-01')]);
  expect(again.strays.map(({ file, expected }) => [file, expected])).toEqual(
    strays.map(({ file, expected }) => [file, expected]),
  );
});

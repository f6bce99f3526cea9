import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { FolderStore } from '../../shared/stores/folder-store';
import type { LocalCopy } from '../../shared/stores/object-store';
import { EstateFolder } from '../support/estate-folder';
import { monthlyEstate, MONTHS } from '../support/estates/monthly-estate';
import { EXPORT_NAME } from '../support/export-name';
import { readManifest } from '../support/export-reader';
import { copyFolder, hashesOf } from '../support/folder-contents';
import { keepDuckDb } from '../support/kept-duckdb';
import { hasFailed, runFolders, runStores } from '../support/run-export';
import { scratch } from '../support/scratch';

beforeAll(() => keepDuckDb({ threads: 1 }));

/*
 * A file that is replaced while a run reads it is read again; a month never mixes two versions of it.
 */

const USAGE = 'usage/usage_period=2025-01/usage-part-1.csv';

const folder = scratch();
let inputs = '';
let before: Record<string, string>;

beforeAll(async () => {
  inputs = EstateFolder.of(monthlyEstate(), join(folder(), 'inputs')).path;
  before = await undisturbed(inputs);
});

/** A folder in which a file is replaced right after it was copied, a given number of times. */
class ReplacingStore extends FolderStore {
  constructor(
    private readonly folder: string,
    private readonly file: string,
    private readonly change: (text: string, time: number) => string,
    private readonly when: { readonly skip: number; readonly times: number },
  ) {
    super(folder);
  }

  private seen = 0;

  override async localCopy(key: string): Promise<LocalCopy> {
    const copy = await super.localCopy(key);
    if (key !== this.file) return copy;
    this.seen += 1;
    const { skip, times } = this.when;
    if (this.seen <= skip || this.seen > skip + times) return copy;
    const path = join(this.folder, key);
    writeFileSync(path, this.change(readFileSync(path, 'utf8'), this.seen));
    return copy;
  }
}

/** The result of a run on inputs that do not change. */
async function undisturbed(path: string): Promise<Record<string, string>> {
  const out = folder();
  expect(hasFailed(await runFolders(path, out, { threads: 1 }))).toBe(false);
  return hashesOf(out);
}

/** The data files and manifests of a folder's files. */
function publishedIn(files: Record<string, string>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(files).filter(([name]) => name.includes('/data/') || name.includes('Manifest')),
  );
}

describe.each([
  { what: 'usage', file: USAGE, part: ',3,', other: ',4,' },
  { what: 'the racks', file: 'racks/usage_period=2025-01/racks-part-1.csv', part: ',10', other: ',20' },
  { what: 'a share', file: 'rack_use/usage_period=2025-01/rack_use-part-1.csv', part: '0.5', other: '0.4' },
  { what: 'a table at the root', file: 'electricity.csv', part: '2025-01,1', other: '2025-01,2' },
])('$what', ({ file, part, other }) => {
  const change = (text: string): string => text.replace(part, other);
  let after: Record<string, string>;

  beforeAll(async () => {
    const estate = new EstateFolder(copyFolder(inputs, folder()));
    estate.write(file, change(estate.read(file)));
    after = await undisturbed(estate.path);
    expect(publishedIn(after)).not.toEqual(publishedIn(before));
  });

  test.each([0, 1, 2])(
    'replaced once, after %i copies of it: the month is that of one version',
    async (skip) => {
      // Prepare
      const estate = copyFolder(inputs, folder());
      const store = new ReplacingStore(estate, file, change, { skip, times: 1 });
      const out = folder();
      // Act
      const report = await runStores(store, new FolderStore(out), { threads: 1 });
      // Assess: the version that was read last, or the first where it was replaced only after it was read
      expect(report.months.map(({ error }) => error)).toEqual(MONTHS.map(() => undefined));
      expect([publishedIn(after), publishedIn(before)]).toContainEqual(publishedIn(hashesOf(out)));
    },
  );
});

test('usage that is replaced at every reading is an error that names the file, and nothing is published', async () => {
  // Prepare
  const estate = copyFolder(inputs, folder());
  const store = new ReplacingStore(
    estate,
    USAGE,
    (text, time) => text.replace(/,(\d),1\.5/, `,${String(time)},1.5`),
    { skip: 0, times: 99 },
  );
  const out = folder();
  // Act
  const report = await runStores(store, new FolderStore(out), { threads: 1 });
  // Assess
  const [, january] = report.months;
  expect(january?.error).toBe(`${USAGE}: expected the file to stay as it is while it is read`);
  expect(report.months.map(({ status }) => status)).toEqual(['published', 'failed', 'published']);
  expect(Object.keys(hashesOf(out)).filter((name) => name.includes('usage_period=2025-01/carbon'))).toEqual(
    [],
  );
  // The next run finds it unchanged and publishes it
  expect(hasFailed(await runFolders(estate, out, { threads: 1 }))).toBe(false);
  const place = { out, exportName: EXPORT_NAME, month: '2025-01', modelVersion: 'v2.0.0' };
  expect(readManifest(place).usageLines).toBe(4);
});

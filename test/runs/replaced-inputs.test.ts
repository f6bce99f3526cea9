import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { FolderStore } from '../../shared/stores/folder-store';
import type { LocalCopy } from '../../shared/stores/object-store';
import { hasFailed, runIn } from '../faults/fault-world';
import { readManifest } from '../support/export-rows';
import { contentsOf, copyOf, EstateFolder, estateOf, MONTHS, NAME, scratch } from '../support/tiny-run';

/*
 * A file that is replaced while a run reads it is read again; a month never mixes two versions of it.
 */

const DAY = '2025-03-15';
const USAGE = 'usage/usage_period=2025-01/usage-part-1.csv';

const folder = scratch();
let inputs = '';

beforeAll(() => {
  inputs = EstateFolder.of(estateOf(), join(folder(), 'inputs')).path;
});

/** A folder in which a file is replaced right after it was copied, a given number of times. */
class ReplacingStore extends FolderStore {
  constructor(
    private readonly folder: string,
    private readonly file: string,
    private readonly change: (text: string, time: number) => string,
    private readonly times: number,
    private readonly skip = 0,
  ) {
    super(folder);
  }

  private seen = 0;

  override async localCopy(key: string): Promise<LocalCopy> {
    const copy = await super.localCopy(key);
    if (key !== this.file) return copy;
    this.seen += 1;
    if (this.seen <= this.skip || this.seen > this.skip + this.times) return copy;
    const path = join(this.folder, key);
    writeFileSync(path, this.change(readFileSync(path, 'utf8'), this.seen));
    return copy;
  }
}

/** The result of a run on inputs that do not change. */
async function undisturbed(path: string): Promise<Record<string, string>> {
  const out = folder();
  expect(hasFailed(await runIn(new FolderStore(path), new FolderStore(out), DAY))).toBe(false);
  return contentsOf(out);
}

describe.each([
  { what: 'usage', file: USAGE, part: ',3,', other: ',4,' },
  { what: 'the racks', file: 'racks/usage_period=2025-01/racks-part-1.csv', part: ',10', other: ',20' },
  { what: 'a share', file: 'rack_use/usage_period=2025-01/rack_use-part-1.csv', part: '0.5', other: '0.4' },
  { what: 'a table at the root', file: 'electricity.csv', part: '2025-01,1', other: '2025-01,2' },
])('$what', ({ file, part, other }) => {
  test.each([0, 1, 2])(
    'replaced once, after %i copies of it: the month is that of one version',
    async (skip) => {
      // Prepare
      const estate = copyOf(inputs, folder());
      const store = new ReplacingStore(estate, file, (text) => text.replace(part, other), 1, skip);
      const [before, out] = [await undisturbed(estate), folder()];
      // Act
      const report = await runIn(store, new FolderStore(out), DAY);
      // Assess: the version that was read last, or the first where it was replaced only after it was read
      expect(report.months.map(({ error }) => error)).toEqual(MONTHS.map(() => undefined));
      const data = (tree: Record<string, string>): Record<string, string> =>
        Object.fromEntries(
          Object.entries(tree).filter(([name]) => name.includes('/data/') || name.includes('Manifest')),
        );
      expect([data(await undisturbed(estate)), data(before)]).toContainEqual(data(contentsOf(out)));
    },
  );
});

test('usage that is replaced at every reading is an error that names the file, and nothing is published', async () => {
  // Prepare
  const estate = copyOf(inputs, folder());
  const store = new ReplacingStore(
    estate,
    USAGE,
    (text, time) => text.replace(/,(\d),1\.5/, `,${String(time)},1.5`),
    99,
  );
  const out = folder();
  // Act
  const report = await runIn(store, new FolderStore(out), DAY);
  // Assess
  const [, january] = report.months;
  expect(january?.error).toBe(`${USAGE}: expected the file to stay as it is while it is read`);
  expect(report.months.map(({ status }) => status)).toEqual(['published', 'failed', 'published']);
  expect(Object.keys(contentsOf(out)).filter((name) => name.includes('usage_period=2025-01/carbon'))).toEqual(
    [],
  );
  // The next run finds it unchanged and publishes it
  expect(hasFailed(await runIn(new FolderStore(estate), new FolderStore(out), DAY))).toBe(false);
  const place = { out, exportName: NAME, month: '2025-01', modelVersion: 'v2.0.0' };
  expect(readManifest(place).usageLines).toBe(4);
});

import { setTimeout as sleep } from 'node:timers/promises';
import { addMonths, asMonth } from '../../shared/base/month';
import { writeReportPage } from '../../shared/report/report-page';
import { FolderStore } from '../../shared/stores/folder-store';
import type { LocalCopy, PutCondition, StoredContent, StoredObject } from '../../shared/stores/object-store';
import { ListedExports, ListedInputs } from '../../shared/stores/remembered-listings';
import { EstateFolder } from '../support/estate-folder';
import { fuelUse, gridFactor } from '../support/estates/tiny-estate';
import { monthlyEstate } from '../support/estates/monthly-estate';
import { EXPORT_NAME } from '../support/export-name';
import { runStores } from '../support/run-export';
import { scratch } from '../support/scratch';

const folder = scratch();

/** Longer than a folder waits until the times of a file say which version it is. */
const SETTLED_MS = 3_200;

/** A folder that counts its calls, and lists versions as S3 does where it is asked to. */
class CountingStore extends FolderStore {
  readonly calls: string[] = [];

  constructor(
    path: string,
    private readonly isS3: boolean,
  ) {
    super(path);
  }

  override async list(prefix: string): Promise<StoredObject[]> {
    this.calls.push(`list ${prefix}`);
    const objects = await super.list(prefix);
    if (!this.isS3) return objects;
    const versioned = objects.map(async ({ key, size }) => {
      const content = await super.get(key);
      return { key, size, version: content?.etag ?? '' };
    });
    return Promise.all(versioned);
  }

  override get(key: string): Promise<StoredContent | undefined> {
    this.calls.push(`get ${key}`);
    return super.get(key);
  }

  override put(key: string, body: Buffer | string, condition?: PutCondition): Promise<string> {
    this.calls.push(`put ${key}`);
    return super.put(key, body, condition);
  }

  override localCopy(key: string): Promise<LocalCopy> {
    this.calls.push(`localCopy ${key}`);
    return super.localCopy(key);
  }
}

/** Returns the calls to both stores in a run with nothing to do on an estate with this number of months. */
async function callsOfRerun(months: number, isS3: boolean): Promise<Record<'inputs' | 'exports', string[]>> {
  const every = Array.from({ length: months }, (_, index) =>
    addMonths(asMonth('2025-02'), index + 1 - months),
  );
  const tables = monthlyEstate(every, {
    grid_factors: [gridFactor('2020', '0.5', '')],
    fuel_use: [fuelUse('2020', '366')],
  });
  const estate = EstateFolder.of(tables, folder());
  const out = folder();
  const run = async (): Promise<Record<'inputs' | 'exports', string[]>> => {
    const inputs = new CountingStore(estate.path, isS3);
    const stored = new CountingStore(out, isS3);
    const exports = new ListedExports(stored);
    const { months: outcomes } = await runStores(new ListedInputs(inputs), exports);
    expect(outcomes).toHaveLength(months);
    expect(outcomes.map(({ error }) => error)).toEqual(every.map(() => undefined));
    await writeReportPage({ exports, exportName: EXPORT_NAME, template: 'REPORT-STATE <!--report-data-->' });
    return { inputs: inputs.calls, exports: stored.calls };
  };
  // A folder has no versions of files that another process wrote just now.
  if (!isS3) await sleep(SETTLED_MS);
  await run();
  const later = Date.now() + SETTLED_MS;
  jest.spyOn(Date, 'now').mockImplementation(() => later);
  const calls = await run();
  jest.restoreAllMocks();
  return calls;
}

test.each([
  ['a folder', false],
  ['S3', true],
])('a run with nothing to do makes as few calls to %s after 38 months as after 3', async (_, isS3) => {
  const few = await callsOfRerun(3, isS3);
  const many = await callsOfRerun(38, isS3);
  expect(few.inputs).toEqual(['list ']);
  expect(many.inputs).toEqual(few.inputs);
  const withoutLock = ({ exports }: typeof few): string[] =>
    exports.filter((call) => !call.includes('/state/lock'));
  expect(withoutLock(few)).toEqual([
    `list ${EXPORT_NAME}/`,
    `get ${EXPORT_NAME}/state/index.json`,
    'list accounts/usage_period=',
    'list organization/usage_period=',
    `get ${EXPORT_NAME}/state/export.json`,
    `list ${EXPORT_NAME}-by-`,
    `get ${EXPORT_NAME}/state/page.json`,
  ]);
  expect(withoutLock(many)).toEqual(withoutLock(few));
  expect(many.exports).toHaveLength(few.exports.length);
});

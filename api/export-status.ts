import { CarbonError } from '../shared/base/carbon-error';
import type { MonthState } from '../shared/exports/month-state';
import { MonthStates } from '../shared/exports/month-states';
import { assertFolder, EXPORTS_FOLDER } from '../shared/runs/check-places';
import { openStore } from '../shared/stores/open-store';
import { exportNames } from './chosen-export';
import { withScratch } from './with-scratch';

/** What is listed. */
export interface StatusOptions {
  /** Folder of the exports, or `s3://bucket/prefix`. */
  readonly out: string;
  /** Only this export. @default - all */
  readonly exportName?: string;
}

/**
 * Returns the state of every month of the exports in a folder, by the name of the export.
 *
 * @throws CarbonError of kind usage when the folder has no export, or not the one that was asked for
 */
export async function exportStatus(options: StatusOptions): Promise<Readonly<Record<string, MonthState[]>>> {
  const { out, exportName: only } = options;
  await assertFolder(out, EXPORTS_FOLDER);
  return withScratch(async (scratch) => {
    const store = await openStore(out, scratch);
    const known = await exportNames(store);
    if (only === undefined ? known.length === 0 : !known.includes(only)) {
      const found = known.length === 0 ? 'no export' : `the exports ${known.join(', ')}`;
      const expected = only === undefined ? 'the folder that run wrote to (--out)' : `export ${only}`;
      throw new CarbonError('usage', `${out}: found ${found}, expected ${expected}`);
    }
    const states: [string, MonthState[]][] = [];
    for (const name of only === undefined ? known : [only]) {
      states.push([name, (await MonthStates.read(store, name)).all()]);
    }
    return Object.fromEntries(states);
  });
}

import { join } from 'node:path';
import { EstateFolder } from './estate-folder';
import { monthlyEstate, MONTHS } from './estates/monthly-estate';
import { readExportRows } from './export-reader';
import { copyFolder } from './folder-contents';
import { runEstate } from './run-command';

/** Options of a run on a later day than that of the published estate. */
export const LATER = ['--as-of', '2025-03-16'] as const;

/** January 2025 in the published estate. */
export const JANUARY_PLACE = { month: '2025-01', modelVersion: 'v2.0.0', format: 'parquet' } as const;

/** Returns the same status for every month of the estate. */
export function everyMonth(status: string): Record<string, string> {
  return Object.fromEntries(MONTHS.map((month) => [month, status]));
}

/** Returns the refresh timestamp of January's first row. */
export async function refreshTimestamp(out: string): Promise<unknown> {
  return (await readExportRows({ out, ...JANUARY_PLACE }))[0]?.['last_refresh_timestamp'];
}

/** The tiny estate, and what a run has published of it. */
export interface PublishedEstate {
  readonly inputs: string;
  readonly published: string;
  /** Copies of both that a test may spoil. */
  again(): { estate: EstateFolder; out: string };
}

/**
 * The tiny estate and what a run publishes of it, made once before the tests of a file.
 *
 * @param folder makes new folders
 * @param months of the estate
 */
export function publishedEstate(folder: () => string, months: readonly string[] = MONTHS): PublishedEstate {
  const places = { inputs: '', published: '' };
  beforeAll(async () => {
    places.inputs = EstateFolder.of(monthlyEstate(months), join(folder(), 'inputs')).path;
    places.published = folder();
    expect((await runEstate(places.inputs, places.published)).code).toBe(0);
  });
  return {
    get inputs() {
      return places.inputs;
    },
    get published() {
      return places.published;
    },
    again: () => ({
      estate: new EstateFolder(copyFolder(places.inputs, folder())),
      out: copyFolder(places.published, folder()),
    }),
  };
}

import { realpath, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { CarbonError } from '../base/carbon-error';
import { parseS3Location } from '../stores/open-store';
import type { InputStore } from '../stores/object-store';

/*
 * Checks of the locations that a command is called with. A wrong location must not look like an empty one: nothing is
 * created, and the error has the path.
 */

/**
 * Checks where inputs are read and exports are written.
 *
 * @param out absent where nothing is written
 * @throws CarbonError of kind usage when the inputs are not a folder, or both locations are the same
 */
export async function assertPlaces(inputs: string, out?: string): Promise<void> {
  await assertFolder(inputs, 'the folder of an estate, or s3://bucket/prefix');
  if (out === undefined || (await placeOf(inputs)) !== (await placeOf(out))) return;
  throw new CarbonError('usage', `--out ${out}: found the folder of the inputs, expected another folder`);
}

/** What messages expect of the location of exports. */
export const EXPORTS_FOLDER = 'the folder of the exports, or s3://bucket/prefix';

/** @throws CarbonError of kind usage when a location on disk is not a folder */
export async function assertFolder(location: string, expected: string): Promise<void> {
  if (parseS3Location(location) !== undefined) return;
  const found = await stat(location).catch(() => undefined);
  if (found?.isDirectory() === true) return;
  const what = found === undefined ? 'nothing' : 'a file';
  throw new CarbonError('usage', `${location}: found ${what}, expected ${expected}`);
}

/** @throws CarbonError of kind usage when a location holds no file, as where a volume is not mounted */
export async function assertNotEmpty(location: string, inputs: InputStore): Promise<void> {
  if ((await inputs.list('')).length > 0) return;
  throw new CarbonError('usage', `${location}: found no file, expected the files of an estate`);
}

async function placeOf(location: string): Promise<string> {
  const s3 = parseS3Location(location);
  if (s3 !== undefined) return `s3://${s3.bucket}/${s3.prefix}`;
  return realpath(location).catch(() => resolve(location));
}

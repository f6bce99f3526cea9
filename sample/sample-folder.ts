import { existsSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { writeSampleEstate } from './generate';

/** Raised when the generator's bytes change, so that an old sample is not used again. A test pins the bytes. */
export const SAMPLE_REVISION = 2;

/** The day the sample is read as of: its 38 months end with October 2026, whatever the calendar says. */
export const SAMPLE_AS_OF = '2026-11-20';

/**
 * Folder of the default sample estate below `parent`, generated on first use. A generation that is interrupted leaves
 * nothing that could be taken for the sample.
 */
export async function sampleFolder(parent: string): Promise<string> {
  const folder = join(parent, `inputs-${String(SAMPLE_REVISION)}`);
  if (existsSync(folder)) return folder;
  const unfinished = `${folder}.unfinished`;
  await rm(unfinished, { recursive: true, force: true });
  await mkdir(dirname(folder), { recursive: true });
  await writeSampleEstate({ outDir: unfinished });
  await rename(unfinished, folder);
  return folder;
}

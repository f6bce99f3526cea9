import { rmSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { CarbonError } from './carbon-error';
import { createOwnedScratch, removeAbandonedScratch } from './scratch-folder';

/*
 * A process stops as a whole: statements are interrupted, the month at work is abandoned, locks are released and scratch
 * folders are removed. So the signal and the folders belong to the process and are not passed from call to call.
 */

const controller = new AbortController();

/** Is aborted when the process has been asked to stop; its reason is a CarbonError of kind state. */
export const stopping: AbortSignal = controller.signal;

/** Asks all work of this process to stop. */
export function stopWork(signal: string): void {
  controller.abort(new CarbonError('state', `stopped by ${signal}`));
}

const scratchFolders = new Set<string>();

/** Folders in which this process has removed what other processes left. */
const cleaned = new Set<string>();

/** Begins the names of all scratch folders. */
const PREFIX = 'carbon-exports-scratch-';

/** Creates a scratch folder; see {@link createOwnedScratch} for errors. */
export async function makeScratch(parent: string): Promise<string> {
  if (!cleaned.has(parent)) {
    cleaned.add(parent);
    await removeAbandonedScratch(parent, PREFIX);
  }
  const folder = await createOwnedScratch(parent, PREFIX);
  scratchFolders.add(folder);
  return folder;
}

/** Removes a scratch folder. */
export async function removeScratch(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true });
  scratchFolders.delete(folder);
}

/** Removes all scratch folders of this process, before it exits without ending its work. */
export function removeAllScratch(): void {
  for (const folder of scratchFolders) rmSync(folder, { recursive: true, force: true });
}

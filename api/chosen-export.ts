import { CarbonError } from '../shared/base/carbon-error';
import { companionName } from '../shared/exports/columns';
import { breakdownOfExport } from '../shared/exports/fixed-settings';
import type { ObjectStore } from '../shared/stores/object-store';
import { DEFAULT_EXPORT_NAME } from './values';

/** Returns the names of the exports in a store, those of breakdowns too. */
export async function exportNames(store: ObjectStore): Promise<string[]> {
  const objects = await store.list('');
  return objects.flatMap(({ key }) => /^([^/]+)\/state\/export\.json$/.exec(key)?.[1] ?? []);
}

/**
 * Returns the name of the export that a verb reads: the one that was asked for, the only one, or the one with the default
 * name. Breakdowns and companions with the parts of Scope 3 do not count: they belong to another export.
 *
 * @param place of the exports, as the user wrote it
 * @throws CarbonError of kind usage that lists the exports where there are several
 */
export async function chosenExport(
  store: ObjectStore,
  place: string,
  asked: string | undefined,
): Promise<string> {
  if (asked !== undefined) return asked;
  const all = await exportNames(store);
  const names: string[] = [];
  for (const name of all.filter((each) => !all.some((other) => companionName(other) === each))) {
    if ((await breakdownOfExport(store, name)) === undefined) names.push(name);
  }
  const [only = DEFAULT_EXPORT_NAME, ...others] = names;
  if (others.length === 0) return only;
  if (names.includes(DEFAULT_EXPORT_NAME)) return DEFAULT_EXPORT_NAME;
  throw new CarbonError(
    'usage',
    `${place}: found the exports ${names.join(', ')}, expected one; set --export-name to one of them`,
  );
}

import { isAbsolute, join } from 'node:path';
import { InputError } from '../base/input-problem';
import { MountedStore } from '../stores/mounted-store';
import type { InputStore } from '../stores/object-store';
import { openStore } from '../stores/open-store';
import { readEstateSettings } from './estate-settings';

/**
 * Returns the store of an estate's inputs, with the locations that its settings name as sources: `sources.focus` is read as
 * the folder focus/. A relative source is below the estate's folder.
 *
 * @param scratch folder for local copies of objects in S3; the caller removes it
 * @throws InputError when its settings.json is invalid, or an estate has both a source and a folder of that name
 */
export async function openInputs(location: string, scratch: string): Promise<InputStore> {
  const own = await openStore(location, scratch);
  const { sources = {} } = await readEstateSettings(own);
  const mounts = new Map<string, InputStore>();
  for (const [table, source] of Object.entries(sources)) {
    if ((await own.list(`${table}/`)).length > 0) {
      const expected = `either the folder ${table}/ or a source, since both would count`;
      throw new InputError([
        { table, file: 'settings.json', column: `sources.${table}`, value: source, expected },
      ]);
    }
    const isElsewhere = source.startsWith('s3:') || isAbsolute(source);
    const place = isElsewhere ? source : joined(location, source);
    mounts.set(table, await openStore(place, scratch));
  }
  return mounts.size === 0 ? own : new MountedStore(own, mounts);
}

function joined(location: string, below: string): string {
  return location.startsWith('s3:') ? `${location.replace(/\/+$/, '')}/${below}` : join(location, below);
}

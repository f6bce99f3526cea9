import { readEstateSettings } from '../inputs/estate-settings';
import { InputFiles } from '../inputs/input-files';
import { StaticEstate } from '../inputs/static-estate';
import { UsageScanner } from '../usage/usage-files';
import type { TableReader } from '../inputs/read-table';
import type { EstateOverrides } from './estate-overrides';
import type { Estate } from './month-inputs';

/**
 * Lists an estate and reads its tables at the root.
 *
 * @throws InputError when its settings.json is not sound
 */
export async function openEstate(reader: TableReader, overrides: EstateOverrides = {}): Promise<Estate> {
  const files = await InputFiles.list(reader.store);
  const own = await readEstateSettings(reader.store);
  const settings = { ...own, pad_account_ids: overrides.padAccountIds ?? own.pad_account_ids };
  const statics = await StaticEstate.read(reader, files, settings.pad_account_ids);
  return { files, statics, settings, usageScanner: new UsageScanner(files, settings) };
}

import { type EstateSettings, readEstateSettings } from '../../estate/estate-settings';
import { InputFiles } from '../../estate/input-files';
import type { TableReader } from '../../estate/read-table';
import { StaticEstate } from '../../estate/static-estate';
import { KnownKeys } from '../../usage/known-keys';
import { UsageScanner } from '../../usage/usage-files';
import type { EstateOverrides } from './estate-overrides';

/**
 * Lists an estate and reads its tables at the root.
 *
 * @throws InputError when its settings.json is invalid
 */
export async function openEstate(reader: TableReader, overrides: EstateOverrides = {}): Promise<Estate> {
  const files = await InputFiles.list(reader.store);
  const own = await readEstateSettings(reader.store);
  const settings = { ...own, pad_account_ids: overrides.padAccountIds ?? own.pad_account_ids };
  const statics = await StaticEstate.read(reader, files, settings.pad_account_ids);
  const usageScanner = new UsageScanner(files, settings);
  return { files, statics, settings, usageScanner, keys: new KnownKeys(files, usageScanner) };
}

/** An estate that was listed and read once for a run. */
export interface Estate {
  readonly files: InputFiles;
  readonly statics: StaticEstate;
  readonly settings: EstateSettings;
  readonly usageScanner: UsageScanner;
  readonly keys: KnownKeys;
}

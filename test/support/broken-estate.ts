import { join } from 'node:path';
import { EstateFolder } from './estate-folder';
import { monthlyEstate } from './estates/monthly-estate';

/** The message about {@link brokenEstate}. */
export const BROKEN = 'electricity.csv, row 4, column mwh: found "x", expected a number of at least 0';

/** Makes the monthly estate with an invalid row in the electricity of January 2025. */
export function brokenEstate(parent: string): EstateFolder {
  const estate = EstateFolder.of(monthlyEstate(), join(parent, 'inputs'));
  estate.append('electricity.csv', 's1,2025-01,x,metered');
  return estate;
}

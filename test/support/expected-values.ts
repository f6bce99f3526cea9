import { SUMS } from '../../shared/audit/verify/expected-rows';
import type { Category } from '../../shared/method/categories';

/** Returns the columns of the export, or of its companion, with the categories that each is the sum of. */
export function columnsOfSums(isCompanion: boolean): (readonly [string, readonly Category[]])[] {
  return Object.entries(SUMS).filter(([column]) => column.startsWith('ghgp') === isCompanion);
}

import type { Month } from '../../base/month';
import type { EstateSettings } from '../../estate/estate-settings';
import type { BillFormat } from './bill-format';
import { isNear, partInMonth } from './charge-period';

/** What reading a month's bills depends on. */
export interface BillMonth {
  readonly month: Month;
  readonly settings: EstateSettings;
}

/**
 * SQL of a bill's lines with the month they have to do with: `part`, the part of the line that lies in the month,
 * above 0 and up to 1, and `place`:
 *
 * here: counts in the month, by its part. left out: moves no emissions. near: counts in a month next to it. far: a
 * correction of a month far off, which counts nowhere. unsound: its times are none, or of a month far off.
 *
 * @param texts relation of the format's text columns, and of `is_neighbour` (the bill is that of a month next to it) and
 *   `is_inside` (all its usage is known to lie in the month), each yes or no
 * @param kept further columns of the texts to hand through
 */
export function placedLines(
  format: BillFormat,
  texts: string,
  { month, settings }: BillMonth,
  kept: readonly string[],
): string {
  const part = partInMonth('period_start', 'period_end', month);
  return `
  SELECT *, CASE
    WHEN left_out IS NOT NULL THEN 'left out'
    WHEN part > 0 THEN 'here'
    WHEN is_neighbour = 'yes' THEN 'elsewhere'
    WHEN part IS NOT NULL AND ${isNear('period_start', 'period_end', month)} THEN 'near'
    WHEN part IS NOT NULL AND is_correction THEN 'far'
    ELSE 'unsound'
  END AS place
  FROM (
    SELECT l.*, CASE WHEN is_inside = 'yes' OR left_out IS NOT NULL THEN 1 ELSE ${part} END AS part
    FROM (${format.lines(texts, settings, ['is_neighbour', 'is_inside', ...kept])}) l
  ) timed`;
}

/** Condition for lines that are usage of the month, or an error of it. */
export const IN_MONTH = `place IN ('here', 'unsound')`;

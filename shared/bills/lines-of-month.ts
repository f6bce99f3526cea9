import type { Month } from '../calendar/month';
import type { EstateSettings } from '../inputs/estate-settings';
import type { BillFormat } from './bill-format';
import { isNear, partInMonth } from './charge-period';

/**
 * SQL of a bill's lines that count in a month: the columns of {@link BillFormat.lines} and `part`, the part of the
 * line that lies in the month, above 0 and up to 1. Lines whose times are none have a `part` of NULL, and those of a
 * month far off one of 0: both are errors of the bill they stand in.
 *
 * @param texts relation of the format's text columns and `is_neighbour`, yes or no
 * @param kept further columns of the texts to hand through
 */
export function linesOfMonth(
  format: BillFormat,
  texts: string,
  { month, settings }: { readonly month: Month; readonly settings: EstateSettings },
  kept: readonly string[],
): string {
  return `
  SELECT *
  FROM (
    SELECT l.*, ${partInMonth('period_start', 'period_end', month)} AS part
    FROM (${format.lines(texts, settings, ['is_neighbour', ...kept])}) l
    WHERE left_out IS NULL
  ) timed
  WHERE part > 0 OR (is_neighbour = 'no' AND NOT is_correction AND (part IS NULL OR NOT ${isNear('period_start', 'period_end', month)}))`;
}

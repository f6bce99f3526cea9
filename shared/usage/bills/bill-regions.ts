import { InputError } from '../../base/input-problem';
import { type Warning, warningAbout } from '../../base/warning';
import { type DuckSession, numberIn, textIn } from '../../sql/duck-session';
import type { Relation } from '../../sql/relation';
import { BILL_FORMATS } from './bill-formats';
import { type BillLines, isIn } from './bill-lines';
import type { BillSums } from './bill-sums';
import { LOCAL_ZONE } from './line-region';

/**
 * @throws InputError when no line of the month has a Region: the bills lack the columns of the Region, and all usage would
 *   count as global
 */
export async function assertRegions(
  session: DuckSession,
  { bills }: BillLines,
  sums: BillSums,
): Promise<void> {
  const [row] = await session.rows(
    `SELECT CAST(coalesce(SUM(lines), 0) AS DOUBLE) AS lines,
       CAST(coalesce(SUM(CASE WHEN region_id IS NOT NULL THEN lines ELSE 0 END), 0) AS DOUBLE) AS placed
     FROM ${sums.table} WHERE ${isIn('here')}`,
  );
  const lines = numberIn(row, 'lines');
  if (lines === 0 || numberIn(row, 'placed') > 0) return;
  const { table, settings, files } = bills;
  const { words, regionColumns } = BILL_FORMATS[table];
  const expected = `a Region in some of the lines that count; none of ${String(lines)} has one. Export the bills with ${regionColumns.join(' or ')}`;
  const file = files.map((each) => each.file).join(', ');
  throw new InputError([{ table, file, column: words(settings).region, expected }]);
}

/**
 * Returns a note of the Local Zones and Wavelength Zones whose lines count to their Region.
 *
 * @param known the column `region_id` of the codes that count as they are
 */
export async function zoneNotes(
  session: DuckSession,
  sums: BillSums,
  known: Relation<{ readonly region_id: 'VARCHAR' }>,
): Promise<Warning[]> {
  const rows = await session.rows(
    `SELECT region_id, CAST(SUM(lines) AS DOUBLE) AS lines FROM ${sums.table}
     WHERE ${isIn('here')} AND regexp_matches(region_id, '${LOCAL_ZONE}')
       AND region_id NOT IN (SELECT region_id FROM ${known.table})
     GROUP BY region_id ORDER BY region_id`,
  );
  const lines = rows.reduce((sum, row) => sum + numberIn(row, 'lines'), 0);
  return warningAbout(
    { severity: 'for-the-record', code: 'zone-in-region' },
    rows.map((row) => textIn(row, 'region_id')),
    (zones) => `${String(lines)} lines of Local Zones or Wavelength Zones count to their Region: ${zones}`,
  );
}

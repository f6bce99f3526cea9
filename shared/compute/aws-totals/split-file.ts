import { join } from 'node:path';
import { breakdownText, MISSING_VALUES, type Breakdown } from '../../exports/breakdown';
import { columnsOfExport, UNIT } from '../../exports/columns';
import { COPY_OPTIONS, instant, type RowConstants, breakdownValueIn } from '../../exports/data-file';
import type { ExportFormat } from '../../exports/layout';
import type { DuckSession } from '../../sql/duck-session';

/** Columns that are AWS's own in every part of a row. */
const OF_ROW = ['location', 'payer_account_id', 'region_code', 'usage_account_id'];

/**
 * Writes the table `split_row` as the month's data file, sorted by account, payer, Region and product. What AWS's export
 * does not have is null. Rows that stay whole have the value for usage without a tag, cost category or resource.
 *
 * @returns path of the file in the session's scratch folder
 */
export async function writeSplitFile(
  session: DuckSession,
  constants: Omit<RowConstants, 'payerAccountId' | 'splitBy'>,
  format: ExportFormat,
  breakdown?: Breakdown,
): Promise<string> {
  const path = join(session.scratch, `data-${String(constants.asOf.getTime())}.${format}`);
  const parameters = [constants.modelVersion, path];
  if (breakdown !== undefined) parameters.push(breakdownText(breakdown), MISSING_VALUES[breakdown.kind]);
  const columns = columnsOfExport(breakdown !== undefined).map(({ name, type }) => {
    if (type === 'timestamp') return `${instant(name, constants, format)} AS ${name}`;
    if (name === 'model_version') return `CAST($1 AS VARCHAR) AS ${name}`;
    if (name === 'split_by') return `CAST($3 AS VARCHAR) AS ${name}`;
    if (name === 'split_value') {
      return `${breakdownValueIn(format, 'coalesce(s.part, CAST($4 AS VARCHAR))')} AS ${name}`;
    }
    if (name === 'product_code' || type === 'double') return `s.${name}`;
    if (OF_ROW.includes(name)) return `a.${name}`;
    if (name.endsWith('_unit')) {
      return `CASE WHEN s.${name.replace(/_unit$/, '_value')} IS NOT NULL THEN '${UNIT}' END AS ${name}`;
    }
    throw new Error(`no rule for the export column ${name}`);
  });
  const query = `
SELECT ${columns.join(', ')}
FROM split_row s JOIN carbon_row a ON a.row_id = s.row_id
ORDER BY a.usage_account_id, a.payer_account_id, a.region_code, s.product_code, s.part, a.row_id`;
  await session.run(`COPY (${query}) TO $2 (${COPY_OPTIONS[format]})`, parameters);
  return path;
}

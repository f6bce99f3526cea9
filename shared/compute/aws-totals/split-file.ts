import { join } from 'node:path';
import { breakdownText, MISSING_VALUES } from '../../exports/breakdown';
import { columnsOfExport, type ExportColumnType, UNIT } from '../../exports/columns';
import { EMISSIONS, unitColumn, valueColumn } from '../../exports/emissions';
import { breakdownValueIn, instant, type RowConstants } from '../../exports/write-data-file';
import { writeRows } from '../../exports/write-rows';
import type { ExportSettings } from '../../exports/export-settings';
import type { DuckSession } from '../../sql/duck-session';
import type { CarbonRows } from './carbon-rows';
import type { SplitRows } from './split-sql';

/** AWS's rows of a month and the rows that they are split into. */
export interface SplitRelations {
  readonly carbon: CarbonRows;
  readonly rows: SplitRows;
}

/** Columns that every part of a row has from AWS's row. */
const OF_ROW = ['location', 'payer_account_id', 'region_code', 'usage_account_id'];

/**
 * Writes the split rows as the month's data file, sorted by account, payer, Region and product. Values that AWS's export
 * does not have are null. Rows that stay whole have the value for usage without a tag, cost category or resource.
 *
 * @returns path of the file in the session's scratch folder
 */
export async function writeSplitFile(
  session: DuckSession,
  { carbon, rows }: SplitRelations,
  constants: Omit<RowConstants, 'payerAccountId'>,
  { format, breakdown }: Pick<ExportSettings, 'format' | 'breakdown'>,
): Promise<string> {
  const path = join(session.scratch, `data-${String(constants.asOf.getTime())}.${format}`);
  const parameters: string[] = [constants.modelVersion];
  if (breakdown !== undefined) parameters.push(breakdownText(breakdown), MISSING_VALUES[breakdown.kind]);
  const columns = columnsOfExport(breakdown !== undefined).map(({ name, type }) => {
    if (type === 'timestamp') return `${instant(name, constants, format)} AS ${name}`;
    if (name === 'split_value') {
      return `${breakdownValueIn(format, 'coalesce(s.part, CAST($3 AS VARCHAR))')} AS ${name}`;
    }
    return `${expressionOf(name, type)} AS ${name}`;
  });
  const query = `
SELECT ${columns.join(', ')}
FROM ${rows.table} s JOIN ${carbon.table} a ON a.row_id = s.row_id
ORDER BY a.usage_account_id, a.payer_account_id, a.region_code, s.product_code, s.part, a.row_id`;
  await writeRows(session, { query, parameters }, path, format);
  return path;
}

/** SQL of a column over a split row `s` and AWS's row `a`. */
function expressionOf(name: string, type: ExportColumnType): string {
  if (name === 'model_version') return 'CAST($1 AS VARCHAR)';
  if (name === 'split_by') return 'CAST($2 AS VARCHAR)';
  if (name === 'product_code' || type === 'double') return `s.${name}`;
  if (OF_ROW.includes(name)) return `a.${name}`;
  const emission = EMISSIONS.find((each) => unitColumn(each) === name);
  if (emission !== undefined) return `CASE WHEN s.${valueColumn(emission)} IS NOT NULL THEN '${UNIT}' END`;
  throw new Error(`no rule for the export column ${name}`);
}

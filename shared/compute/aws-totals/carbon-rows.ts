import { defined } from '../../base/defined';
import { InputError, type InputProblem } from '../../base/input-problem';
import { startOf } from '../../base/month';
import { SHOWN } from '../../base/shown';
import { UNIT } from '../../exports/columns';
import { EMISSIONS, unitColumn, valueColumn } from '../../exports/emissions';
import type { ExportMonth } from '../../exports/layout';
import { type DuckSession, literalPath, numberIn } from '../../sql/duck-session';
import { fileRelation } from '../../sql/file-relation';
import { columnNames } from '../../sql/text-columns';
import type { ReadFile } from '../../usage/lines/usage-engine';
import { CARBON_COLUMNS, CARBON_TABLE, GLOBAL_REGION, OTHER_PRODUCTS, OWN_PRODUCTS } from './carbon-columns';

/** The rows as texts, with file and line. */
const TEXTS = 'carbon_text';

/**
 * Loads AWS's rows into the table `carbon_row`: row_id, `file_id` (place among the files) and `line`, the columns of AWS's export (values as doubles, null where AWS
 * has none), `place` (the Region, or `global`) and `service_group` (the product, or Other).
 *
 * @throws InputError naming file, row, column and value of every row that is not sound
 */
export async function loadCarbonRows(
  session: DuckSession,
  files: readonly ReadFile[],
  at: ExportMonth,
): Promise<void> {
  const text = (column: string): string => `nullif(nullif(${column}, 'NULL'), '') AS ${column}`;
  const columns = CARBON_COLUMNS.map(text).join(', ');
  const selects = files.map((file, index) => {
    const present = columnNames(file);
    const pairs = CARBON_COLUMNS.map((name) => [present.has(name) ? name : undefined, name] as const);
    const relation = fileRelation(file, pairs, `$${String(index + 1)}`, true);
    return `SELECT ${String(index)} AS file_id, CAST(line AS BIGINT) AS line, ${columns} FROM (${relation}) f`;
  });
  const none = `SELECT 0 AS file_id, CAST(0 AS BIGINT) AS line, ${CARBON_COLUMNS.map((name) => `CAST(NULL AS VARCHAR) AS ${name}`).join(', ')} WHERE false`;
  await session.run(
    `CREATE TEMP TABLE ${TEXTS} AS ${[none, ...selects].join('\nUNION ALL\n')}`,
    files.map(({ path }) => literalPath(path)),
  );
  await assertSound(session, files, at);
  const value = (column: string): string => `CAST(${column} AS DOUBLE) AS ${column}`;
  await session.run(
    `CREATE TEMP TABLE carbon_row AS
SELECT CAST(row_number() OVER (ORDER BY usage_account_id, payer_account_id, coalesce(region_code, ''), coalesce(product_code, '')) AS INTEGER) AS row_id,
  file_id, line, usage_account_id, payer_account_id, region_code, location, product_code,
  ${EMISSIONS.flatMap((emission) => [value(valueColumn(emission)), unitColumn(emission)]).join(', ')},
  CASE WHEN region_code IS NULL OR lower(region_code) = '${GLOBAL_REGION}' THEN '${GLOBAL_REGION}' ELSE region_code END AS place,
  CASE WHEN product_code IS NULL OR lower(product_code) = lower('${OTHER_PRODUCTS}') THEN '${OTHER_PRODUCTS}' ELSE product_code END AS service_group
FROM ${TEXTS}`,
  );
  await session.run(
    `CREATE TEMP TABLE carbon_group AS
SELECT DISTINCT service_group FROM carbon_row WHERE service_group <> '${OTHER_PRODUCTS}'
UNION SELECT product FROM (VALUES ${OWN_PRODUCTS.map((product) => `('${product}')`).join(', ')}) own(product)`,
  );
}

/** Something that can be wrong with a row. */
interface Check {
  readonly column: string;
  /** SQL over the texts that is true for a bad row; $1 is the month's first day, $2 the version. */
  readonly bad: string;
  readonly expected: string;
}

function checks({ month, modelVersion }: ExportMonth): Check[] {
  const day = startOf(month).toISOString().slice(0, 10);
  const id = (column: string): Check => ({
    column,
    bad: `${column} IS NULL OR NOT regexp_matches(${column}, '^[0-9]{12}$')`,
    expected: 'a 12-digit account id',
  });
  return [
    id('usage_account_id'),
    id('payer_account_id'),
    {
      column: 'model_version',
      bad: 'coalesce(model_version, $2) <> $2',
      expected: `${modelVersion}, as the folder says`,
    },
    {
      column: 'usage_period_start',
      bad: `coalesce(substr(usage_period_start, 1, 10), '') <> $1`,
      expected: `${day}, the first day of the folder's month`,
    },
    ...EMISSIONS.flatMap((emission): Check[] => [
      {
        column: valueColumn(emission),
        bad: `${valueColumn(emission)} IS NOT NULL AND NOT coalesce(isfinite(TRY_CAST(${valueColumn(emission)} AS DOUBLE)), false)`,
        expected: 'a number or a blank',
      },
      {
        column: unitColumn(emission),
        bad: `${valueColumn(emission)} IS NOT NULL AND coalesce(${unitColumn(emission)}, '${UNIT}') <> '${UNIT}'`,
        expected: UNIT,
      },
    ]),
  ];
}

async function assertSound(session: DuckSession, files: readonly ReadFile[], at: ExportMonth): Promise<void> {
  const all = checks(at);
  const found = all.map(
    ({ column, bad }, index) =>
      `SELECT ${String(index)} AS check_id, file_id, line, ${column} AS found FROM ${TEXTS} WHERE ${bad}`,
  );
  const twice = `SELECT ${String(all.length)} AS check_id, file_id, line, key AS found FROM (
    SELECT file_id, line, key, row_number() OVER (PARTITION BY key ORDER BY file_id, line) AS n
    FROM (SELECT file_id, line, concat_ws(' + ', payer_account_id, usage_account_id, coalesce(region_code, ''), coalesce(product_code, '')) AS key FROM ${TEXTS}) k
  ) d WHERE n > 1`;
  const day = startOf(at.month).toISOString().slice(0, 10);
  const rows = await session.rows(
    `SELECT *, COUNT(*) OVER () AS total FROM (${[...found, twice].join('\nUNION ALL\n')}) p
     WHERE $1 <> '' AND $2 <> ''
     ORDER BY file_id, line, check_id LIMIT ${String(SHOWN.lines)}`,
    [day, at.modelVersion],
  );
  if (rows.length === 0) return;
  const problems = rows.map((row): InputProblem => {
    const check = all[numberIn(row, 'check_id')];
    const file = files[numberIn(row, 'file_id')]?.file;
    const value = row['found'];
    return {
      table: CARBON_TABLE,
      ...defined({ file }),
      row: numberIn(row, 'line'),
      column: check?.column ?? 'payer_account_id + usage_account_id + region_code + product_code',
      ...(typeof value === 'string' ? { value } : {}),
      expected: check?.expected ?? 'a key of its own: the row is there twice and would count twice',
    };
  });
  throw new InputError(problems, numberIn(rows[0], 'total') - problems.length);
}

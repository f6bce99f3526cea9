import { defined } from '../../base/defined';
import { InputError, type InputProblem } from '../../base/input-problem';
import { startOf } from '../../base/month';
import { SHOWN } from '../../base/shown';
import { UNIT } from '../../exports/columns';
import { EMISSIONS, unitColumn, valueColumn } from '../../exports/emissions';
import type { ExportMonth } from '../../exports/layout';
import { isAccountId, paddedId } from '../../sql/account-ids';
import { type DuckSession, numberIn } from '../../sql/duck-session';
import { fileRelation, pathsOf, placeholderOf } from '../../sql/file-relation';
import { noRows, type Relation } from '../../sql/relation';
import { columnNames } from '../../sql/text-columns';
import { assertAllRecordsRead } from '../../usage/lines/all-records';
import type { ReadFile } from '../../usage/lines/usage-engine';
import { CARBON_COLUMNS, CARBON_TABLE, GLOBAL_REGION, OTHER_PRODUCTS, OWN_PRODUCTS } from './carbon-columns';

/** Columns of AWS's export that differ from row to row, their values as doubles. */
const VALUE_TYPES = Object.fromEntries(
  EMISSIONS.flatMap((emission) => [
    [valueColumn(emission), 'DOUBLE'],
    [unitColumn(emission), 'VARCHAR'],
  ]),
);

const ROW_COLUMNS = {
  row_id: 'INTEGER',
  /** Place of the file in the list of files. */
  file_id: 'INTEGER',
  line: 'BIGINT',
  usage_account_id: 'VARCHAR',
  payer_account_id: 'VARCHAR',
  region_code: 'VARCHAR',
  location: 'VARCHAR',
  product_code: 'VARCHAR',
  /** The Region, or `global`. */
  place: 'VARCHAR',
  /** The product, or Other. */
  service_group: 'VARCHAR',
} as const;

/** AWS's rows of a month, with the columns of AWS's export; values are MTCO2e, NULL where AWS has none. */
export type CarbonRows = Relation<typeof ROW_COLUMNS>;

/** The products that AWS's rows have, and those that have separate rows in any month. */
export type CarbonGroups = Relation<{ readonly service_group: 'VARCHAR' }>;

/** The Regions that AWS's rows have, or `global`. */
export type CarbonPlaces = Relation<{ readonly region_id: 'VARCHAR' }>;

/** A month of AWS's carbon export. */
export interface CarbonMonth {
  readonly rows: CarbonRows;
  readonly groups: CarbonGroups;
  readonly places: CarbonPlaces;
}

/** Files of a version of a month. */
export interface DeliveredFiles {
  readonly files: readonly ReadFile[];
  /** True where leading zeros of account ids are restored. */
  readonly isPadded: boolean;
}

/**
 * Returns AWS's rows of a month.
 *
 * @throws InputError naming file, row, column and value of every invalid row, or when the engine did not read every record
 */
export async function carbonMonth(
  session: DuckSession,
  delivered: DeliveredFiles,
  at: ExportMonth,
): Promise<CarbonMonth> {
  const { files } = delivered;
  const texts = await carbonTexts(session, delivered);
  const [read] = await session.rows(`SELECT CAST(COUNT(*) AS DOUBLE) AS n FROM ${texts.table}`);
  assertAllRecordsRead({ table: CARBON_TABLE, files }, numberIn(read, 'n'));
  await assertRowsValid(session, texts, files, at);
  const value = (column: string): string => `CAST(${column} AS DOUBLE) AS ${column}`;
  const rows = await session.table(
    { ...ROW_COLUMNS, ...VALUE_TYPES },
    `SELECT CAST(row_number() OVER (ORDER BY usage_account_id, payer_account_id, coalesce(region_code, ''), coalesce(product_code, '')) AS INTEGER) AS row_id,
  file_id, line, usage_account_id, payer_account_id, region_code, location, product_code,
  ${EMISSIONS.flatMap((emission) => [value(valueColumn(emission)), unitColumn(emission)]).join(', ')},
  CASE WHEN region_code IS NULL OR lower(region_code) = '${GLOBAL_REGION}' THEN '${GLOBAL_REGION}' ELSE region_code END AS place,
  CASE WHEN product_code IS NULL OR lower(product_code) = lower('${OTHER_PRODUCTS}') THEN '${OTHER_PRODUCTS}' ELSE product_code END AS service_group
FROM ${texts.table}`,
  );
  const groups = await session.table(
    { service_group: 'VARCHAR' },
    `SELECT DISTINCT service_group FROM ${rows.table} WHERE service_group <> '${OTHER_PRODUCTS}'
UNION SELECT product FROM (VALUES ${OWN_PRODUCTS.map((product) => `('${product}')`).join(', ')}) own(product)`,
  );
  const places = await session.table(
    { region_id: 'VARCHAR' },
    `SELECT DISTINCT place AS region_id FROM ${rows.table}`,
  );
  return { rows, groups, places };
}

/** The rows as texts, with file and line. */
type CarbonTexts = Relation<{ readonly file_id: 'INTEGER'; readonly line: 'BIGINT' }>;

const IDS = ['usage_account_id', 'payer_account_id'];

function carbonTexts(session: DuckSession, { files, isPadded }: DeliveredFiles): Promise<CarbonTexts> {
  const text = (column: string): string =>
    `nullif(nullif(${isPadded && IDS.includes(column) ? paddedId(column) : column}, 'NULL'), '') AS ${column}`;
  const columns = CARBON_COLUMNS.map(text).join(', ');
  const selects = files.map((file, index) => {
    const present = columnNames(file);
    const pairs = CARBON_COLUMNS.map((name) => {
      const column = present.has(name) ? name : undefined;
      return IDS.includes(name) ? ([column, name, 'id'] as const) : ([column, name] as const);
    });
    const relation = fileRelation(file, pairs, placeholderOf(index), true);
    return `SELECT ${String(index)} AS file_id, CAST(line AS BIGINT) AS line, ${columns} FROM (${relation}) f`;
  });
  const types = {
    file_id: 'INTEGER',
    line: 'BIGINT',
    ...Object.fromEntries(CARBON_COLUMNS.map((name) => [name, 'VARCHAR'])),
  } as const;
  return session.table(types, [noRows(types), ...selects].join('\nUNION ALL\n'), pathsOf({ files }));
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
    bad: `NOT ${isAccountId(column)}`,
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
        bad: `${valueColumn(emission)} IS NOT NULL AND (strpos(${valueColumn(emission)}, '_') > 0 OR NOT coalesce(isfinite(TRY_CAST(${valueColumn(emission)} AS DOUBLE)), false))`,
        expected: 'a number or a blank',
      },
      {
        column: unitColumn(emission),
        bad: `${valueColumn(emission)} IS NOT NULL AND coalesce(${unitColumn(emission)}, '') <> '${UNIT}'`,
        expected: UNIT,
      },
    ]),
  ];
}

const KEY = ['payer_account_id', 'usage_account_id', 'region_code', 'product_code'];

async function assertRowsValid(
  session: DuckSession,
  { table }: CarbonTexts,
  files: readonly ReadFile[],
  at: ExportMonth,
): Promise<void> {
  const all = checks(at);
  const found = all.map(
    ({ column, bad }, index) =>
      `SELECT ${String(index)} AS check_id, file_id, line, ${column} AS found FROM ${table} WHERE ${bad}`,
  );
  const twice = `SELECT ${String(all.length)} AS check_id, file_id, line, key AS found FROM (
    SELECT file_id, line, key, row_number() OVER (PARTITION BY key ORDER BY file_id, line) AS n
    FROM (SELECT file_id, line, concat_ws(' + ', ${KEY.map((column) => `coalesce(${column}, '')`).join(', ')}) AS key FROM ${table}) k
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
      row: numberIn(row, 'line'),
      column: check?.column ?? KEY.join(' + '),
      expected: check?.expected ?? 'a unique key; an earlier row has the same key and it would count twice',
      ...defined({ file, value: typeof value === 'string' ? value : undefined }),
    };
  });
  throw new InputError(problems, numberIn(rows[0], 'total') - problems.length);
}

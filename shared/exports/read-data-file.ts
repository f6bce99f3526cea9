import type { AccountId } from '../base/account-id';
import { asKg, asMtco2e, type Mtco2e, toKg, toMtco2e } from '../base/mass';
import { BASE_CATEGORIES, byCategory, type KgByCategory, SCOPE_3_CATEGORIES } from '../method/categories';
import { literalPath, textLiteral } from '../sql/dialect';
import { type DuckSession, numberIn, textIn } from '../sql/duck-session';
import { COMPANION_COLUMNS, EXPORT_COLUMNS } from './columns';
import { csvHeader } from './csv-header';
import { figureColumn } from './emissions';
import type { MonthRows } from './month-rows';

/** Totals of a data file, read back from it. */
export interface FileTotals {
  readonly rows: number;
  readonly accounts: number;
  /** Sums over the rows, kgCO2e. */
  readonly kg: KgByCategory;
}

/**
 * Adds up a data file as it was written, so that the ledger proves the file itself. Rows are rounded
 * to 2^-61 of the month's emissions and added as integers: a sum of doubles would depend on threads. The file has no
 * columns of single parts of Scope 3: these are the sums of the rows that it was written from.
 *
 * @param emittedKg the month's emissions, which no sum can exceed, kgCO2e
 */
export async function readFileTotals(
  session: DuckSession,
  path: string,
  rows: MonthRows,
  emittedKg: KgByCategory,
): Promise<FileTotals> {
  const file = { sql: dataFileRelation(path, '$1'), parameters: [literalPath(path)] };
  const ofFile = BASE_CATEGORIES.map(
    (category) => [category, figureColumn(category), toMtco2e(emittedKg[category])] as const,
  );
  const parts = SCOPE_3_CATEGORIES.filter((category) => rows.allocation.categories.includes(category));
  const ofRows = parts.map((category) => [category, `${category}_kg`, emittedKg[category]] as const);
  const { table } = rows.breakdown?.parts ?? rows.allocation;
  // One statement, because a CSV file is unpacked for each.
  const mtco2e = await exactSums(session, file, ofFile, COUNTS);
  const kg: Readonly<Record<string, number>> =
    parts.length === 0 ? {} : await exactSums(session, { sql: table, parameters: [] }, ofRows);
  return {
    rows: mtco2e['n'] ?? 0,
    accounts: mtco2e['accounts'] ?? 0,
    kg: byCategory((category) => {
      const part = kg[category];
      return part === undefined ? toKg(asMtco2e(mtco2e[category] ?? 0)) : asKg(part);
    }),
  };
}

const COUNTS = { n: 'COUNT(*)', accounts: 'COUNT(DISTINCT usage_account_id)' } as const;

/** A relation of SQL, and the parameters that it refers to. */
interface Summed {
  readonly sql: string;
  readonly parameters: readonly string[];
}

/**
 * Returns sums that do not depend on the order of rows.
 *
 * @param terms name of each sum, its column, and a bound of the sum
 * @param counts SQL of counts to return with them, by name; @default - none
 */
export async function exactSums(
  session: DuckSession,
  { sql, parameters }: Summed,
  terms: readonly (readonly [name: string, column: string, bound: number])[],
  counts: Readonly<Record<string, string>> = {},
): Promise<Readonly<Record<string, number>>> {
  const units = terms.map(([, , bound]) => unitsPerWhole(bound));
  const sums = terms.map(
    ([name, column], index) =>
      `CAST(coalesce(SUM(CAST(round(${column} * CAST($${String(parameters.length + index + 1)} AS DOUBLE)) AS BIGINT)), 0) AS VARCHAR) AS ${name}`,
  );
  const counted = Object.entries(counts).map(([name, count]) => `${count} AS ${name}`);
  const [row] = await session.rows(`SELECT ${[...sums, ...counted].join(', ')} FROM ${sql}`, [
    ...parameters,
    ...units.map(String),
  ]);
  return Object.fromEntries([
    ...terms.map(([name], index) => [name, Number(textIn(row, name)) / (units[index] ?? 1)] as const),
    ...Object.keys(counts).map((name) => [name, numberIn(row, name)] as const),
  ]);
}

/** Smaller than any possible emission: keeps the scale finite where nothing is emitted. */
const LEAST_AMOUNT = 1e-200;

/** A power of two, so that scaling is exact, with room for the total and its rounding in 63 bits. */
function unitsPerWhole(bound: number): number {
  return 2 ** Math.floor(61 - Math.log2(Math.max(bound, LEAST_AMOUNT)));
}

/** Columns of numbers in data and companion files. */
const NUMBERS = new Set(
  [...EXPORT_COLUMNS, ...COMPANION_COLUMNS].flatMap(({ name, type }) => (type === 'double' ? [name] : [])),
);

/** A data file of an export as a relation, by its ending; `placeholder` is the parameter that holds its path. */
export function dataFileRelation(path: string, placeholder: string): string {
  return path.endsWith('.parquet')
    ? `read_parquet(${placeholder}, hive_partitioning = false)`
    : readCsvOf(placeholder, csvHeader(path) ?? EXPORT_COLUMNS.map(({ name }) => name));
}

/**
 * The export's CSV with all names and types: to find them, DuckDB would unpack the start of the file once more, and take tags
 * such as 1.50 for numbers.
 */
function readCsvOf(placeholder: string, names: readonly string[]): string {
  const columns = names.map((name) => `${textLiteral(name)}: '${NUMBERS.has(name) ? 'DOUBLE' : 'VARCHAR'}'`);
  return `read_csv(${placeholder}, columns = {${columns.join(', ')}}, auto_detect = false, header = true, delim = ',', quote = '"', escape = '"', compression = 'gzip', hive_partitioning = false)`;
}

/** A published number of an account. */
export interface PublishedValue {
  readonly regionCode: string;
  readonly productCode: string;
  readonly mtco2e: Mtco2e;
}

/** Returns an account's values of a column in a data file, without null. */
export async function readPublishedValues(
  session: DuckSession,
  path: string,
  accountId: AccountId,
  column: string,
): Promise<PublishedValue[]> {
  const rows = await session.rows(
    `SELECT coalesce(region_code, '') AS region_code, coalesce(product_code, '') AS product_code, ${column} AS mtco2e
     FROM ${dataFileRelation(path, '$1')} WHERE usage_account_id = $2 AND ${column} IS NOT NULL`,
    [literalPath(path), accountId],
  );
  return rows.map((row) => ({
    regionCode: textIn(row, 'region_code'),
    productCode: textIn(row, 'product_code'),
    mtco2e: asMtco2e(numberIn(row, 'mtco2e')),
  }));
}

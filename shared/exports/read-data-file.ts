import type { AccountId } from '../base/account-id';
import { asMtco2e, type Kg, type Mtco2e, toKg, toMtco2e } from '../base/mass';
import { type KgByCategory, byCategory, CATEGORIES, type Category } from '../method/categories';
import { literalPath } from '../sql/dialect';
import { type DuckSession, numberIn, textIn } from '../sql/duck-session';
import { EXPORT_COLUMNS } from './columns';
import { figureColumn } from './emissions';

/** Totals of a data file, read back from it. */
export interface FileTotals {
  readonly rows: number;
  readonly accounts: number;
  /** Sums over the rows, kgCO2e. */
  readonly kg: KgByCategory;
}

/**
 * Adds up a data file as it was written, so that the ledger proves the file itself. Rows are rounded
 * to 2^-61 of the month's emissions and added as integers: a sum of doubles would depend on threads.
 *
 * @param emittedKg the month's emissions, which no sum can exceed, kgCO2e
 */
export async function readFileTotals(
  session: DuckSession,
  path: string,
  emittedKg: KgByCategory,
): Promise<FileTotals> {
  const units = byCategory((category) => unitsPerMtco2e(emittedKg[category]));
  const sum = (category: Category, index: number): string =>
    `CAST(coalesce(SUM(CAST(round(${figureColumn(category)} * CAST($${String(index + 2)} AS DOUBLE)) AS BIGINT)), 0) AS VARCHAR) AS ${category}`;
  const [totals] = await session.rows(
    `SELECT COUNT(*) AS n, COUNT(DISTINCT usage_account_id) AS accounts,
       ${CATEGORIES.map(sum).join(', ')}
     FROM ${dataFileRelation(path, '$1')}`,
    [literalPath(path), ...CATEGORIES.map((category) => String(units[category]))],
  );
  return {
    rows: numberIn(totals, 'n'),
    accounts: numberIn(totals, 'accounts'),
    kg: byCategory((category) => toKg(asMtco2e(Number(textIn(totals, category)) / units[category]))),
  };
}

/** Smaller than any possible emission: keeps the scale finite where nothing is emitted. */
const LEAST_MTCO2E = 1e-200;

/** A power of two, so that scaling is exact, with room for the total and its rounding in 63 bits. */
function unitsPerMtco2e(emittedKg: Kg): number {
  const emitted = Math.max(toMtco2e(emittedKg), LEAST_MTCO2E);
  return 2 ** Math.floor(61 - Math.log2(emitted));
}

/** Returns SQL of a data file as a relation, by its ending; `placeholder` is the parameter that holds its path. */
export function dataFileRelation(path: string, placeholder: string): string {
  return path.endsWith('.parquet')
    ? `read_parquet(${placeholder}, hive_partitioning = false)`
    : readCsvOf(placeholder);
}

/**
 * The export's CSV with pinned column types: an account id is a text, even if it looks like a number. An export whose rows
 * are broken down has more columns, whose types the engine detects.
 */
function readCsvOf(placeholder: string): string {
  const types = EXPORT_COLUMNS.map(
    ({ name, type }) => `'${name}': '${type === 'double' ? 'DOUBLE' : 'VARCHAR'}'`,
  );
  return `read_csv(${placeholder}, types = {${types.join(', ')}}, header = true, delim = ',', quote = '"', escape = '"', compression = 'gzip', hive_partitioning = false)`;
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

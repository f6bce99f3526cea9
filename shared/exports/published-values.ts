import { literalPath } from '../sql/dialect';
import { type DuckSession, numberIn, textIn } from '../sql/duck-session';
import { dataFileRelation } from './data-file';

/** A published number of an account. */
export interface PublishedValue {
  readonly regionCode: string;
  readonly productCode: string;
  readonly mtco2e: number;
}

/** An account's values of a column in a data file, without those that are null. */
export async function readPublishedValues(
  session: DuckSession,
  path: string,
  accountId: string,
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
    mtco2e: numberIn(row, 'mtco2e'),
  }));
}

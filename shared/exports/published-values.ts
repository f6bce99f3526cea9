import type { DuckSession } from '../engine/duck-session';
import { literalPath, numberIn, textIn } from '../engine/duck-session';
import type { Category } from '../method/categories';
import { dataFileRelation } from './data-file';

/** A published number of an account. */
export interface PublishedValue {
  readonly regionCode: string;
  readonly productCode: string;
  readonly mtco2e: number;
}

/** An account's rows of a data file in one category. */
export async function readPublishedValues(
  session: DuckSession,
  path: string,
  accountId: string,
  category: Category,
): Promise<PublishedValue[]> {
  const rows = await session.rows(
    `SELECT region_code, product_code, total_${category}_emissions_value AS mtco2e FROM ${dataFileRelation(path, '$1')} WHERE usage_account_id = $2`,
    [literalPath(path), accountId],
  );
  return rows.map((row) => ({
    regionCode: textIn(row, 'region_code'),
    productCode: textIn(row, 'product_code'),
    mtco2e: numberIn(row, 'mtco2e'),
  }));
}

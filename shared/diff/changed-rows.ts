import type { DuckSession } from '../engine/duck-session';
import { literalPath, numberIn, textIn } from '../engine/duck-session';
import { dataFileRelation } from '../exports/data-file';
import { CATEGORIES } from '../method/categories';
import type { Category } from '../method/categories';

/** Values of a row on one side, MTCO2e by category; undefined where that side has no such row. */
export type RowValues = Readonly<Record<Category, number>> | undefined;

/** A row that two data files do not have alike. */
export interface ChangedRow {
  readonly accountId: string;
  readonly regionCode: string;
  readonly productCode: string;
  readonly before: RowValues;
  readonly after: RowValues;
}

const KEY = ['usage_account_id', 'region_code', 'product_code'] as const;

const valueOf = (category: Category): string => `total_${category}_emissions_value`;

/** SQL of the rows that differ between two data files, which are the parameters $1 and $2. */
function changes(before: string, after: string): string {
  const side = (path: string, parameter: string): string =>
    `(SELECT ${[...KEY, ...CATEGORIES.map(valueOf)].join(', ')}, true AS present FROM ${dataFileRelation(path, parameter)})`;
  const values = CATEGORIES.flatMap((category) => [
    `b.${valueOf(category)} AS before_${category}`,
    `a.${valueOf(category)} AS after_${category}`,
  ]);
  return `
SELECT ${KEY.map((column) => `coalesce(b.${column}, a.${column}) AS ${column}`).join(', ')},
  coalesce(b.present, false) AS is_before, coalesce(a.present, false) AS is_after, ${values.join(', ')}
FROM ${side(before, '$1')} b
FULL JOIN ${side(after, '$2')} a ON ${KEY.map((column) => `a.${column} = b.${column}`).join(' AND ')}
WHERE b.present IS NULL OR a.present IS NULL
  OR ${CATEGORIES.map((category) => `a.${valueOf(category)} <> b.${valueOf(category)}`).join(' OR ')}`;
}

/** How many accounts have a row that two data files do not have alike. */
export async function countChangedAccounts(
  session: DuckSession,
  before: string,
  after: string,
): Promise<number> {
  const [row] = await session.rows(
    `SELECT COUNT(DISTINCT usage_account_id) AS n FROM (${changes(before, after)}) changed`,
    [literalPath(before), literalPath(after)],
  );
  return numberIn(row, 'n');
}

/** The rows that two data files do not have alike, ordered by account, Region and product. */
export async function* changedRows(
  session: DuckSession,
  before: string,
  after: string,
): AsyncGenerator<ChangedRow> {
  const sql = `SELECT * FROM (${changes(before, after)}) changed ORDER BY ${KEY.join(', ')}`;
  for await (const rows of session.chunks(sql, [literalPath(before), literalPath(after)])) {
    for (const row of rows) {
      const values = (side: 'before' | 'after'): RowValues => {
        if (row[`is_${side}`] !== true) return undefined;
        const cells = CATEGORIES.map((category) => [category, numberIn(row, `${side}_${category}`)]);
        // Every category was just read; fromEntries cannot know that.
        return Object.fromEntries(cells) as RowValues;
      };
      yield {
        accountId: textIn(row, 'usage_account_id'),
        regionCode: textIn(row, 'region_code'),
        productCode: textIn(row, 'product_code'),
        before: values('before'),
        after: values('after'),
      };
    }
  }
}

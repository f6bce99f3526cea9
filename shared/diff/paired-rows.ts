import type { DuckSession } from '../engine/duck-session';
import { literalPath, numberIn, textIn } from '../engine/duck-session';
import { dataFileRelation } from '../exports/data-file';
import { CATEGORIES } from '../method/categories';
import type { Category } from '../method/categories';

/** Values of a row on one side, MTCO2e by category; undefined where that side has no such row. */
export type RowValues = Readonly<Record<Category, number>> | undefined;

/** A row as two data files have it. */
export interface PairedRow {
  readonly accountId: string;
  readonly regionCode: string;
  readonly productCode: string;
  readonly before: RowValues;
  readonly after: RowValues;
}

const KEY = ['usage_account_id', 'region_code', 'product_code'] as const;

const valueOf = (category: Category): string => `total_${category}_emissions_value`;

/** True for a paired row that the two files do not have alike. */
const DIFFERS = `NOT is_before OR NOT is_after OR ${CATEGORIES.map((category) => `after_${category} <> before_${category}`).join(' OR ')}`;

/** SQL of the rows of two data files, which are the parameters $1 and $2, side by side. */
function pairs(before: string, after: string): string {
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
FULL JOIN ${side(after, '$2')} a ON ${KEY.map((column) => `a.${column} = b.${column}`).join(' AND ')}`;
}

/** How many accounts have a row that two data files do not have alike. */
export async function countChangedAccounts(
  session: DuckSession,
  before: string,
  after: string,
): Promise<number> {
  const [row] = await session.rows(
    `SELECT COUNT(DISTINCT usage_account_id) AS n FROM (${pairs(before, after)}) pair WHERE ${DIFFERS}`,
    [literalPath(before), literalPath(after)],
  );
  return numberIn(row, 'n');
}

/** The rows of two data files side by side, ordered by account, Region and product. */
export async function* pairedRows(
  session: DuckSession,
  before: string,
  after: string,
): AsyncGenerator<PairedRow> {
  const sql = `SELECT * FROM (${pairs(before, after)}) pair ORDER BY ${KEY.join(', ')}`;
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

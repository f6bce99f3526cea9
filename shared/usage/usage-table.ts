import { defined } from '../base/defined';
import { USAGE_COLUMNS } from '../estate/tables';
import { paddedId } from '../sql/account-ids';
import { amountNames } from '../sql/amount-columns';
import type { TextColumns, UsageFile } from '../sql/text-columns';
import type { ColumnInWords, UsageColumn, UsageSource } from './lines/usage-source';

/** Columns of usage lines that hold amounts. */
const AMOUNTS = ['usage_quantity', 'usage_revenue'] as const;

const EXPECTED: Readonly<Record<UsageColumn, string>> = {
  usage_account_id: 'a 12-digit account id',
  cluster_id: 'a cluster_id that is in clusters',
  product_code: 'a product_code that is in services',
  usage_quantity: 'a number or a blank',
  usage_revenue: 'a number or a blank',
};

function isAmount(column: UsageColumn): boolean {
  return AMOUNTS.some((amount) => amount === column);
}

/** Returns the usage lines of the table usage/. */
export function usageTableSource(files: readonly UsageFile[], padAccountIds: boolean): UsageSource {
  const hasDoubles = files.every(({ types }) => AMOUNTS.every((amount) => types?.get(amount) === 'DOUBLE'));
  return {
    table: 'usage',
    files,
    ...linesWith('number', padAccountIds),
    ...defined({ ofDoubles: hasDoubles ? linesWith('raw', padAccountIds) : undefined }),
    context: [],
    words: {
      usage_account_id: word('usage_account_id'),
      cluster_id: word('cluster_id'),
      product_code: word('product_code'),
      usage_quantity: word('usage_quantity'),
      usage_revenue: word('usage_revenue'),
      // Every line of the folder is of the folder's month: the table has no dates.
      in_month: word('usage_account_id'),
    },
  };
}

/** Lines whose amounts are decimals, or as the files have them. */
function linesWith(
  kind: 'number' | 'raw',
  padAccountIds: boolean,
): Pick<UsageSource, 'columnsOf' | 'linesOf'> {
  const columns = USAGE_COLUMNS.map((column): TextColumns[number] =>
    isAmount(column)
      ? [column, column, kind]
      : column === 'usage_account_id'
        ? [column, column, 'id']
        : [column, column],
  );
  const id = padAccountIds ? paddedId('usage_account_id') : 'usage_account_id';
  const amounts = kind === 'number' ? AMOUNTS.flatMap(amountNames) : AMOUNTS;
  return {
    columnsOf: () => columns,
    linesOf: (texts, numbered) =>
      `SELECT ${id} AS usage_account_id, cluster_id, product_code, ${amounts.join(', ')}, true AS in_month, 1 AS line_count${numbered ? ', line' : ''}
       FROM (${texts}) f`,
  };
}

function word(column: UsageColumn): ColumnInWords {
  return { inFile: column, shown: column, expected: EXPECTED[column] };
}

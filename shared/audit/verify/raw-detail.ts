import { type ColumnAccess, columnNames, type UsageFile } from '../../sql/text-columns';
import type { LineDetail } from '../../usage/bills/breakdown-value';
import { type NaiveBreakdown, naiveBreakdownValue } from './exact/breakdown-value';

const RESOURCES = /^(?:(?:allocated)?resourceid|line_item_resource_id)$/i;

const KEYS = /^(?:(?:resource_|allocated)?tags|resource_tags_.*|x_costcategories|cost_category(?:_.*)?)$/i;

const COLUMN_END = '\u001e';
const NAME_END = '\u001f';

/**
 * Lines with all columns of a file that may have the value of a breakdown, as one text: {@link valueOfDetail} finds the
 * value in it, apart from the run's own reading.
 */
export function rawDetail({ kind }: NaiveBreakdown): LineDetail {
  const pattern = kind === 'resource' ? RESOURCES : KEYS;
  return {
    name: kind === 'resource' ? 'resource_id' : 'keys',
    textOf: (file: UsageFile) => {
      const of = [...columnNames(file)].filter((name) => pattern.test(name));
      return of.length === 0 ? undefined : { of, sql: (access) => joined(of, access) };
    },
    valueOf: (text) => `coalesce(${text}, '')`,
  };
}

function joined(columns: readonly string[], { textOf }: ColumnAccess): string {
  const cells = columns.map(
    (column) =>
      `'${column.toLowerCase().replaceAll("'", "''")}' || chr(31) || coalesce(${textOf(column)}, '')`,
  );
  return cells.join(' || chr(30) || ');
}

/**
 * The value that a line has in a breakdown, by the text of {@link rawDetail}. A resource that is the name of a model on
 * Amazon Bedrock is as the run reads it.
 */
export function valueOfDetail(breakdown: NaiveBreakdown, detail: string): string {
  if (breakdown.kind === 'resource' && detail !== '' && !detail.includes(NAME_END)) return detail;
  const columns = detail.split(COLUMN_END).map((cell) => {
    const [name = '', text = ''] = cell.split(NAME_END);
    return [name, text] as const;
  });
  return naiveBreakdownValue(breakdown, new Map(columns));
}

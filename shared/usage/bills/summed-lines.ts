import type { Month } from '../../base/month';
import type { ColumnAccess, MadeText, TextColumns } from '../../sql/text-columns';
import type { FileTexts } from '../lines/usage-engine';
import { type BillFacts, hasPlainTimes, liesInside } from './bill-facts';
import { orNull } from './bill-format';
import type { BillLines } from './bill-lines';
import { isInside } from './charge-period';

/*
 * A month's bills with one row for all lines that have the same texts. A bill has a hundred lines for each such row, so that
 * nothing is made of a line. Texts of which the sums need little are replaced by texts of few values.
 */

/** Amounts of pods and tasks, which are summed separately. */
const OF_PODS: ReadonlySet<string> = new Set(['split_cost', 'unused_cost']);

const TIMES: ReadonlySet<string> = new Set(['period_start', 'period_end']);

/** What some sums need of lines. */
export interface NeededTexts {
  /** The resource of each line. @default - false */
  readonly resources?: boolean;
  /** `latest`, the last start of a charge. @default - false */
  readonly latest?: boolean;
}

/**
 * Returns the summed texts of a month's bills: the texts of its lines, but no time of a line that is wholly in the month, and
 * instead of a pod's instance only that it has one.
 */
export function summedLines(
  { bills, columnsOf }: BillLines,
  { resources = false, latest = false }: NeededTexts = {},
): FileTexts {
  const { table, files, month } = bills;
  const known = new Map(files.map(({ file, facts }) => [file, facts]));
  return {
    ...{ table, files, summed: 'plain' },
    columnsOf: (file) => {
      const columns = columnsOf(file);
      const start = columnNamed(columns, 'period_start');
      const few = withFewTimes(columns, known.get(file.file), month)
        .filter(([, name]) => !OF_PODS.has(name))
        .map((column) => withFewValues(column, resources));
      return latest ? [...few, [start, 'latest', 'last'] as const] : few;
    },
  };
}

function withFewTimes(columns: TextColumns, facts: BillFacts | undefined, month: Month): TextColumns {
  if (facts === undefined) return columns;
  if (liesInside(facts, month)) {
    return columns.map((column) => (TIMES.has(column[1]) ? [undefined, column[1]] : column));
  }
  const start = columnNamed(columns, 'period_start');
  if (start === undefined || !hasPlainTimes(facts)) return columns;
  const end = columnNamed(columns, 'period_end') ?? start;
  const inside = (access: ColumnAccess): string => isInside(access, { start, end }, month);
  const made = (sql: MadeText['sql']): MadeText => ({ of: [start, end], sql, hasFewValues: true });
  return columns.map((column): TextColumns[number] => {
    const [inFile, name] = column;
    if (name === 'is_inside')
      return [made((access) => `CASE WHEN ${inside(access)} THEN 'yes' ELSE 'no' END`), name];
    if (!TIMES.has(name) || typeof inFile !== 'string') return column;
    return [
      made((access) => `CASE WHEN ${inside(access)} THEN NULL ELSE ${access.textOf(inFile)} END`),
      name,
    ];
  });
}

/** The column of a file that a text is; undefined where the file has none. */
function columnNamed(columns: TextColumns, wanted: string): string | undefined {
  const [inFile] = columns.find(([, name]) => name === wanted) ?? [];
  return typeof inFile === 'string' ? inFile : undefined;
}

/** Texts of which only one value, or whether there is one, is needed. */
function withFewValues(column: TextColumns[number], resources: boolean): TextColumns[number] {
  const [inFile, name] = column;
  if (typeof inFile !== 'string') return column;
  if (name === 'line_resource' && !resources) return [undefined, name];
  if (name !== 'parent') return column;
  const sql: MadeText['sql'] = ({ textOf }) =>
    `CASE WHEN ${orNull(textOf(inFile))} IS NOT NULL THEN 'an instance' END`;
  return [{ of: [inFile], sql, hasFewValues: true }, name];
}

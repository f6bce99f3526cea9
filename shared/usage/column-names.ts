import { BILL_FORMATS } from './bills/bill-formats';
import { isBillTable } from './bills/bill-tables';
import type { InputProblem } from '../base/input-problem';

/** Returns the name by which a table's columns are known, whatever the case in which a file writes them. */
export function nameInTable(table: string): (column: string) => string {
  return isBillTable(table) ? BILL_FORMATS[table].nameOf : (column) => column.toLowerCase();
}

/** Tables of AWS Data Exports that an estate reads. */
export type DeliveredTable = 'focus' | 'cur' | 'aws_carbon';

/** Names of these tables in messages. */
export const DELIVERED_NAMES: Readonly<Record<DeliveredTable, string>> = {
  focus: 'FOCUS',
  cur: 'CUR 2.0',
  aws_carbon: "AWS's carbon export",
};

/** A column that only one of these tables has. */
const MARKS: readonly (readonly [string, DeliveredTable])[] = [
  ['line_item_usage_account_id', 'cur'],
  ['subaccountid', 'focus'],
  ['total_mbm_emissions_value', 'aws_carbon'],
];

/** Returns the table of AWS Data Exports that has these columns; undefined where they are of none. */
export function deliveredTableOf(columns: Iterable<string>): DeliveredTable | undefined {
  const names = new Set([...columns].map((column) => column.toLowerCase()));
  return MARKS.find(([column]) => names.has(column))?.[1];
}

/** Returns the problem of a file that is in the folder of another table. */
export function wrongFolder(
  table: string,
  file: string,
  columns: Iterable<string>,
): InputProblem | undefined {
  const found = deliveredTableOf(columns);
  if (found === undefined || found === table || !(table in DELIVERED_NAMES)) return undefined;
  const expected = `a file of ${table}/. Move it to ${found}/, or name its location in sources.${found} of settings.json`;
  return { table, file, value: `a file of ${DELIVERED_NAMES[found]}`, expected };
}

import { BILL_FORMATS } from './bills/bill-formats';
import { isBillTable } from './bills/bill-tables';

/** Returns the name by which a table's columns are known, whatever the case in which a file writes them. */
export function nameInTable(table: string): (column: string) => string {
  return isBillTable(table) ? BILL_FORMATS[table].nameOf : (column) => column.toLowerCase();
}

/** Monthly tables that hold bills: FOCUS cost-and-usage, and AWS's Cost and Usage Report 2.0. */
export const BILL_TABLES = ['focus', 'cur'] as const;

/** One of the {@link BILL_TABLES}. */
export type BillTable = (typeof BILL_TABLES)[number];

/** True for a table of bills. */
export function isBillTable(table: string): table is BillTable {
  return (BILL_TABLES as readonly string[]).includes(table);
}

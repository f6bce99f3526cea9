import type { Month } from '../base/month';
import type { InputFiles } from '../estate/input-files';
import { BILL_TABLES } from './bills/bill-tables';

/** Tables that a month's usage can come from. */
export const USAGE_TABLES = ['usage', ...BILL_TABLES] as const;

/** One of the {@link USAGE_TABLES}. */
export type UsageTable = (typeof USAGE_TABLES)[number];

/** Months that have usage of any kind, oldest first. */
export function usageMonths(files: InputFiles): Month[] {
  return [...new Set(USAGE_TABLES.flatMap((table) => files.monthsOf(table)))].sort();
}

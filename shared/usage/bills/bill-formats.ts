import type { BillFormat } from './bill-format';
import type { BillTable } from './bill-tables';
import { CUR_FORMAT } from './cur-format';
import { FOCUS_FORMAT } from './focus-format';

/** Every kind of bill that is read. */
export const BILL_FORMATS: Readonly<Record<BillTable, BillFormat>> = {
  focus: FOCUS_FORMAT,
  cur: CUR_FORMAT,
};

import { accountIdProblem } from '../../base/account-id';
import { defined } from '../../base/defined';
import type { InputProblem } from '../../base/input-problem';
import { isAccountId } from '../../sql/account-ids';
import type { DuckSession } from '../../sql/duck-session';
import { assertLines, linesWhere } from '../../usage/bills/assert-lines';
import { BILL_FORMATS } from '../../usage/bills/bill-formats';
import { type BillLines, isIn, type MonthBills } from '../../usage/bills/bill-lines';
import type { BillSums } from '../../usage/bills/bill-sums';
import type { FoundLine, UsageEngine } from '../../usage/lines/usage-engine';
import { accountOf } from './line-costs';

/** @throws InputError naming file, row and column of every line that cannot be used */
export async function assertLinesValid(
  session: DuckSession,
  engine: UsageEngine,
  lines: BillLines,
  sums: BillSums,
): Promise<void> {
  const { bills } = lines;
  await assertLines(session, engine, lines, {
    total: linesWhere(
      sums,
      isInvalid(bills, (amount) => `${amount}_bad > 0`),
    ),
    invalidLines: (placed) =>
      `SELECT line, account_id, cost, quantity, cost_bad, CAST(period_start AS VARCHAR) AS period_start, place, ${hasNoId(bills)} AS no_id
       FROM (${placed}) l
       WHERE ${isInvalid(bills, (amount) => `${amount}_bad`)}`,
    problemOf: (line) => problemOf(bills, line),
  });
}

function hasNoId({ settings }: MonthBills): string {
  return `NOT ${isAccountId(accountOf(settings))}`;
}

/** @param isBad SQL that is true where an amount is not a number */
function isInvalid(bills: MonthBills, isBad: (amount: 'cost' | 'quantity') => string): string {
  const isMeasured = bills.settings.bills.split_by_quantity.length > 0;
  const reasons = [hasNoId(bills), isBad('cost'), ...(isMeasured ? [isBad('quantity')] : [])];
  return `${isIn('invalid')} OR (${isIn('here')} AND (${reasons.join(' OR ')}))`;
}

function problemOf({ table, settings }: MonthBills, { file, row, values }: FoundLine): InputProblem {
  const words = BILL_FORMATS[table].words(settings);
  const found = (column: string, name: string, expected: string): InputProblem => {
    const value = values[name];
    return {
      ...{ table, file, column, expected },
      ...defined({ row, value: typeof value === 'string' ? value : undefined }),
    };
  };
  if (values['place'] === 'invalid') {
    return found(words.period, 'period_start', 'a time that exists, and a charge period of at most a year');
  }
  if (values['no_id'] === true) {
    const id = values['account_id'];
    const expected = accountIdProblem(typeof id === 'string' ? id : '') ?? 'a 12-digit account id';
    return found(words.account, 'account_id', expected);
  }
  return values['cost_bad'] === true
    ? found(words.cost, 'cost', 'a number or a blank')
    : found(words.quantity, 'quantity', 'a number or a blank');
}

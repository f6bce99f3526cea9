import { accountIdProblem } from '../base/account-id';
import { defined } from '../base/defined';
import { InputError, type InputProblem } from '../base/input-problem';
import { SHOWN } from '../base/shown';
import { AMOUNT_LIMIT, isDecimal } from '../estate/column-types';
import { type DuckSession, numberIn, type SqlRow, textIn } from '../sql/duck-session';
import { checkedLines, type Drivers } from './driver-sql';
import type { FoundLine, UsageEngine } from './lines/usage-engine';
import type { UsageColumn, UsageSource } from './lines/usage-source';
import type { PairTable } from './service-pairs';

/** Lines that cannot be used, and where to find them. */
export interface InvalidLines {
  readonly engine: UsageEngine;
  readonly usage: UsageSource;
  readonly pairs: PairTable;
  /** Number of invalid lines. */
  readonly count: number;
}

/** Returns the error that names the invalid lines of usage, and what is wrong with each. */
export async function invalidLines(
  session: DuckSession,
  { engine, usage, pairs, count }: InvalidLines,
): Promise<InputError> {
  const isKnown = (column: string): string =>
    `${column} IS NOT NULL AND ${column} IN (SELECT ${column} FROM ${pairs.table})`;
  const found = await engine.find(session, usage, {
    overText: (text) =>
      `SELECT checked.*, ${isKnown('cluster_id')} AS known_cluster, ${isKnown('product_code')} AS known_service
       FROM (${checkedLines(usage.linesOf(text, true), pairs, columnsInWords(usage))}) checked
       WHERE NOT is_valid`,
    context: [pairs, ...usage.context],
    most: SHOWN.lines,
  });
  const problems = found.flatMap((line) => problemsOfLine(usage, line));
  return new InputError(problems, Math.max(0, count - found.length));
}

/** Columns of the lines that messages need, except the account id, which every checked line has. */
function columnsInWords({ words }: UsageSource): string[] {
  const shown = Object.values(words).map((word) => word.shown);
  const columns = new Set(['line', 'cluster_id', 'product_code', ...shown]);
  columns.delete('usage_account_id');
  return [...columns];
}

function problemsOfLine(usage: UsageSource, { file, row, values: line }: FoundLine): InputProblem[] {
  const problem = (name: UsageColumn | 'in_month', expected?: string): InputProblem => {
    const words = usage.words[name];
    return {
      table: usage.table,
      file,
      ...defined({ row }),
      column: words.inFile,
      value: cell(line, words.shown),
      expected: expected ?? words.expected,
    };
  };
  const found: InputProblem[] = [];
  const accountProblem = accountIdProblem(cell(line, 'usage_account_id'));
  if (accountProblem !== undefined) found.push(problem('usage_account_id', accountProblem));
  if (line['known_cluster'] !== true) found.push(problem('cluster_id'));
  if (line['known_service'] !== true) found.push(problem('product_code'));
  if (line['in_month'] !== true) found.push(problem('in_month'));
  for (const name of ['usage_quantity', 'usage_revenue'] as const) {
    const value = cell(line, name);
    if (value === '') continue;
    if (!isDecimal(value)) found.push(problem(name));
    else if (Math.abs(Number(value)) >= AMOUNT_LIMIT) found.push(problem(name, 'a number below 1e20'));
  }
  return found.length > 0 ? found : unusualNumbers(line).map((name) => problem(name, EXACT_NUMBER));
}

const EXACT_NUMBER = 'a number of at most 20 digits before the decimal point';

/** Columns whose number the engine's decimals may not hold. */
function unusualNumbers(line: SqlRow): ('usage_quantity' | 'usage_revenue')[] {
  return (['usage_quantity', 'usage_revenue'] as const).filter(
    (name) => !/^([+-]?\d{1,9}(\.\d{1,9})?)?$/.test(cell(line, name)),
  );
}

function cell(line: SqlRow, name: string): string {
  return line[name] === null ? '' : textIn(line, name);
}

/** Returns the error that names the accounts whose quantities of a physical service add up to less than 0. */
export async function negativeQuantities(
  session: DuckSession,
  drivers: Drivers,
  pairs: PairTable,
  table: string,
): Promise<InputError> {
  const negative = `FROM ${drivers.table} d JOIN ${pairs.table} p ON p.pair_id = d.pair_id
     WHERE p.basis = 'physical' AND d.amount < 0`;
  const [total] = await session.rows(`SELECT COUNT(*) AS n ${negative}`);
  const rows = await session.rows(
    `SELECT lpad(CAST(d.account_number AS VARCHAR), 12, '0') AS account_id, p.cluster_id, p.product_code, d.amount
     ${negative}
     ORDER BY account_id, p.cluster_id, p.product_code LIMIT ${String(SHOWN.lines)}`,
  );
  const problems = rows.map((row) => ({
    table,
    column: 'usage_quantity',
    value: String(numberIn(row, 'amount')),
    expected: `quantities of account ${textIn(row, 'account_id')} for ${textIn(row, 'product_code')} in ${textIn(row, 'cluster_id')} that add up to at least 0`,
  }));
  return new InputError(problems, numberIn(total, 'n') - rows.length);
}

import type { DuckSession, SqlRow } from '../engine/duck-session';
import { numberIn, textIn } from '../engine/duck-session';
import { LINE_TO_PAIR, SOUND_LINE } from '../engine/driver-sql';
import { accountIdProblem, isDecimal } from '../inputs/column-types';
import { InputError } from '../inputs/input-problem';
import type { InputProblem } from '../inputs/input-problem';
import { columnsOfFile } from './usage-source';
import type { UsageFile, UsageSource } from './usage-source';

/** How many lines are spelled out; the rest is counted. */
const SHOWN_LINES = 100;

/** A month's usage lines, and how to find one of them again in its file. */
export interface DiagnosedUsage {
  /** Table of inputs.md the lines come from. */
  readonly table: string;
  readonly source: UsageSource;
  readonly files: readonly UsageFile[];
  /** Column of the file for each column of the relation. */
  readonly columns: readonly (readonly [inFile: string, name: UsageColumn])[];
  /** SQL that turns the text of an account id into the id that counts. */
  readonly accountIdOf: (column: string) => string;
}

type UsageColumn = 'usage_account_id' | 'cluster_id' | 'product_code' | 'usage_quantity' | 'usage_revenue';

/** The error that tells which lines of usage are not sound, and what is wrong with each. */
export async function unsoundLineProblems(
  session: DuckSession,
  usage: DiagnosedUsage,
  unsoundLines: number,
): Promise<InputError> {
  const problems: InputProblem[] = [];
  let shownLines = 0;
  for (const file of usage.files) {
    if (shownLines >= SHOWN_LINES) break;
    const { list, from } = columnsOfFile(file, usage.columns, '$1');
    const row = file.header === undefined ? 'file_row_number + 1' : 'row_number() OVER ()';
    const rows = await session.rows(
      `SELECT u.*, p.pair_id IS NULL AS no_pair,
        u.cluster_id IN (SELECT cluster_id FROM service_pair) AS known_cluster,
        u.product_code IN (SELECT product_code FROM service_pair) AS known_service
       FROM (
         SELECT * REPLACE (${usage.accountIdOf('usage_account_id')} AS usage_account_id)
         FROM (SELECT ${list}, CAST(${row} AS DOUBLE) AS line FROM ${from})
       ) u
       ${LINE_TO_PAIR}
       WHERE NOT (${SOUND_LINE})
       ORDER BY line
       LIMIT ${String(SHOWN_LINES - shownLines)}`,
      [file.path],
    );
    shownLines += rows.length;
    problems.push(...rows.flatMap((line) => problemsOfLine(usage, file.file, line)));
  }
  return new InputError(problems, unsoundLines - shownLines);
}

function problemsOfLine(usage: DiagnosedUsage, file: string, line: SqlRow): InputProblem[] {
  const row = numberIn(line, 'line');
  const problem = (name: UsageColumn, expected: string): InputProblem => {
    const column = usage.columns.find(([, known]) => known === name)?.[0] ?? name;
    return { table: usage.table, file, row, column, value: cell(line, name), expected };
  };
  const found: InputProblem[] = [];
  const accountProblem = accountIdProblem(cell(line, 'usage_account_id'));
  if (accountProblem !== undefined) found.push(problem('usage_account_id', accountProblem));
  if (line['known_cluster'] !== true) {
    found.push(problem('cluster_id', 'a cluster_id that is in clusters'));
  }
  if (line['known_service'] !== true) {
    found.push(problem('product_code', 'a product_code that is in services'));
  }
  for (const name of ['usage_quantity', 'usage_revenue'] as const) {
    const value = cell(line, name);
    if (value === '') continue;
    if (!isDecimal(value)) found.push(problem(name, 'a number or a blank'));
    else if (Math.abs(Number(value)) >= 1e20) found.push(problem(name, 'a number below 1e20'));
  }
  return found;
}

function cell(line: SqlRow, name: UsageColumn): string {
  return line[name] === null ? '' : textIn(line, name);
}

/** Accounts whose quantities of a physical service add up to less than nothing. */
export async function negativeQuantityProblems(
  session: DuckSession,
  table: string,
): Promise<InputProblem[]> {
  const rows = await session.rows(
    `SELECT lpad(CAST(d.account_number AS VARCHAR), 12, '0') AS account_id, p.cluster_id, p.product_code, CAST(d.amount AS VARCHAR) AS amount
     FROM driver d JOIN service_pair p ON p.pair_id = d.pair_id
     WHERE p.basis = 'physical' AND d.amount < 0
     ORDER BY account_id, p.cluster_id, p.product_code`,
  );
  return rows.map((row) => ({
    table,
    column: 'usage_quantity',
    value: String(Number(textIn(row, 'amount'))),
    expected: `quantities of account ${textIn(row, 'account_id')} for ${textIn(row, 'product_code')} in ${textIn(row, 'cluster_id')} that add up to at least 0`,
  }));
}

import { SHOWN } from '../../base/shown';
import { textLiteral } from '../../sql/dialect';
import { type DuckSession, numberIn } from '../../sql/duck-session';
import type { Relation } from '../../sql/relation';
import type { ProblemList } from './problem-list';
import { publishedRow, VALUE_COLUMNS } from './published-rows';

/** Columns of a file of AWS's totals, and the texts that are the same in every row. */
export interface SplitRowTexts {
  readonly columns: readonly string[];
  readonly constants: Readonly<Record<string, string>>;
}

/** Checks the texts that are the same in every row, and the units: MTCO2e where the row has a value, else blank. */
export async function checkSplitRows(
  session: DuckSession,
  file: Relation,
  { columns, constants }: SplitRowTexts,
  problems: ProblemList,
): Promise<void> {
  const wrong = [
    ...Object.entries(constants).map(([column, text]) => `${column} <> ${textLiteral(text)}`),
    ...VALUE_COLUMNS.map(
      (column) => `${unitOf(column)} <> CASE WHEN ${column} IS NULL THEN '' ELSE 'MTCO2e' END`,
    ),
  ].join(' OR ');
  const [total] = await session.rows(
    `SELECT CAST(COUNT(*) AS DOUBLE) AS n FROM ${file.table} WHERE ${wrong}`,
  );
  const rows = await session.rows(
    `SELECT * FROM ${file.table} WHERE ${wrong} LIMIT ${String(SHOWN.problems)}`,
  );
  for (const row of rows) {
    const { texts, values } = publishedRow(row, columns);
    const units = VALUE_COLUMNS.map((column) => [
      unitOf(column),
      Number.isNaN(values[column]) ? '' : 'MTCO2e',
    ]);
    const expected: Readonly<Record<string, string>> = { ...constants, ...Object.fromEntries(units) };
    const key = ['usage_account_id', 'payer_account_id', 'region_code', 'product_code', 'split_value']
      .flatMap((column) => texts[column] ?? [])
      .join(' ');
    for (const [column, text] of Object.entries(expected)) {
      const found = texts[column] ?? '';
      problems.expect(
        found === text,
        () => `row ${key}, column ${column}: found "${found}", expected "${text}"`,
      );
    }
  }
  problems.addUnlisted(numberIn(total, 'n') - rows.length);
}

function unitOf(column: string): string {
  return column.replace(/_value$/, '_unit');
}

import type { AwsTotals, Entries } from '../../exports/aws-totals';
import { dataFileRelation } from '../../exports/data-file';
import { type Emission, EMISSIONS, valueColumn } from '../../exports/emissions';
import type { SumOfArray } from '../../sql/dialect';
import { type DuckSession, literalPath, numberIn, type SqlRow, textIn } from '../../sql/duck-session';

/** Difference, as a part of AWS's total, above which a month is not published. */
export const SPLIT_LIMIT = 1e-12;

/** The sums of a month. */
export interface SplitLedger {
  readonly totals: Entries;
  readonly accounts: AwsTotals['accounts'];
  readonly rows: AwsTotals['rows'];
  /** Rows of the file that was written. */
  readonly fileRows: number;
  /** Largest difference between AWS's total and the file's, as a part of it, over accounts and columns. */
  readonly largestResidual: number;
}

/**
 * Balances a month per account: AWS's rows against the data file as it was written. Sums are taken in a fixed order, so
 * that they do not depend on threads.
 */
export async function readSplitLedger(
  session: DuckSession,
  path: string,
  sumOfArray: SumOfArray,
): Promise<SplitLedger> {
  const sums = (prefix: string, condition = ''): string =>
    EMISSIONS.map((emission) => {
      const column = valueColumn(emission);
      return `${sumOfArray(`array_sort(array_agg(${column}) FILTER (WHERE ${column} IS NOT NULL${condition}))`)} AS ${prefix}_${emission}`;
    }).join(', ');
  const columns = (alias: string, prefix: string): string =>
    EMISSIONS.map((emission) => `${alias}.${prefix}_${emission}`).join(', ');
  const key = 'usage_account_id, payer_account_id';
  const rows = await session.rows(
    `SELECT aws.usage_account_id, aws.payer_account_id, ${columns('aws', 'aws')}, ${columns('file', 'file')}, ${columns('whole', 'unsplit')}
     FROM (SELECT ${key}, ${sums('aws')} FROM carbon_row GROUP BY ${key}) aws
     LEFT JOIN (SELECT ${key}, ${sums('file')} FROM ${dataFileRelation(path, '$1')} GROUP BY ${key}) file USING (${key})
     LEFT JOIN (
       SELECT a.usage_account_id, a.payer_account_id, ${sums('unsplit').replaceAll('array_agg(', 'array_agg(s.').replaceAll('(WHERE ', '(WHERE s.')}
       FROM split_row s JOIN carbon_row a ON a.row_id = s.row_id WHERE NOT s.is_split
       GROUP BY a.usage_account_id, a.payer_account_id
     ) whole USING (${key})
     ORDER BY ${key}`,
    [literalPath(path)],
  );
  const accounts = rows.map((row) => ({
    accountId: textIn(row, 'usage_account_id'),
    payerAccountId: textIn(row, 'payer_account_id'),
    totals: entriesOf(row),
  }));
  const [counts] = await session.rows(
    `SELECT (SELECT COUNT(*) FROM carbon_row) AS aws, (SELECT COUNT(*) FROM split_row WHERE NOT is_split) AS unsplit,
       (SELECT COUNT(*) FROM ${dataFileRelation(path, '$1')}) AS file`,
    [literalPath(path)],
  );
  return {
    totals: sumOf(accounts.map(({ totals }) => totals)),
    accounts,
    rows: { aws: numberIn(counts, 'aws'), unsplit: numberIn(counts, 'unsplit') },
    fileRows: numberIn(counts, 'file'),
    largestResidual: Math.max(0, ...rows.flatMap(residualsOf)),
  };
}

function valueIn(row: SqlRow, column: string): number | undefined {
  const value = row[column];
  return typeof value === 'number' ? value : undefined;
}

function entriesOf(row: SqlRow): Entries {
  return Object.fromEntries(
    EMISSIONS.flatMap((emission) => {
      const aws = valueIn(row, `aws_${emission}`);
      if (aws === undefined) return [];
      const unsplit = valueIn(row, `unsplit_${emission}`) ?? 0;
      return [
        [valueColumn(emission), { aws, split: (valueIn(row, `file_${emission}`) ?? 0) - unsplit, unsplit }],
      ];
    }),
  );
}

function residualsOf(row: SqlRow): number[] {
  return EMISSIONS.map((emission: Emission) => {
    const aws = valueIn(row, `aws_${emission}`) ?? 0;
    const file = valueIn(row, `file_${emission}`) ?? 0;
    if (aws === file) return 0;
    return aws === 0 ? Infinity : Math.abs((file - aws) / aws);
  });
}

function sumOf(all: readonly Entries[]): Entries {
  const sums: Record<string, Entries[string]> = {};
  for (const entries of all) {
    for (const [column, { aws, split, unsplit }] of Object.entries(entries)) {
      const sum = sums[column] ?? { aws: 0, split: 0, unsplit: 0 };
      sums[column] = { aws: sum.aws + aws, split: sum.split + split, unsplit: sum.unsplit + unsplit };
    }
  }
  return sums;
}

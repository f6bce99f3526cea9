import { asMtco2e, type Mtco2e } from '../../base/mass';
import type { AwsTotals, Entries } from '../../exports/aws-totals';
import { dataFileRelation } from '../../exports/read-data-file';
import { type Emission, EMISSIONS, valueColumn } from '../../exports/emissions';
import { accountIdIn } from '../../sql/account-ids';
import { DUCK, literalPath } from '../../sql/dialect';
import { type DuckSession, numberIn, type SqlRow } from '../../sql/duck-session';
import { orderedSum } from '../../sql/ordered-sum';
import type { SplitRelations } from './split-file';

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
 * Balances a month per account: AWS's rows against the data file after it was written. Sums are taken in a fixed order, so
 * that they do not depend on threads.
 *
 * @param path the data file on the local disk
 */
export async function readSplitLedger(
  session: DuckSession,
  { carbon, rows: split }: SplitRelations,
  path: string,
): Promise<SplitLedger> {
  const file = dataFileRelation(path, '$1');
  const whole = `(SELECT s.*, a.usage_account_id, a.payer_account_id
       FROM ${split.table} s JOIN ${carbon.table} a ON a.row_id = s.row_id WHERE NOT s.is_split)`;
  const columns = SIDES.flatMap((side) => EMISSIONS.map((emission) => `${side}.${side}_${emission}`));
  const rows = await session.rows(
    `SELECT aws.usage_account_id, aws.payer_account_id, ${columns.join(', ')}
     FROM ${sumsOf('aws', carbon.table)} aws
     LEFT JOIN ${sumsOf('file', file)} file USING (${KEY})
     LEFT JOIN ${sumsOf('unsplit', whole)} unsplit USING (${KEY})
     ORDER BY ${KEY}`,
    [literalPath(path)],
  );
  const accounts = rows.map((row) => ({
    accountId: accountIdIn(row, 'usage_account_id'),
    payerAccountId: accountIdIn(row, 'payer_account_id'),
    totals: entriesOf(row),
  }));
  const [counts] = await session.rows(
    `SELECT (SELECT COUNT(*) FROM ${carbon.table}) AS aws, (SELECT COUNT(*) FROM ${split.table} WHERE NOT is_split) AS unsplit,
       (SELECT COUNT(*) FROM ${file}) AS file`,
    [literalPath(path)],
  );
  return {
    totals: sumOf(accounts.map(({ totals }) => totals)),
    accounts,
    rows: { aws: numberIn(counts, 'aws'), unsplit: numberIn(counts, 'unsplit') },
    fileRows: numberIn(counts, 'file'),
    largestResidual: rows.flatMap(residualsOf).reduce((most, residual) => Math.max(most, residual), 0),
  };
}

const KEY = 'usage_account_id, payer_account_id';

const NOTHING = asMtco2e(0);

const SIDES = ['aws', 'file', 'unsplit'] as const;

/** SQL of a relation's sums per account and payer, named `<side>_<emission>`. */
function sumsOf(side: (typeof SIDES)[number], relation: string): string {
  const sums = EMISSIONS.map((emission) => {
    return `${orderedSum(DUCK, valueColumn(emission))} AS ${side}_${emission}`;
  });
  return `(SELECT ${KEY}, ${sums.join(', ')} FROM ${relation} r GROUP BY ${KEY})`;
}

/** Emissions in a row, MTCO2e; undefined where the column is null. */
function mtco2eIn(row: SqlRow, column: string): Mtco2e | undefined {
  const found = row[column];
  return typeof found === 'number' ? asMtco2e(found) : undefined;
}

function entriesOf(row: SqlRow): Entries {
  return Object.fromEntries(
    EMISSIONS.flatMap((emission) => {
      const aws = mtco2eIn(row, `aws_${emission}`);
      if (aws === undefined) return [];
      const unsplit = mtco2eIn(row, `unsplit_${emission}`) ?? NOTHING;
      return [
        [
          valueColumn(emission),
          { aws, split: asMtco2e((mtco2eIn(row, `file_${emission}`) ?? 0) - unsplit), unsplit },
        ],
      ];
    }),
  );
}

function residualsOf(row: SqlRow): number[] {
  return EMISSIONS.map((emission: Emission) => {
    const aws = mtco2eIn(row, `aws_${emission}`) ?? 0;
    const file = mtco2eIn(row, `file_${emission}`) ?? 0;
    if (aws === file) return 0;
    return aws === 0 ? Infinity : Math.abs((file - aws) / aws);
  });
}

function sumOf(all: readonly Entries[]): Entries {
  const sums: Record<string, Entries[string]> = {};
  for (const entries of all) {
    for (const [column, { aws, split, unsplit }] of Object.entries(entries)) {
      const sum = sums[column] ?? { aws: NOTHING, split: NOTHING, unsplit: NOTHING };
      sums[column] = {
        aws: asMtco2e(sum.aws + aws),
        split: asMtco2e(sum.split + split),
        unsplit: asMtco2e(sum.unsplit + unsplit),
      };
    }
  }
  return sums;
}

import { groupBy } from '../../base/group';
import type { Entries } from '../../exports/aws-totals';
import { EMISSIONS, valueColumn } from '../../exports/emissions';
import type { Manifest } from '../../exports/manifest';
import { exactDouble, type Fraction, isZero, toNumber, ZERO } from './exact/rational';
import type { ProblemList } from './problem-list';
import type { PublishedRow } from './published-rows';
import { added, type AwsRow, type Values } from './split-values';
import { TOLERANCE } from './tolerance';

const COLUMNS = EMISSIONS.map(valueColumn);

/**
 * Checks the ledger of a month of AWS's totals, in fractions, per account and over all: AWS's total is what AWS's rows
 * add up to, what the file's rows add up to, and what was split plus what stayed whole. Values are MTCO2e.
 */
export function checkSplitLedger(
  { awsTotals, file, accounts }: Manifest,
  awsRows: readonly AwsRow[],
  published: readonly PublishedRow[],
  problems: ProblemList,
): void {
  if (awsTotals === undefined) {
    problems.add('the manifest has no ledger of AWS’s totals');
    return;
  }
  const whole = awsRows.filter(({ isSplit }) => !isSplit).length;
  const counts: readonly (readonly [string, number, number])[] = [
    ["AWS's rows", awsTotals.rows.aws, awsRows.length],
    ['rows that stay whole', awsTotals.rows.unsplit, whole],
    ['rows of the file', file.rows, published.length],
    ['accounts', accounts, awsTotals.accounts.length],
  ];
  for (const [what, told, counted] of counts) {
    problems.expect(
      told === counted,
      () => `ledger: ${what}: the manifest says ${String(told)}, counted ${String(counted)}`,
    );
  }
  const rowsOf = groupBy(awsRows, ({ account, payer }) => `${account} ${payer}`);
  const fileOf = groupBy(
    published,
    ({ texts }) => `${texts['usage_account_id'] ?? ''} ${texts['payer_account_id'] ?? ''}`,
  );
  for (const { accountId, payerAccountId, totals } of awsTotals.accounts) {
    const key = `${accountId} ${payerAccountId}`;
    checkEntries(`account ${key}`, totals, rowsOf.get(key) ?? [], fileOf.get(key) ?? [], problems);
  }
  checkEntries('all accounts', awsTotals.totals, awsRows, published, problems);
}

function checkEntries(
  whose: string,
  entries: Entries,
  awsRows: readonly AwsRow[],
  published: readonly PublishedRow[],
  problems: ProblemList,
): void {
  const aws = sumOf(awsRows.map(({ total }) => total));
  const whole = sumOf(awsRows.filter(({ isSplit }) => !isSplit).map(({ total }) => total));
  const file = sumOf(published.map(exactValues));
  for (const column of COLUMNS) {
    const [entry, total] = [entries[column], aws[column]];
    problems.expect(
      (entry === undefined) === (total === undefined),
      () => `ledger, ${whose}: ${column} is told where AWS's export has none, or the other way round`,
    );
    if (entry === undefined || total === undefined) continue;
    const unsplit = whole[column] ?? ZERO;
    compare(`ledger, ${whose}, ${column}: AWS's total`, entry.aws, total, total, problems);
    compare(`ledger, ${whose}, ${column}: what stays whole`, entry.unsplit, unsplit, total, problems);
    compare(`ledger, ${whose}, ${column}: what was split`, entry.split, total.sub(unsplit), total, problems);
    const sum = toNumber(file[column] ?? ZERO);
    compare(`${whose}, ${column}: the sum of the file`, sum, total, total, problems);
  }
}

/** Differences count as parts of AWS's total. */
function compare(what: string, told: number, exact: Fraction, total: Fraction, problems: ProblemList): void {
  const difference = exactDouble(told).sub(exact).abs();
  const part = isZero(difference) ? 0 : isZero(total) ? Infinity : toNumber(difference.div(total).abs());
  problems.expect(
    part <= TOLERANCE,
    () => `${what} is ${String(told)} MTCO2e, exactly ${String(toNumber(exact))}`,
  );
}

function sumOf(rows: readonly Values[]): Values {
  return rows.reduce((all, row) => added(all, row), {});
}

function exactValues({ values }: PublishedRow): Values {
  return Object.fromEntries(
    COLUMNS.flatMap((column) => {
      const value = values[column] ?? NaN;
      return Number.isFinite(value) ? [[column, exactDouble(value)]] : [];
    }),
  );
}

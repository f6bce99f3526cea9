import { SHOWN } from '../../base/shown';
import type { CarbonRows } from '../../compute/aws-totals/carbon-rows';
import type { Entries } from '../../exports/aws-totals';
import type { Manifest } from '../../exports/manifest';
import { type DuckSession, numberIn, type SqlParameters, type SqlRow, textIn } from '../../sql/duck-session';
import type { Relation } from '../../sql/relation';
import { exactSumOf } from './exact-sums';
import { exactDouble, type Fraction, isZero, toNumber } from './exact/rational';
import type { ProblemList } from './problem-list';
import { VALUE_COLUMNS } from './published-rows';
import { CERTAIN, TOLERANCE } from './tolerance';

/** The relations that a ledger of AWS's totals must equal. */
export interface SplitLedgerCheck {
  readonly manifest: Manifest;
  readonly carbon: CarbonRows;
  /** `row_id` of AWS's rows that are split. */
  readonly splitIds: Relation;
  readonly file: Relation;
}

/**
 * Checks the ledger of a month of AWS's totals per account and over all: AWS's total is the sum of AWS's rows, the sum of the
 * file's rows, and the split part plus the unsplit part. The sums over all are exact; those of an account are exact where
 * sums of doubles are not certainly right. Values are MTCO2e.
 */
export async function checkSplitLedger(
  session: DuckSession,
  check: SplitLedgerCheck,
  problems: ProblemList,
): Promise<void> {
  const { awsTotals } = check.manifest;
  if (awsTotals === undefined) {
    problems.add("manifest, awsTotals: found nothing, expected a ledger of AWS's totals");
    return;
  }
  await checkCounts(session, check, problems);
  await checkEntries(session, check, { entries: awsTotals.totals, whose: 'all accounts' }, problems);
  const sums = await sumsByAccount(session, check);
  const uncertain = awsTotals.accounts.filter(
    ({ accountId, payerAccountId, totals }) => !isCertain(totals, sums.get(`${accountId} ${payerAccountId}`)),
  );
  for (const { accountId, payerAccountId, totals } of uncertain.slice(0, SHOWN.accounts)) {
    const whose = `account ${accountId} ${payerAccountId}`;
    const account = [accountId, payerAccountId];
    await checkEntries(session, check, { entries: totals, whose, account }, problems);
  }
  problems.addUnlisted(Math.max(0, uncertain.length - SHOWN.accounts));
}

async function checkCounts(
  session: DuckSession,
  { manifest, carbon, splitIds, file }: SplitLedgerCheck,
  problems: ProblemList,
): Promise<void> {
  const [row] = await session.rows(
    `SELECT (SELECT COUNT(*) FROM ${carbon.table}) AS aws, (SELECT COUNT(*) FROM ${splitIds.table}) AS split,
       (SELECT COUNT(*) FROM ${file.table}) AS file, (SELECT COUNT(*) FROM (SELECT DISTINCT ${KEY} FROM ${carbon.table})) AS accounts`,
  );
  const { awsTotals } = manifest;
  const counts: readonly (readonly [string, number | undefined, number])[] = [
    ["AWS's rows", awsTotals?.rows.aws, numberIn(row, 'aws')],
    ['unsplit rows', awsTotals?.rows.unsplit, numberIn(row, 'aws') - numberIn(row, 'split')],
    ['rows of the file', manifest.file.rows, numberIn(row, 'file')],
    ['accounts', awsTotals?.accounts.length, numberIn(row, 'accounts')],
  ];
  for (const [what, found, counted] of counts) {
    problems.expect(
      found === counted,
      () => `ledger, ${what}: found ${String(found)} in the manifest, expected ${String(counted)}`,
    );
  }
}

const KEY = 'usage_account_id, payer_account_id';

const SIDES = ['aws', 'whole', 'file'] as const;

type Side = (typeof SIDES)[number];

/** Rows whose sums make up a side of the ledger. */
function rowsOf(side: Side, { carbon, splitIds, file }: SplitLedgerCheck): string {
  if (side === 'file') return file.table;
  if (side === 'aws') return carbon.table;
  return `(SELECT * FROM ${carbon.table} WHERE row_id NOT IN (SELECT row_id FROM ${splitIds.table}))`;
}

/** Sums per account and payer in doubles with compensation, whose error is below 1e-14 where no value is below 0. */
async function sumsByAccount(
  session: DuckSession,
  check: SplitLedgerCheck,
): Promise<ReadonlyMap<string, SqlRow>> {
  const sums = SIDES.map((side) => {
    const columns = VALUE_COLUMNS.map((column) => `fsum(${column}) AS ${side}_${column}`);
    const negative = `coalesce(bool_or(least(${VALUE_COLUMNS.join(', ')}) < 0), false) AS ${side}_negative`;
    return `(SELECT ${KEY}, ${columns.join(', ')}, ${negative} FROM ${rowsOf(side, check)} r GROUP BY ${KEY}) ${side}`;
  });
  const rows = await session.rows(
    `SELECT * FROM ${sums[0] ?? ''} LEFT JOIN ${sums[1] ?? ''} USING (${KEY}) LEFT JOIN ${sums[2] ?? ''} USING (${KEY})`,
  );
  return new Map(
    rows.map((row) => [`${textIn(row, 'usage_account_id')} ${textIn(row, 'payer_account_id')}`, row]),
  );
}

/** True where the entries of an account certainly equal its sums. */
function isCertain(entries: Entries, sums: SqlRow | undefined): boolean {
  if (sums === undefined || SIDES.some((side) => sums[`${side}_negative`] === true)) return false;
  return VALUE_COLUMNS.every((column) => {
    const [aws, whole, file] = SIDES.map((side) => sums[`${side}_${column}`] ?? undefined);
    const entry = entries[column];
    if (typeof aws !== 'number' || entry === undefined) return aws === undefined && entry === undefined;
    const unsplit = typeof whole === 'number' ? whole : 0;
    const pairs: readonly (readonly [number, number])[] = [
      [entry.aws, aws],
      [entry.unsplit, unsplit],
      [entry.split, aws - unsplit],
      [typeof file === 'number' ? file : 0, aws],
    ];
    return pairs.every(([found, expected]) => Math.abs(found - expected) <= CERTAIN * aws);
  });
}

/** Entries of the ledger, and the account and payer that they are of; of all accounts without them. */
interface LedgerEntries {
  readonly entries: Entries;
  readonly whose: string;
  readonly account?: SqlParameters;
}

async function checkEntries(
  session: DuckSession,
  check: SplitLedgerCheck,
  { entries, whose, account }: LedgerEntries,
  problems: ProblemList,
): Promise<void> {
  const condition = account === undefined ? '' : ' WHERE usage_account_id = $1 AND payer_account_id = $2';
  const parameters = account ?? [];
  const sumOf = (side: Side, column: string): Promise<Fraction> =>
    exactSumOf(
      session,
      { sql: `SELECT ${column} FROM ${rowsOf(side, check)} r${condition}`, parameters },
      column,
    );
  for (const column of VALUE_COLUMNS) {
    const [present] = await session.rows(
      `SELECT COUNT(${column}) AS n FROM ${check.carbon.table}${condition}`,
      parameters,
    );
    const isPresent = numberIn(present, 'n') > 0;
    const entry = entries[column];
    const name = `ledger, ${whose}, ${column}`;
    problems.expect((entry !== undefined) === isPresent, () =>
      isPresent
        ? `${name}: found no entry, expected one as in AWS's export`
        : `${name}: found an entry, expected none as in AWS's export`,
    );
    if (entry === undefined || !isPresent) continue;
    const total = await sumOf('aws', column);
    const unsplit = await sumOf('whole', column);
    const compare = comparison(name, total, problems);
    compare("AWS's total", exactDouble(entry.aws), total);
    compare('the unsplit part', exactDouble(entry.unsplit), unsplit);
    compare('the split part', exactDouble(entry.split), total.sub(unsplit));
    compare('the sum of the file', await sumOf('file', column), total);
  }
}

/** Returns a function that compares two values; differences count as parts of AWS's total. */
function comparison(
  name: string,
  total: Fraction,
  problems: ProblemList,
): (what: string, found: Fraction, exact: Fraction) => void {
  return (what, found, exact) => {
    const difference = found.sub(exact).abs();
    const part = isZero(difference) ? 0 : isZero(total) ? Infinity : toNumber(difference.div(total).abs());
    problems.expect(
      part <= TOLERANCE,
      () =>
        `${name}, ${what}: found ${String(toNumber(found))} MTCO2e, expected ${String(toNumber(exact))} MTCO2e`,
    );
  };
}

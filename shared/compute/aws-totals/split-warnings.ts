import { type Warning, warningAbout } from '../../base/warning';
import type { AwsTotals } from '../../exports/aws-totals';
import { EMISSIONS, valueColumn } from '../../exports/emissions';
import { costWarnings } from './split-coverage';
import type { SplitLedger } from './split-ledger';
import type { SplitFindings, SplitInputs } from './split-month';

/** Returns what a reader of a month of AWS's totals should know. */
export function splitWarnings(
  { bills }: SplitInputs,
  ledger: SplitLedger,
  findings: SplitFindings,
): Warning[] {
  const missing = missingColumns(ledger);
  if (bills === undefined) {
    const message = "no bills of the month: AWS's rows stay whole";
    return [{ severity: 'worth-a-look', code: 'bills-missing', count: 1, message }, ...missing];
  }
  return [
    ...wholeRows(ledger),
    ...emptyBills(findings),
    ...payersWithoutBill(findings),
    ...(findings.coverage === undefined ? [] : costWarnings(findings.coverage, bills)),
    ...unsharedAccounts(findings),
    ...serviceWarnings(findings, bills.settings.bills.split_by_quantity),
    ...missing,
  ];
}

function missingColumns({ totals, rows }: SplitLedger): Warning[] {
  const columns = EMISSIONS.map(valueColumn).filter((column) => totals[column] === undefined);
  return warningAbout(
    { severity: 'for-the-record', code: 'aws-column-missing' },
    rows.aws === 0 ? [] : columns,
    (names) => `AWS's export does not have ${names}`,
  );
}

function wholeRows({ totals, rows }: SplitLedger): Warning[] {
  if (rows.unsplit === 0) return [];
  const { unsplit = 0, aws = 0 } = totals[valueColumn('total_mbm_emissions')] ?? {};
  const message = `unsplit: ${String(rows.unsplit)} of AWS's ${String(rows.aws)} rows, ${unsplit.toPrecision(6)} of ${aws.toPrecision(6)} MTCO2e market-based, have no matching cost and stay under AWS's product`;
  return [{ severity: 'worth-a-look', code: 'unsplit', count: rows.unsplit, message }];
}

function emptyBills({ usageLines }: SplitFindings): Warning[] {
  if (usageLines > 0) return [];
  const message = "the bills have no usage lines of the month: AWS's rows stay whole";
  return [{ severity: 'worth-a-look', code: 'bills-empty', count: 1, message }];
}

function payersWithoutBill({ payersWithoutBill: payers }: SplitFindings): Warning[] {
  return payers.map((payer): Warning => ({
    ...{ severity: 'worth-a-look', code: 'payer-without-bill', count: 1 },
    message: `no bills of payer ${payer}: its rows stay whole`,
  }));
}

function unsharedAccounts({ withoutBill, withoutCarbon }: SplitFindings): Warning[] {
  const about = (code: string, where: string, { count, accountIds }: AwsTotals['withoutBill']): Warning[] =>
    warningAbout(
      { severity: 'worth-a-look', code },
      accountIds,
      (ids) => `${String(count)} accounts in ${where}: ${ids}`,
    ).map((warning) => ({ ...warning, count }));
  return [
    ...about('account-without-bill', "AWS's export and not in the bills", withoutBill),
    ...about('account-without-carbon', "the bills and not in AWS's export", withoutCarbon),
  ];
}

function serviceWarnings(
  { namedServices, unmeasured }: SplitFindings,
  measured: readonly string[],
): Warning[] {
  return [
    ...warningAbout(
      { severity: 'for-the-record', code: 'split-by-quantity' },
      measured,
      (services) => `split by quantity instead of list cost: ${services}`,
    ),
    ...unmeasured.map(({ productCode, lines }): Warning => ({
      ...{ severity: 'worth-a-look', code: 'quantity-missing', count: lines },
      message: `${String(lines)} lines of ${productCode} have no quantity in its unit and get no part of it: it is split by quantity (bills.split_by_quantity)`,
    })),
    ...warningAbout(
      { severity: 'for-the-record', code: 'service-without-code' },
      namedServices,
      (services) => `services without a code, shown by their name: ${services}`,
    ),
  ];
}

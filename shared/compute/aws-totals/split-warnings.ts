import { SHOWN } from '../../base/shown';
import type { AwsTotals } from '../../exports/aws-totals';
import { EMISSIONS, valueColumn } from '../../exports/emissions';
import type { SplitLedger } from './split-ledger';
import type { SplitFindings, SplitInputs } from './split-month';

/** Warnings about a month of AWS's totals. */
export function splitWarnings(
  { at, bills }: SplitInputs,
  ledger: SplitLedger,
  findings: SplitFindings,
): string[] {
  const missing = missingColumns(at.month, ledger);
  if (bills === undefined) return [`no bills of ${at.month}: AWS's rows stay whole`, ...missing];
  const measured = bills.settings.bills.split_by_quantity;
  return [
    ...wholeRows(ledger),
    ...unsharedAccounts(findings),
    ...(measured.length > 0 ? [`split by quantity instead of list cost: ${measured.join(', ')}`] : []),
    ...findings.unmeasured.map(
      ({ productCode, lines }) =>
        `${String(lines)} lines of ${productCode} have no quantity in its unit and take nothing of it: it is split by quantity (bills.split_by_quantity)`,
    ),
    ...unnamedServices(findings),
    ...missing,
  ];
}

function missingColumns(month: string, { totals, rows }: SplitLedger): string[] {
  const columns = EMISSIONS.map(valueColumn).filter((column) => totals[column] === undefined);
  if (rows.aws === 0 || columns.length === 0) return [];
  return [`AWS's export of ${month} does not have ${columns.join(', ')}`];
}

function wholeRows({ totals, rows }: SplitLedger): string[] {
  if (rows.unsplit === 0) return [];
  const { unsplit = 0, aws = 0 } = totals[valueColumn('total_mbm_emissions')] ?? {};
  return [
    `unsplit: ${String(rows.unsplit)} of AWS's ${String(rows.aws)} rows, ${unsplit.toPrecision(6)} of ${aws.toPrecision(6)} MTCO2e market-based, have no matching cost and stay under AWS's product`,
  ];
}

function unsharedAccounts({ withoutBill, withoutCarbon }: SplitFindings): string[] {
  const listed = ({ count, accountIds }: AwsTotals['withoutBill']): string => listOf(accountIds, count);
  return [
    ...(withoutBill.count > 0
      ? [`accounts in AWS's export and not in the bills: ${listed(withoutBill)}`]
      : []),
    ...(withoutCarbon.count > 0
      ? [`accounts in the bills and not in AWS's export: ${listed(withoutCarbon)}`]
      : []),
  ];
}

function unnamedServices({ namedServices }: SplitFindings): string[] {
  if (namedServices.length === 0) return [];
  return [`services without a code, under their own name: ${listOf(namedServices, namedServices.length)}`];
}

function listOf(names: readonly string[], count: number): string {
  return `${String(count)} (${names.slice(0, SHOWN.examples).join(', ')}${count > SHOWN.examples ? ', …' : ''})`;
}

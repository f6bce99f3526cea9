import { defined } from '../shared/base/defined';
import { asMtco2e, type Kg, type Mtco2e, toMtco2e } from '../shared/base/mass';
import type { MonthSummary } from '../shared/exports/manifest-summary';
import { columnFigure, deliveredColumns, type Restatement } from '../shared/exports/restatement';
import { monthsInWords } from '../shared/base/month-words';
import { counted, formatNumber, massText } from '../shared/base/people-number';
import { CATEGORIES } from '../shared/method/categories';
import { hasSevereWarning, type MonthOutcome } from '../shared/runs/month-outcome';
import type { RunReport } from '../shared/runs/run-export';
import { problemLines } from './problem-lines';
import { coloured, fittedTable, type TextColumn } from './text-table';
import { warningLines } from './warning-lines';

const COLOURS = {
  published: 'green',
  'published with warnings': 'yellow',
  failed: 'red',
  unchanged: undefined,
} as const;

function number(
  title: string,
  valueOf: (summary: MonthSummary) => string,
  leaveOut?: number,
): TextColumn<MonthOutcome> {
  return {
    ...{ title, align: 'right', ...defined({ leaveOut }) },
    value: ({ summary }) => (summary === undefined ? '' : valueOf(summary)),
  };
}

/** Shown where a month of the run counts Scope 3. */
const SCOPE_3_COLUMN = number('Scope 3 MBM', ({ scope3Mbm }) =>
  scope3Mbm === undefined ? '' : massText(scope3Mbm),
);

function columnsOf(months: readonly MonthOutcome[]): readonly TextColumn<MonthOutcome>[] {
  const hasScope3 = months.some(({ summary }) => summary?.scope3Mbm !== undefined);
  return COLUMNS.flatMap((column) =>
    column.title === 'MBM CO2e' && hasScope3 ? [column, SCOPE_3_COLUMN] : [column],
  );
}

const COLUMNS: readonly TextColumn<MonthOutcome>[] = [
  { title: 'month', value: ({ month }) => month },
  { title: 'version', value: ({ modelVersion }) => modelVersion },
  { title: 'status', value: (outcome) => statusText(statusInWords(outcome)) },
  number('rows', ({ rows }) => formatNumber(rows)),
  number('accounts', ({ accounts }) => formatNumber(accounts)),
  number('LBM CO2e', lbmInWords),
  number('MBM CO2e', ({ totalMbm }) => massText(totalMbm)),
  number('retained MBM', ({ retainedMbm }) => massText(retainedMbm), 1),
  number('estimated', ({ estimatedClusters }) => formatNumber(estimatedClusters), 3),
  number('residual', ({ largestResidual }) => largestResidual.toExponential(0), 4),
  number('unknown accounts', ({ unknownAccounts }) => formatNumber(unknownAccounts), 2),
];

/** Location-based total. AWS did not deliver it before June 2025, nor of every payer at the same time. */
function lbmInWords({ totalLbm, lbmPayers }: MonthSummary): string {
  if (totalLbm === undefined) return 'not delivered';
  const value = massText(totalLbm);
  if (lbmPayers === undefined) return value;
  return `${value} of ${String(lbmPayers.known)} of ${String(lbmPayers.of)} payers`;
}

/** Returns the status of a month: its own, or "published with warnings" where a warning changes numbers. */
export function statusInWords(outcome: MonthOutcome): keyof typeof COLOURS {
  const { status } = outcome;
  return status === 'published' && hasSevereWarning(outcome) ? 'published with warnings' : status;
}

function statusText(status: keyof typeof COLOURS): string {
  const colour = COLOURS[status];
  return colour === undefined ? status : coloured(colour, status);
}

/** Returns the table that ends a run, and the outcome in sentences; all warnings where it is verbose. */
export function runTable(report: RunReport, isVerbose = false): string {
  const { months, notAvailable, problems, notes } = report;
  const count = (status: MonthOutcome['status']): number =>
    months.filter((outcome) => outcome.status === status).length;
  return [
    fittedTable(columnsOf(months), months),
    '',
    `Export ${report.exportName}, as of ${report.asOf.slice(0, 10)}: ${String(count('published'))} published, ${String(count('unchanged'))} unchanged, ${String(count('failed'))} failed.`,
    ...aboutTotals(months),
    ...(notAvailable.length > 0 ? [`Not yet available: ${monthsInWords(notAvailable)}`] : []),
    ...problems,
    ...notes,
    ...warningLines(months, isVerbose),
    ...months.flatMap(restatementInWords),
    ...months.flatMap((month) => failureInWords(month, isVerbose)),
  ].join('\n');
}

function failureInWords(
  { month, modelVersion, status, error, summary }: MonthOutcome,
  isVerbose: boolean,
): string[] {
  if (status !== 'failed') return [];
  const name = `${month} ${modelVersion}`;
  const heading =
    summary === undefined
      ? `${name} failed; nothing of it was published, and what was published before is unchanged:`
      : `${name} failed after it was published:`;
  return ['', heading, ...problemLines(error ?? '', isVerbose)];
}

/** Where the totals come from, and how exactly they balance. */
function aboutTotals(months: readonly MonthOutcome[]): string[] {
  const residuals = months.flatMap(({ summary }) => summary?.largestResidual ?? []);
  if (residuals.length === 0) return [];
  const residual = Math.max(...residuals).toExponential(1);
  const split = months.flatMap(({ summary }) => (summary?.unsplit === undefined ? [] : [summary]));
  if (split.length === 0) {
    return [
      `Largest residual of any ledger: ${residual} of the emissions (limit 1e-9). "retained" stays with the operator; "estimated" is the number of clusters whose Scope 1 is estimated.`,
      ...aboutInputs(months),
    ];
  }
  const sum = (valueOf: (summary: MonthSummary) => number | undefined): number =>
    split.reduce((total, summary) => total + (valueOf(summary) ?? 0), 0);
  const count = (valueOf: (summary: MonthSummary) => number | undefined): string =>
    formatNumber(sum(valueOf));
  const mass = (valueOf: (summary: MonthSummary) => number | undefined): string =>
    massText(asMtco2e(sum(valueOf)));
  const rows = `${count(({ unsplit }) => unsplit?.rows)} of ${count(({ unsplit }) => unsplit?.ofRows)} rows`;
  const mbm = `${mass(({ unsplit }) => unsplit?.mbm)} of ${mass(({ totalMbm }) => totalMbm)} market-based`;
  return [
    `The totals are AWS's own; only their split is ours: by the list cost of each account's usage in the Region. Unsplit, under AWS's product: ${rows}, ${mbm}.`,
    `Largest difference between the sum of an account's rows and AWS's total: ${residual} of it (limit 1e-12).`,
  ];
}

/** How much of the figures rests on inputs that a third party has checked; none for months without Scope 3. */
function aboutInputs(months: readonly MonthOutcome[]): string[] {
  const shares = months.flatMap(({ summary }) => summary?.inputShares ?? []);
  if (shares.length === 0) return [];
  const range = (shareOf: (share: (typeof shares)[number]) => number): string => {
    const percents = shares.map((share) => 100 * shareOf(share));
    const [least, most] = [Math.min(...percents), Math.max(...percents)].map((value) => value.toFixed(1));
    return least === most ? `${least ?? ''} %` : `${least ?? ''} to ${most ?? ''} %`;
  };
  return [
    `Of the kg of Scope 1, location-based Scope 2 and energy-related activities, ${range(({ assured }) => assured)} rest on assured activity and ${range(({ verified }) => verified)} on verified factors.`,
  ];
}

/** Which totals a restatement changed and which inputs caused it. */
function restatementInWords({ month, modelVersion, restatement }: MonthOutcome): string[] {
  if (restatement === undefined) return [];
  const { because, accounts, estimatedTurnedActual } = restatement;
  const name = `${month} ${modelVersion}`;
  const totals = [
    ...deliveredColumns(restatement),
    ...changedTotals(restatement).map(
      ({ total, before, after }) => `${total} ${massText(before)} -> ${massText(after)}`,
    ),
  ];
  const cause = because.length === 0 ? 'its data file was written again' : `${because.join(', ')} changed`;
  const number = accounts === undefined ? 'an unknown number of accounts' : counted(accounts, 'account');
  return [
    `${name} restated because ${cause}: ${totals.join(', ') || 'no total changed'}; ${number}.`,
    ...(estimatedTurnedActual.length > 0
      ? [`${name}: actual Scope 1 data replaced the estimate in ${estimatedTurnedActual.join(', ')}.`]
      : []),
  ];
}

interface ChangedTotal {
  readonly total: string;
  readonly before: Mtco2e;
  readonly after: Mtco2e;
}

function changedTotals({ beforeKg, afterKg, awsTotals }: Restatement): ChangedTotal[] {
  const totals =
    awsTotals === undefined
      ? CATEGORIES.map((category) => ({
          total: category,
          before: inMtco2e(beforeKg[category]),
          after: inMtco2e(afterKg[category]),
        }))
      : Object.entries(awsTotals).map(([column, values]) => ({ total: columnFigure(column), ...values }));
  return totals.flatMap(({ total, before, after }) =>
    before === null || after === null || before === after ? [] : [{ total, before, after }],
  );
}

/** Null for a category that the month does not count. */
function inMtco2e(kg: Kg | null | undefined): Mtco2e | null {
  return kg === null || kg === undefined ? null : toMtco2e(kg);
}

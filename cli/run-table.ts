import { KG_PER_MTCO2E } from '../shared/exports/columns';
import type { MonthSummary } from '../shared/exports/month-summary';
import type { Restatement } from '../shared/exports/restatement';
import { CATEGORIES } from '../shared/method/categories';
import type { MonthOutcome } from '../shared/runs/month-outcome';
import type { RunReport } from '../shared/runs/run-export';
import { formatNumber, type TextColumn, textTable } from './text-table';

function figure(valueOf: (summary: MonthSummary) => string): (outcome: MonthOutcome) => string {
  return ({ summary }) => (summary === undefined ? '' : valueOf(summary));
}

const COLUMNS: readonly TextColumn<MonthOutcome>[] = [
  { title: 'month', value: ({ month }) => month },
  { title: 'version', value: ({ modelVersion }) => modelVersion },
  { title: 'status', value: ({ status }) => status },
  { title: 'rows', align: 'right', value: figure(({ rows }) => formatNumber(rows)) },
  { title: 'accounts', align: 'right', value: figure(({ accounts }) => formatNumber(accounts)) },
  {
    title: 'LBM MTCO2e',
    align: 'right',
    value: figure(({ totalLbm }) => (totalLbm === undefined ? '' : formatNumber(totalLbm, 3))),
  },
  { title: 'MBM MTCO2e', align: 'right', value: figure(({ totalMbm }) => formatNumber(totalMbm, 3)) },
  { title: 'retained MBM', align: 'right', value: figure(({ retainedMbm }) => formatNumber(retainedMbm, 3)) },
  {
    title: 'estimated',
    align: 'right',
    value: figure(({ estimatedClusters }) => formatNumber(estimatedClusters)),
  },
  { title: 'residual', align: 'right', value: figure((summary) => summary.largestResidual.toExponential(0)) },
  {
    title: 'unknown accounts',
    align: 'right',
    value: figure(({ unknownAccounts }) => formatNumber(unknownAccounts)),
  },
];

/** The closing table of a run and what it did, in words. */
export function runTable(report: RunReport): string {
  const { months, notAvailable, problems } = report;
  const count = (status: MonthOutcome['status']): number =>
    months.filter((outcome) => outcome.status === status).length;
  const failed = months.filter(({ status }) => status === 'failed');
  return [
    textTable(COLUMNS, months),
    '',
    `Export ${report.exportName}, as of ${report.asOf.slice(0, 10)}: ${String(count('published'))} published, ${String(count('unchanged'))} unchanged, ${String(failed.length)} failed.`,
    ...aboutTotals(months),
    ...(notAvailable.length > 0 ? [`Not yet available: ${notAvailable.join(', ')}`] : []),
    ...problems,
    ...months.flatMap(restatementInWords),
    ...failed.flatMap(({ month, modelVersion, error, summary }) => [
      '',
      summary === undefined
        ? `${month} ${modelVersion} failed; nothing of it was published, and what was published before is untouched:`
        : `${month} ${modelVersion} failed after it was published:`,
      error ?? '',
    ]),
  ].join('\n');
}

/** Whose totals they are, and how well they balance. */
function aboutTotals(months: readonly MonthOutcome[]): string[] {
  const residual = Math.max(0, ...months.map(({ summary }) => summary?.largestResidual ?? 0)).toExponential(
    1,
  );
  const split = months.flatMap(({ summary }) => (summary?.unsplit === undefined ? [] : [summary]));
  if (split.length === 0) {
    return [
      `Largest residual of any ledger: ${residual} of the emissions (limit 1e-9). "estimated" counts clusters whose Scope 1 is estimated.`,
    ];
  }
  const sum = (valueOf: (summary: MonthSummary) => number): number =>
    split.reduce((total, summary) => total + valueOf(summary), 0);
  const rows = `${formatNumber(sum(({ unsplit }) => unsplit?.rows ?? 0))} of ${formatNumber(sum(({ unsplit }) => unsplit?.ofRows ?? 0))} rows`;
  const mbm = `${formatNumber(
    sum(({ unsplit }) => unsplit?.mbm ?? 0),
    3,
  )} of ${formatNumber(
    sum(({ totalMbm }) => totalMbm),
    3,
  )} MTCO2e market-based`;
  return [
    `The totals are AWS's own; only their split is ours: by the list cost of each account's usage in the Region. Unsplit, under AWS's product: ${rows}, ${mbm}.`,
    `Largest difference between an account's parts and AWS's total: ${residual} of it (limit 1e-12).`,
  ];
}

/** What a restated month says: what moved, and which inputs changed. */
export function restatementInWords({ month, modelVersion, restatement }: MonthOutcome): string[] {
  if (restatement === undefined) return [];
  const { because, accounts, estimatedTurnedActual } = restatement;
  const moved = movedTotals(restatement).map(
    ({ name, before, after }) => `${name} ${formatNumber(before, 3)} -> ${formatNumber(after, 3)} MTCO2e`,
  );
  const [whom, what] = [
    accounts === undefined ? 'an unknown number of' : formatNumber(accounts),
    moved.join(', '),
  ];
  return [
    `${month} ${modelVersion} restated because ${because.join(', ') || 'its file was written anew'} changed: ${what || 'no total moved'}; ${whom} accounts.`,
    ...(estimatedTurnedActual.length > 0
      ? [`${month} ${modelVersion}: Scope 1 estimated turned actual in ${estimatedTurnedActual.join(', ')}.`]
      : []),
  ];
}

/** Totals that a restatement moved, MTCO2e. */
function movedTotals({
  beforeKg,
  afterKg,
  awsTotals,
}: Restatement): { readonly name: string; readonly before: number; readonly after: number }[] {
  if (awsTotals !== undefined) {
    return Object.entries(awsTotals).map(([column, total]) => ({
      name: column.replace(/^total_(.*)_emissions_value$/, (_, figure: string) =>
        figure.startsWith('scope') ? figure : `total_${figure}`,
      ),
      ...total,
    }));
  }
  return CATEGORIES.filter((category) => beforeKg[category] !== afterKg[category]).map((category) => ({
    name: category,
    before: beforeKg[category] / KG_PER_MTCO2E,
    after: afterKg[category] / KG_PER_MTCO2E,
  }));
}

import { TOLERANCE } from '../shared/audit/verify/tolerance';
import { isVerified, type Verification, type VerifiedMonth } from '../shared/audit/verify/verification';
import { SHOWN } from '../shared/base/shown';
import { formatNumber } from '../shared/base/people-number';
import { coloured, fittedTable, type TextColumn } from './text-table';

const CHECKS = [
  'Checked: size and SHA-256 of each data file; its columns, their types and order; keys unique and sorted; units;',
  'emissions in = exported + retained, in total and per step, with the exact sum of the file; fingerprints of the',
  'inputs; every value and ledger entry against the inputs. Usage, service totals and the ledger are recomputed in exact',
  'arithmetic by code that is separate from the calculation that published them. A value is compared with an error below',
  '1e-12; where that does not decide, it is computed as a fraction.',
] as const;

/** Returns the result of a verification as a document: what was verified, by which program, and every difference. */
export function assuranceStatement(
  verification: Verification,
  places: { readonly inputs: string; readonly out: string; readonly on: string },
): string {
  const { program, calculationRevision, exportName, months, problems } = verification;
  const versions = [...new Set(months.map(({ modelVersion }) => modelVersion))].sort();
  const exceptions = months.flatMap(({ month, modelVersion, exceptions: ofMonth }) =>
    ofMonth.map((exception) => `${month} ${modelVersion}: ${exception}`),
  );
  return [
    'Assurance statement',
    '',
    `Export ${exportName} in ${places.out}, from the inputs in ${places.inputs}`,
    `Verified on ${places.on} by ${program} (calculation revision ${String(calculationRevision)}), model versions ${versions.join(', ') || 'none'}`,
    '',
    fittedTable(COLUMNS, months),
    '',
    ...figures(months),
    ...(exceptions.length > 0 ? ['', 'Exceptions:', ...exceptions] : []),
    ...(problems.length > 0 ? ['', 'Differences of the export:', ...problems] : []),
    ...months.flatMap(differencesOf),
    '',
    isVerified(verification)
      ? coloured('green', 'VERIFIED: every published value follows from the inputs.')
      : coloured('red', 'NOT VERIFIED: see the differences.'),
  ].join('\n');
}

function figures(months: readonly VerifiedMonth[]): string[] {
  const total = (figure: (month: VerifiedMonth) => number): string =>
    formatNumber(months.reduce((sum, month) => sum + figure(month), 0));
  const largest = (figure: (month: VerifiedMonth) => number): string =>
    months.reduce((most, month) => Math.max(most, figure(month)), 0).toExponential(1);
  return [
    `${formatNumber(months.length)} months, ${total(({ rows }) => rows)} rows, ${total(({ values }) => values)} values compared, ${total(({ usageLines }) => usageLines)} usage lines summed.`,
    ...CHECKS,
    `Largest difference of a value: ${largest((month) => month.largestDifference)} relative; of a ledger entry: ${largest((month) => month.largestLedgerDifference)} of the emissions (limit ${String(TOLERANCE)}).`,
  ];
}

const COLUMNS: readonly TextColumn<VerifiedMonth>[] = [
  { title: 'month', value: ({ month }) => month },
  { title: 'version', value: ({ modelVersion }) => modelVersion },
  { title: 'execution', value: ({ executionId }) => executionId },
  { title: 'rows', align: 'right', value: ({ rows }) => formatNumber(rows) },
  { title: 'values', align: 'right', value: ({ values }) => formatNumber(values) },
  {
    title: 'largest difference',
    align: 'right',
    value: ({ largestDifference }) => largestDifference.toExponential(1),
  },
  {
    title: 'result',
    value: (month) => {
      const result = resultOf(month);
      return coloured(result === 'verified' ? 'green' : 'red', result);
    },
  },
];

/** Returns the result of a month in words: `verified` where nothing differs. */
export function resultOf({ differenceCount, notRecomputed }: VerifiedMonth): string {
  const differences = `${formatNumber(differenceCount)} differences`;
  if (notRecomputed !== undefined) return `not recomputed, ${differences}`;
  return differenceCount === 0 ? 'verified' : differences;
}

function differencesOf(verified: VerifiedMonth): string[] {
  const { month, modelVersion, differences, differenceCount, notRecomputed } = verified;
  if (differenceCount === 0 && notRecomputed === undefined) return [];
  // The reason is a difference too.
  const others = differences.filter((difference) => difference !== notRecomputed);
  const shown = others.slice(0, SHOWN.differences);
  const rest = differenceCount - (differences.length - others.length) - shown.length;
  return [
    '',
    `${month} ${modelVersion}:`,
    ...(notRecomputed === undefined ? [] : [`not recomputed: ${notRecomputed}`]),
    ...shown,
    ...(rest > 0 ? [`… and ${formatNumber(rest)} more`] : []),
  ];
}

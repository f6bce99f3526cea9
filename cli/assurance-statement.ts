import { TOLERANCE } from '../shared/audit/verify/check-rows';
import { isVerified, type Verification, type VerifiedMonth } from '../shared/audit/verify/verification';
import { formatNumber, textTable } from './text-table';

/** What a statement spells out per month; the rest is counted. */
const SHOWN_DIFFERENCES = 100;

/** What was verified, for people and for a file: what, by which program, how much, and every difference. */
export function assuranceStatement(
  verification: Verification,
  places: { readonly inputs: string; readonly out: string; readonly on: string },
): string {
  const { program, calculationRevision, exportName, months, problems } = verification;
  const total = (figure: (month: VerifiedMonth) => number): string =>
    formatNumber(months.reduce((sum, month) => sum + figure(month), 0));
  const largest = (figure: (month: VerifiedMonth) => number): string =>
    Math.max(0, ...months.map(figure)).toExponential(1);
  const versions = [...new Set(months.map(({ modelVersion }) => modelVersion))].sort();
  const exceptions = months.flatMap(({ month, modelVersion, exceptions: told }) =>
    told.map((exception) => `${month} ${modelVersion}: ${exception}`),
  );
  const verdict = isVerified(verification)
    ? 'VERIFIED: every published value is what the inputs give.'
    : 'NOT VERIFIED: see the differences.';
  return [
    'Assurance statement',
    '',
    `Export ${exportName} in ${places.out}, from the inputs in ${places.inputs}`,
    `Verified on ${places.on} by ${program} (calculation revision ${String(calculationRevision)}), model versions ${versions.join(', ') || 'none'}`,
    '',
    textTable(COLUMNS, months),
    '',
    `${formatNumber(months.length)} months, ${total(({ rows }) => rows)} rows, ${total(({ values }) => values)} values compared, ${total(({ usageLines }) => usageLines)} usage lines summed.`,
    'Checked: size and SHA-256 of each data file; its columns, their types and order; keys unique and sorted; units;',
    'emissions in = exported + retained, in total and per step, the file added up in exact arithmetic; fingerprints of',
    'the inputs; every value and ledger entry, recomputed from the inputs in exact fractions by code that shares',
    'nothing with the calculation that published them.',
    `Largest difference of a value: ${largest((month) => month.largestDifference)} relative; of a ledger entry: ${largest((month) => month.largestLedgerDifference)} of the emissions (limit ${String(TOLERANCE)}).`,
    ...(exceptions.length > 0 ? ['', 'Exceptions:', ...exceptions] : []),
    ...(problems.length > 0 ? ['', 'Differences of the export:', ...problems] : []),
    ...months.flatMap(differencesOf),
    '',
    verdict,
  ].join('\n');
}

const COLUMNS = [
  { title: 'month', value: ({ month }: VerifiedMonth) => month },
  { title: 'version', value: ({ modelVersion }: VerifiedMonth) => modelVersion },
  { title: 'execution', value: ({ executionId }: VerifiedMonth) => executionId },
  { title: 'rows', align: 'right', value: ({ rows }: VerifiedMonth) => formatNumber(rows) },
  { title: 'values', align: 'right', value: ({ values }: VerifiedMonth) => formatNumber(values) },
  {
    title: 'largest difference',
    align: 'right',
    value: ({ largestDifference }: VerifiedMonth) => largestDifference.toExponential(1),
  },
  {
    title: 'result',
    value: ({ differenceCount, notRecomputed }: VerifiedMonth) => {
      if (notRecomputed !== undefined) return `not recomputed, ${formatNumber(differenceCount)} differences`;
      return differenceCount === 0 ? 'verified' : `${formatNumber(differenceCount)} differences`;
    },
  },
] as const;

function differencesOf(verified: VerifiedMonth): string[] {
  const { month, modelVersion, differences, differenceCount, notRecomputed } = verified;
  if (differenceCount === 0 && notRecomputed === undefined) return [];
  const shown = differences.slice(0, SHOWN_DIFFERENCES);
  const rest = differenceCount - shown.length;
  return [
    '',
    `${month} ${modelVersion}:`,
    ...(notRecomputed === undefined ? [] : [`not recomputed: ${notRecomputed}`]),
    ...shown,
    ...(rest > 0 ? [`… and ${formatNumber(rest)} more`] : []),
  ];
}

import { counted } from '../../shared/base/people-number';
import type { ReportPeriod } from '../../shared/report/report-data';
import type { Card } from '../card';
import { h } from '../dom';
import { type Context, shownPeriods } from './context';
import { coverageCard } from './coverage';
import { flowCard } from './flow';

/** Warnings that the page lists; the table has all. */
const SHOWN_WARNINGS = 8;

const SEVERITY_NAMES: Readonly<Record<ReportPeriod['warnings'][number]['severity'], string>> = {
  'changes-numbers': 'Changes numbers',
  'worth-a-look': 'Worth a look',
  'for-the-record': 'For the record',
};

/** Returns the cards that show how far the numbers can be trusted. */
export function trustCards(context: Context): Card[] {
  return [flowCard(context), coverageCard(context), warningsCard(context), filesCard(context)];
}

/** Warnings of the months of the range, one per kind. */
function warningsCard(context: Context): Card {
  const { state } = context;
  const periods = shownPeriods(context).filter(({ month }) => month >= state.from && month <= state.to);
  const grouped = new Map<
    string,
    { readonly warning: ReportPeriod['warnings'][number]; readonly months: string[] }
  >();
  for (const { month, warnings } of periods) {
    for (const warning of warnings) {
      const key = `${warning.severity} ${warning.code}`;
      // Of equal kinds the message of the newest month is shown; the table has all.
      grouped.set(key, { warning, months: [...(grouped.get(key)?.months ?? []), month] });
    }
  }
  const order = Object.keys(SEVERITY_NAMES);
  const all = [...grouped.values()].sort(
    (a, b) =>
      order.indexOf(a.warning.severity) - order.indexOf(b.warning.severity) ||
      b.months.length - a.months.length,
  );
  const counts = order.map((severity) => ({
    severity,
    count: all.filter(({ warning }) => warning.severity === severity).length,
  }));
  const words = counts
    .filter(({ count }) => count > 0)
    .map(
      ({ severity, count }) =>
        `${String(count)} ${SEVERITY_NAMES[severity as keyof typeof SEVERITY_NAMES].toLowerCase()}`,
    );
  const more = periods.reduce((sum, { moreWarnings }) => sum + moreWarnings, 0);
  return {
    id: 'warnings',
    title: 'Warnings in words',
    sentence:
      words.length === 0
        ? 'No warnings in the range.'
        : `Warnings of ${counted(periods.length, 'month')}: ${words.join(', ')}.`,
    more: [
      h(
        'ul',
        { class: 'warnings' },
        ...all.slice(0, SHOWN_WARNINGS).map(({ warning, months }) => warningItem(warning, months)),
      ),
    ],
    table: {
      columns: ['month', 'version', 'severity', 'code', 'count', 'message'],
      rows: periods.flatMap(({ month, version, warnings }) =>
        warnings.map(({ severity, code, count, message }) => [
          month,
          version,
          SEVERITY_NAMES[severity],
          code,
          count,
          message,
        ]),
      ),
    },
    notes: more > 0 ? [`${counted(more, 'less important warning')} only in the manifests.`] : [],
  };
}

function warningItem(
  { severity, message }: ReportPeriod['warnings'][number],
  months: readonly string[],
): HTMLElement {
  const all = [...new Set(months)];
  const [first, last] = [all[0] ?? '', all.at(-1) ?? ''];
  const when =
    first === last ? first : `${counted(all.length, 'month')} from ${first} to ${last}; the newest is shown`;
  return h(
    'li',
    {},
    h('span', { class: `severity ${severity}` }, SEVERITY_NAMES[severity]),
    h('span', { class: 'text' }, message),
    h('span', { class: 'when' }, when),
  );
}

/** Every file of the export with its hash, and how to check them. */
function filesCard({ data }: Context): Card {
  const rows = data.periods.reduce((sum, { file }) => sum + file.rows, 0);
  return {
    ...{ id: 'files', title: 'Files, hashes and how to verify', size: 'wide' },
    sentence: `${counted(data.periods.length, 'data file')} with ${counted(rows, 'row')}, published as of ${data.asOf.slice(0, 10)}. Each has a manifest with its SHA-256, the fingerprint of every input and the ledger.`,
    more: [
      h('p', {}, 'To calculate every number again, by a second method in exact fractions:'),
      h(
        'pre',
        { tabindex: 0 },
        h('code', {}, `carbon-exports verify --inputs INPUTS --out EXPORTS --export-name ${data.exportName}`),
      ),
      h('p', {}, 'To see where one number comes from:'),
      h(
        'pre',
        { tabindex: 0 },
        h(
          'code',
          {},
          `carbon-exports explain --inputs INPUTS --out EXPORTS --export-name ${data.exportName} --account ID --month YYYY-MM --service CODE --region CODE`,
        ),
      ),
    ],
    table: {
      columns: [
        'month',
        'version',
        'as of',
        'rows',
        'bytes',
        'SHA-256 of the data file',
        'fingerprint of the inputs',
        'execution',
        'data file',
      ],
      rows: data.periods.map(({ month, version, asOf, file, fingerprint, executionId }) => [
        month,
        version,
        asOf,
        file.rows,
        file.bytes,
        file.sha256,
        fingerprint,
        executionId,
        file.key,
      ]),
    },
  };
}

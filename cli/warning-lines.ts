import { groupBy } from '../shared/base/group';
import { monthsInWords } from '../shared/base/month-words';
import { SEVERITIES, type Severity, type Warning } from '../shared/base/warning';
import { coloured } from './text-table';

/** A month with its warnings. */
export interface WarnedMonth {
  readonly month: string;
  readonly warnings?: readonly Warning[];
}

const WORDS: Readonly<Record<Severity, string>> = {
  'changes-numbers': 'changes numbers',
  'worth-a-look': 'worth a look',
  'for-the-record': 'for the record',
};

interface Grouped {
  readonly warning: Warning;
  readonly months: readonly string[];
}

/**
 * Returns the warnings of months, most important first and equal ones grouped. Warnings that change numbers are always
 * listed; the others are one line with counts unless `isVerbose`.
 */
export function warningLines(months: readonly WarnedMonth[], isVerbose: boolean): string[] {
  const grouped = groupedWarnings(months);
  const isListed = ({ warning }: Grouped): boolean => isVerbose || warning.severity === 'changes-numbers';
  const folded = grouped.filter((group) => !isListed(group));
  return [...grouped.filter(isListed).map(lineOf), ...(folded.length === 0 ? [] : [foldedLine(folded)])];
}

function groupedWarnings(months: readonly WarnedMonth[]): Grouped[] {
  const all = months.flatMap(({ month, warnings = [] }) => warnings.map((warning) => ({ month, warning })));
  const groups = [...groupBy(all, ({ warning }) => `${warning.code} ${warning.message}`).values()];
  return SEVERITIES.flatMap((severity) =>
    groups.flatMap((group) => {
      const [first] = group;
      if (first?.warning.severity !== severity) return [];
      return [{ warning: first.warning, months: group.map(({ month }) => month) }];
    }),
  );
}

function lineOf({ warning, months }: Grouped): string {
  const heading = `Warning (${WORDS[warning.severity]}), ${monthsInWords(months)}:`;
  const shown = warning.severity === 'changes-numbers' ? coloured('yellow', heading) : heading;
  return `${shown} ${warning.message}`;
}

function foldedLine(groups: readonly Grouped[]): string {
  const parts = SEVERITIES.flatMap((severity) => {
    const ofSeverity = groups.filter(({ warning }) => warning.severity === severity);
    if (ofSeverity.length === 0) return [];
    const codes = groupBy(ofSeverity, ({ warning }) => warning.code);
    const counts = [...codes].map(([code, of]) => `${code} ${String(total(of))}`);
    return [`${String(total(ofSeverity))} ${WORDS[severity]} (${counts.join(', ')})`];
  });
  return `Other warnings: ${parts.join('; ')}. --verbose lists them.`;
}

function total(groups: readonly Grouped[]): number {
  return groups.reduce((sum, { warning, months }) => sum + warning.count * months.length, 0);
}

import { counted, percentChangeText } from '../../shared/base/people-number';
import type { ReportPeriod } from '../../shared/report/report-data';
import type { Card } from '../card';
import { change, mass, monthName } from '../format';
import { FIGURES_OF, versionsOf } from '../model';
import { type Context, METHOD_NAMES } from './context';
import { type BridgeStep, bridgeChart } from './bridge';

/** Returns the card of what restatements and newer versions of the method changed. */
export function restatedCard(context: Context): Card {
  const { data, state } = context;
  const rows = [
    ...versionChanges(context),
    ...data.restatements.map((one) => {
      const [before, after] = [one.before[state.method], one.after[state.method]];
      return {
        month: one.month as string,
        what: `${one.version}, published ${one.from.slice(0, 10)}, then ${one.to.slice(0, 10)}`,
        because: one.because.join(', '),
        before,
        after,
      };
    }),
  ];
  const known = rows.flatMap(({ before, after, ...row }) =>
    before === null || after === null ? [] : [{ ...row, before, after }],
  );
  const [old, present] = [sum(known.map(({ before }) => before)), sum(known.map(({ after }) => after))];
  const table = {
    columns: ['month', 'publication', 'because of', 'before MTCO2e', 'after MTCO2e', 'change MTCO2e'],
    rows: rows.map(({ month, what, because, before, after }) => [
      month,
      what,
      because,
      before,
      after,
      before === null || after === null ? null : after - before,
    ]),
  };
  if (known.length === 0)
    return {
      id: 'restated',
      title: 'Restatements',
      size: 'wide',
      sentence:
        rows.length === 0
          ? 'No published month was replaced, and no month is published in two versions of the method.'
          : `${counted(rows.length, 'restatement')}: the ${METHOD_NAMES[state.method]} values before or after are unknown.`,
      table,
    };
  return {
    ...{ id: 'restated', title: 'Restatements', size: 'wide' },
    sentence: `${counted(known.length, 'restatement')}: ${mass(old)} became ${mass(present)} (${change(present - old)}, ${percentChangeText(old, present)}), ${METHOD_NAMES[state.method]}. Old values stay in the export's history.`,
    chart: (width) => bridgeChart(stepsOf(known, old, present), width),
    table,
  };
}

interface Restated {
  readonly month: string;
  readonly what: string;
  readonly because: string;
  readonly before: number;
  readonly after: number;
}

/** One step per cause: the inputs that changed, or the version of the method. */
function stepsOf(known: readonly Restated[], old: number, present: number): BridgeStep[] {
  const causes = new Map<string, number>();
  for (const { because, before, after } of known)
    causes.set(because, (causes.get(because) ?? 0) + after - before);
  const bySize = [...causes].sort(([, a], [, b]) => Math.abs(b) - Math.abs(a));
  const shown = bySize.slice(0, 5);
  const rest = sum(bySize.slice(5).map(([, value]) => value));
  const all = rest === 0 ? shown : [...shown, ['other inputs', rest] as const];
  let level = old;
  return [
    { name: 'before', from: 0, to: old, colour: 'var(--others)', text: mass(old) },
    ...all.map(([name, value]) => {
      const from = level;
      level += value;
      return {
        name: name.length > 28 ? `${name.slice(0, 27)}…` : name,
        from,
        to: level,
        colour: 'var(--c4)',
        text: change(value),
      };
    }),
    { name: 'after', from: 0, to: present, colour: 'var(--others)', text: mass(present) },
  ];
}

function versionChanges({
  data,
  state,
}: Context): { month: string; what: string; because: string; before: number | null; after: number | null }[] {
  const figure = FIGURES_OF[state.method][0];
  const order = versionsOf(data);
  const byMonth = new Map<string, ReportPeriod[]>();
  for (const period of data.periods)
    byMonth.set(period.month, [...(byMonth.get(period.month) ?? []), period]);
  return [...byMonth].flatMap(([month, periods]) => {
    const sorted = [...periods].sort((a, b) => order.indexOf(a.version) - order.indexOf(b.version));
    return sorted.slice(1).map((after, index) => ({
      month,
      what: `${sorted[index]?.version ?? ''} and ${after.version} of ${monthName(month)}`,
      because: `method ${sorted[index]?.version ?? ''} to ${after.version}`,
      before: sorted[index]?.totals[figure] ?? null,
      after: after.totals[figure],
    }));
  });
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

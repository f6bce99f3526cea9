import { counted } from '../../shared/base/people-number';
import type { Card } from '../card';
import { type Bar, bars } from '../charts';
import { colourAt } from '../colours';
import { mass, share } from '../format';
import { type Dimension, FIGURES_OF, over, type Series, sums } from '../model';
import { type Context, foldedNotes, METHOD_NAMES, nameOf, rangeName, rangeNotes } from './context';

/** Bars that a chart has; the table has all. */
export const SHOWN_BARS = 15;

/** A member with its mass in the range, MTCO2e. */
interface Ranked {
  readonly member: number;
  readonly value: number | null;
}

/** Returns the members of a dimension over the range, the largest first and folded ones last. */
export function ranked(found: ReadonlyMap<number, Series> | undefined, periods: readonly number[]): Ranked[] {
  return [...(found ?? [])]
    .map(([member, series]) => ({ member, value: over(series, periods) }))
    .filter(({ value }) => value !== 0)
    .sort(
      (a, b) =>
        Number(a.member < 0) - Number(b.member < 0) || (b.value ?? 0) - (a.value ?? 0) || a.member - b.member,
    );
}

/** Returns a card of the members of a dimension, as bars. */
export function memberCard(context: Context, by: Dimension, title: string): Card {
  const { data, state, filter, added } = context;
  const found = sums(data, { filter, figure: FIGURES_OF[state.method][0], by });
  const all = ranked(found, added.periods);
  const items = all.slice(0, SHOWN_BARS).map(({ member, value }): Bar => ({
    ...{ name: nameOf(data, by, member), value, colour: by === 'service' ? colourAt(member) : 'var(--c1)' },
    tip: longName(context, by, member),
  }));
  return {
    ...{ id: `${by}s`, title },
    sentence: rankedSentence(context, all, by),
    chart: (width) => bars(items, width),
    table: {
      columns: [by, ...(by === 'service' ? [] : ['name']), 'MTCO2e', 'share'],
      rows: all.map(({ member, value }) => [
        codeOf(context, by, member),
        ...(by === 'service' ? [] : [longName(context, by, member)]),
        value,
        value === null ? null : share(value, totalOf(all)),
      ]),
    },
    notes: [...moreNote(countOf(data, all, by), by), ...rangeNotes(context), ...foldedNotes(context)],
  };
}

/** Returns a note where the chart does not have all members. */
export function moreNote(count: number, by: string): string[] {
  return count > SHOWN_BARS
    ? [
        `The chart has the largest ${String(SHOWN_BARS)} of ${counted(count, by === 'region' ? 'Region' : by)}; the table has all.`,
      ]
    : [];
}

/** Returns the code of a member as the export has it. */
export function codeOf({ data }: Context, by: Dimension, member: number): string {
  if (member < 0) return 'others';
  if (by === 'account') return data.accounts[member]?.id ?? '';
  return (by === 'region' ? data.regions[member]?.code : data.services[member]) ?? '';
}

function longName({ data }: Context, by: Dimension, member: number): string {
  if (by === 'region') return data.regions[member]?.location ?? 'Other Regions';
  return nameOf(data, by, member);
}

function totalOf(all: readonly Ranked[]): number {
  return all.reduce((sum, { value }) => sum + (value ?? 0), 0);
}

/** The number of members, with those that are folded into one. */
function countOf({ foldedAccounts }: Context['data'], all: readonly Ranked[], by: Dimension): number {
  const isFolded = all.some(({ member }) => member < 0);
  return by === 'account' && isFolded ? all.length - 1 + foldedAccounts : all.length;
}

/** Returns the sentence about ranked members. */
function rankedSentence({ data, state, added }: Context, all: readonly Ranked[], by: Dimension): string {
  const noun = by === 'region' ? 'Region' : by;
  const [first, second] = all;
  const count = countOf(data, all, by);
  if (first === undefined) return `No ${noun} has emissions in ${rangeName(added.months)}.`;
  if (all.some(({ value }) => value === null))
    return `The ${METHOD_NAMES[state.method]} emissions of some ${noun}s are unknown in ${rangeName(added.months)}.`;
  const total = totalOf(all);
  const name = ({ member, value }: Ranked): string =>
    `${nameOf(data, by, member)} with ${mass(value)} (${share(value ?? 0, total)})`;
  const next = second === undefined ? '' : `, then ${name(second)}`;
  return `${counted(count, noun)} with ${mass(total)}, ${METHOD_NAMES[state.method]}, ${rangeName(added.months)}: most from ${name(first)}${next}.`;
}

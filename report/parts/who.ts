import { counted } from '../../shared/base/people-number';
import type { Card } from '../card';
import { type Bar, bars } from '../charts';
import { select } from '../dom';
import { mass, share } from '../format';
import { FIGURES_OF, over, plus, type Series, sums } from '../model';
import { type Context, foldedNotes, METHOD_NAMES, rangeName, rangeNotes } from './context';
import { memberCard, ranked } from './members';

/** Bars that a chart has; the table has all. */
const SHOWN_GROUPS = 15;

/** Returns the cards of accounts and of groups of accounts: OU, tag, or values of a breakdown. */
export function whoCards(context: Context): Card[] {
  const accounts = memberCard(context, 'account', 'Accounts');
  const folded = context.data.foldedAccounts;
  const note = `${counted(folded, 'smaller account')} beyond the largest ${counted(context.data.accounts.length, 'account')} are folded into "Others". The export has all.`;
  const groups = groupings(context).length === 0 ? [] : [groupsCard(context)];
  return [
    {
      ...accounts,
      size: groups.length === 0 ? 'wide' : 'half',
      notes: [...(folded > 0 ? [note] : []), ...(accounts.notes ?? [])],
    },
    ...groups,
  ];
}

/** What accounts can be grouped by: the value of the setting and its text. */
function groupings({ data }: Context): (readonly [string, string])[] {
  const tags = [...new Set(data.accounts.flatMap(({ tags: own }) => Object.keys(own)))].sort();
  const hasOus = data.accounts.some(({ ou }) => ou !== '');
  return [
    ...(hasOus ? [['ou', 'Organizational unit'] as const] : []),
    ...tags.map((key) => [`account-tag:${key}`, `Account tag ${key}`] as const),
    ...data.breakdowns.map(({ by }) => [`by:${by}`, `Usage by ${by}`] as const),
  ];
}

function groupsCard(context: Context): Card {
  const { state, choose } = context;
  const options = groupings(context);
  const [group = 'ou', name = ''] = options.find(([key]) => key === state.group) ?? options[0] ?? [];
  const all = group.startsWith('by:')
    ? breakdownGroups(context, group.slice(3))
    : accountGroups(context, group);
  const items = all
    .slice(0, SHOWN_GROUPS)
    .map(([key, value]): Bar => ({ name: key, value, colour: 'var(--c3)' }));
  const total = all.reduce((sum, [, value]) => sum + (value ?? 0), 0);
  return {
    id: 'groups',
    title: 'Teams',
    sentence: sentenceOf(context, all, total, name),
    controls: [
      select('by', group, options, (value) => {
        choose({ group: value });
      }),
    ],
    chart: (width) => bars(items, width),
    table: {
      columns: [name, 'MTCO2e', 'share'],
      rows: all.map(([key, value]) => [key, value, value === null ? null : share(value, total)]),
    },
    notes: [
      ...(all.length > SHOWN_GROUPS
        ? [`The chart has the largest ${String(SHOWN_GROUPS)} of ${String(all.length)}; the table has all.`]
        : []),
      ...groupNotes(context, group),
      ...rangeNotes(context),
      ...foldedNotes(context),
    ],
  };
}

function groupNotes({ data }: Context, group: string): string[] {
  if (group.startsWith('by:')) {
    return data.moreBreakdowns > 0
      ? [`${counted(data.moreBreakdowns, 'breakdown')} of the export not on the page.`]
      : [];
  }
  return data.accountsAsOf === ''
    ? ['The export has no list of accounts, so accounts have no names, OUs or tags.']
    : [`Names, OUs and tags are those of ${data.accountsAsOf.slice(0, 10)}.`];
}

type Group = readonly [key: string, value: number | null];

function accountGroups({ data, state, filter, added }: Context, group: string): Group[] {
  const found =
    sums(data, { filter, figure: FIGURES_OF[state.method][0], by: 'account' }) ?? new Map<number, Series>();
  const tag = group.slice('account-tag:'.length);
  const groups = new Map<string, number | null>();
  for (const [member, series] of found) {
    const account = data.accounts[member];
    const key =
      account === undefined
        ? 'Others'
        : group === 'ou'
          ? account.ou || '(no OU)'
          : (account.tags[tag] ?? '(no tag)');
    groups.set(key, plus(groups.get(key) ?? 0, over(series, added.periods)));
  }
  return bySize(groups);
}

function breakdownGroups({ data, state, filter, added }: Context, by: string): Group[] {
  const breakdown = data.breakdowns.find((one) => one.by === by);
  const found = sums(data, { filter, figure: FIGURES_OF[state.method][0], by: 'value', breakdown: by });
  return ranked(found, added.periods).map(({ member, value }) => [
    breakdown?.values[member] ?? 'Others',
    value,
  ]);
}

function bySize(groups: ReadonlyMap<string, number | null>): Group[] {
  return [...groups]
    .filter(([, value]) => value !== 0)
    .sort(([a, x], [b, y]) => (y ?? 0) - (x ?? 0) || (a < b ? -1 : 1));
}

function sentenceOf({ state, added }: Context, all: readonly Group[], total: number, name: string): string {
  const [first] = all;
  if (first === undefined)
    return `The page has nothing by ${name} for this filter in ${rangeName(added.months)}.`;
  if (all.some(([, value]) => value === null))
    return `The ${METHOD_NAMES[state.method]} emissions of some groups are unknown in ${rangeName(added.months)}.`;
  return `${counted(all.length, 'group')} with ${mass(total)}, ${METHOD_NAMES[state.method]}, ${rangeName(added.months)}: the largest is ${first[0]} with ${mass(first[1])} (${share(first[1] ?? 0, total)}).`;
}

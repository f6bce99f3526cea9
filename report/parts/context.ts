import type { ReportData, ReportPeriod } from '../../shared/report/report-data';
import { monthName } from '../format';
import type { AddedPeriods, Dimension, Filter, ShownMonth } from '../model';
import type { Method, State } from '../state';

/** What every part of the page is made from. */
export interface Context {
  readonly data: ReportData;
  readonly state: State;
  readonly months: readonly ShownMonth[];
  readonly filter: Filter;
  /** Periods of the range that may be added. */
  readonly added: AddedPeriods;
  /** Changes the state, and with it the address and the page. */
  readonly choose: (changes: Partial<State>) => void;
}

/** Names of the methods of Scope 2. */
export const METHOD_NAMES: Readonly<Record<Method, string>> = {
  mbm: 'market-based',
  lbm: 'location-based',
};

/** Returns the name of a member of a dimension. */
export function nameOf(
  { accounts, regions, services, foldedAccounts }: ReportData,
  dimension: Dimension,
  member: number,
): string {
  if (dimension === 'account') {
    const account = accounts[member];
    if (account === undefined) return `Others (${String(foldedAccounts)} accounts)`;
    return account.name === '' ? account.id : account.name;
  }
  if (dimension === 'region') {
    const region = regions[member];
    if (region === undefined) return 'Other Regions';
    return region.code === '' ? 'no Region' : region.code;
  }
  const service = services[member];
  return service === undefined ? 'Other services' : service === '' ? 'no service' : service;
}

/** Returns the periods that the page shows, oldest first. */
export function shownPeriods({ data, months }: Context): ReportPeriod[] {
  return months.flatMap(({ period }) => data.periods[period ?? -1] ?? []);
}

/** Returns the range of months in words, such as `Nov 2025 to Oct 2026`. */
export function rangeName(months: readonly string[]): string {
  const [first, last] = [months[0], months.at(-1)];
  if (first === undefined || last === undefined) return 'no month';
  return first === last ? monthName(first) : `${monthName(first)} to ${monthName(last)}`;
}

/** Returns the chosen method, months and filters in words, for paper: it has no filters. */
export function viewName({ state, added }: Context): string {
  const filters = [state.account, state.ou, state.region, state.service, state.value];
  const chosen = filters.filter((text) => text !== '');
  return [METHOD_NAMES[state.method], added.version, rangeName(added.months), ...chosen].join(' · ');
}

/** Returns what the range leaves out, as a note. */
export function rangeNotes({ added }: Context): string[] {
  if (added.leftOut === 0) return [];
  return [
    `Only months in ${added.version} are added: ${String(added.leftOut)} of the range have another version or are not published.`,
  ];
}

/** Returns what is folded, as a note, where a part reads the detailed cube. */
export function foldedNotes(context: Context, isDetail = readsDetail(context)): string[] {
  const { folded } = context.data.cubes.detail;
  if (folded === 0 || !isDetail) return [];
  return [
    `The page keeps the largest combinations of account, Region and service. ${String(folded)} smaller ones are in "other" of their account; the export has all.`,
  ];
}

/** True where the filters need accounts and places at once. */
function readsDetail({ filter }: Context): boolean {
  return filter.account !== undefined || (filter.region !== undefined && filter.service !== undefined);
}

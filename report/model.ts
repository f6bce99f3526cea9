import type { Figure } from '../shared/exports/emissions';
import { type Month, monthsBetween } from '../shared/base/month';
import type { ReportCube, ReportData } from '../shared/report/report-data';
import { BLANK, type Method, type State } from './state';

/** A dimension of the cubes. */
export type Dimension = ReportCube['dimensions'][number];

/** A month of the page: its period in the chosen version, or none where the month is not published in it. */
export interface ShownMonth {
  readonly month: Month;
  /** Place in the list of periods. */
  readonly period: number | undefined;
}

/** Masses of one member by period, MTCO2e; null for unknown. */
export type Series = readonly (number | null)[];

/** Returns all model versions of the export, oldest first. */
export function versionsOf({ periods }: ReportData): string[] {
  const numbers = (version: string): number[] => version.slice(1).split('.').map(Number);
  return [...new Set(periods.map(({ version }) => version as string))].sort((a, b) => {
    const [left, right] = [numbers(a), numbers(b)];
    const at = left.findIndex((part, index) => part !== right[index]);
    return at < 0 ? 0 : (left[at] ?? 0) - (right[at] ?? 0);
  });
}

/** Returns the newest version that covers every month, or `each`. */
export function defaultVersion(data: ReportData): string {
  const months = new Set(data.periods.map(({ month }) => month));
  const covers = (version: string): boolean =>
    data.periods.filter((period) => period.version === version).length === months.size;
  return versionsOf(data).findLast(covers) ?? 'each';
}

/** Returns the months from the first to the last one in the chosen version; one version per month, never two. */
export function shownMonths(data: ReportData, version: string): ShownMonth[] {
  const order = versionsOf(data);
  const chosen = new Map<Month, number>();
  for (const [index, period] of data.periods.entries()) {
    const present = chosen.get(period.month);
    const rank = (at: number): number => order.indexOf(data.periods[at]?.version ?? '');
    if (version !== 'each' && period.version !== version) continue;
    if (present === undefined || rank(index) > rank(present)) chosen.set(period.month, index);
  }
  const all = data.periods.map(({ month }) => month).sort();
  const [first, last] = [all[0], all.at(-1)];
  if (first === undefined || last === undefined) return [];
  return monthsBetween(first, last).map((month) => ({ month, period: chosen.get(month) }));
}

/** Figures of a method: its total, then its scopes. */
export const FIGURES_OF: Readonly<Record<Method, readonly [Figure, Figure, Figure, Figure]>> = {
  lbm: ['total_lbm', 'scope_1', 'scope_2_lbm', 'scope_3_lbm'],
  mbm: ['total_mbm', 'scope_1', 'scope_2_mbm', 'scope_3_mbm'],
};

/** Members that count: of each filtered dimension, the places in its list. */
export type Filter = Readonly<Partial<Record<Dimension, ReadonlySet<number>>>> & { readonly by?: string };

/** Returns the filter of a state. */
export function filterOf({ accounts, regions, services, breakdowns }: ReportData, state: State): Filter {
  const filter: Partial<Record<Dimension, ReadonlySet<number>>> & { by?: string } = {};
  if (state.account !== '' || state.ou !== '') {
    const places = accounts.flatMap(({ id, ou }, place) =>
      (state.account === '' || id === state.account) && isBelow(ou, state.ou) ? [place] : [],
    );
    filter.account = new Set(places);
  }
  const codeIn = (text: string): string => (text === BLANK ? '' : text);
  const region = regions.findIndex(({ code }) => code === codeIn(state.region));
  if (state.region !== '') filter.region = new Set([region]);
  if (state.service !== '') filter.service = new Set([services.indexOf(codeIn(state.service))]);
  const breakdown = breakdowns.find(({ by }) => by === state.by);
  if (breakdown !== undefined && state.value !== '') {
    filter.value = new Set([breakdown.values.indexOf(state.value)]);
    filter.by = breakdown.by;
  }
  return filter;
}

/** True for an OU path that is, or is below, another; every path is below a blank one. */
export function isBelow(path: string, parent: string): boolean {
  return parent === '' || path === parent || path.startsWith(`${parent}/`);
}

/** Returns the cube that has some dimensions, the most exact one first. */
export function cubeOf(
  data: ReportData,
  filter: Filter,
  dimensions: readonly Dimension[],
  by = filter.by,
): ReportCube | undefined {
  const wanted = new Set<Dimension>(dimensions);
  for (const dimension of ['account', 'region', 'service', 'value'] as const) {
    if (filter[dimension] !== undefined) wanted.add(dimension);
  }
  if (wanted.has('value')) {
    // The values of a breakdown are not those of another one.
    if (filter.value !== undefined && filter.by !== by) return undefined;
    return data.breakdowns.find((breakdown) => breakdown.by === by)?.cube;
  }
  const { places, accounts, detail } = data.cubes;
  return [places, accounts, detail].find((cube) =>
    [...wanted].every((dimension) => cube.dimensions.includes(dimension)),
  );
}

const SCOPES: Readonly<Partial<Record<Figure, readonly Figure[]>>> = {
  total_lbm: ['scope_1', 'scope_2_lbm', 'scope_3_lbm'],
  total_mbm: ['scope_1', 'scope_2_mbm', 'scope_3_mbm'],
};

/** Returns a function that reads a figure of a cube, g CO2e; undefined where the cube does not have it. */
export function reader(cube: ReportCube, figure: Figure): ((at: number) => number | null) | undefined {
  const values = cube.figures[figure];
  if (values === undefined) return undefined;
  if (values === 'zero') return () => 0;
  if (values !== 'sum') return (at) => values[at] ?? (values[at] === null ? null : 0);
  const parts = (SCOPES[figure] ?? []).flatMap((scope) => reader(cube, scope) ?? []);
  return (at) => parts.reduce<number | null>((sum, part) => plus(sum, part(at)), 0);
}

/** Returns a sum that is unknown where a part is. */
export function plus(a: number | null, b: number | null): number | null {
  return a === null || b === null ? null : a + b;
}

/** What is summed. */
export interface Sum {
  readonly filter: Filter;
  readonly figure: Figure;
  /** What the sums are by; the breakdown that `value` is of. */
  readonly by?: Dimension;
  readonly breakdown?: string;
}

/** Returns the masses by member of a dimension and period, 0 where a member has no row; undefined where the page does not have them. */
export function sums(
  data: ReportData,
  { filter, figure, by, breakdown }: Sum,
): ReadonlyMap<number, Series> | undefined {
  const cube = cubeOf(data, filter, by === undefined ? [] : [by], breakdown ?? filter.by);
  const read = cube && reader(cube, figure);
  if (cube === undefined || read === undefined) return undefined;
  const periods = data.periods.length;
  const found = new Map<number, (number | null)[]>();
  const isCounted = counted(cube, filter);
  const memberAt = membersBy(cube, by);
  for (const at of cube.members[0]?.keys() ?? []) {
    if (!isCounted(at)) continue;
    const key = memberAt(at);
    const series = found.get(key) ?? Array<number | null>(periods).fill(0);
    found.set(key, series);
    for (const period of series.keys()) {
      series[period] = plus(series[period] ?? null, inMtco2e(read(at * periods + period)));
    }
  }
  return found;
}

/** Returns a function of the member of each combination; 0 without a dimension. */
function membersBy(cube: ReportCube, by: Dimension | undefined): (at: number) => number {
  const members = by === undefined ? [] : (cube.members[cube.dimensions.indexOf(by)] ?? []);
  return (at) => members[at] ?? 0;
}

function inMtco2e(grams: number | null): number | null {
  return grams === null ? null : grams / 1e6;
}

/** Returns a function that is true for the combinations of a cube that a filter lets through. */
function counted(cube: ReportCube, filter: Filter): (at: number) => boolean {
  const tests = cube.dimensions.flatMap((dimension, index) => {
    const allowed = filter[dimension];
    return allowed === undefined ? [] : [{ members: cube.members[index] ?? [], allowed }];
  });
  return (at) => tests.every(({ members, allowed }) => allowed.has(members[at] ?? NaN));
}

/** Returns the totals of each period: without a filter those of the data files, exactly. */
export function totalsOf(data: ReportData, filter: Filter, figure: Figure): Series | undefined {
  if (Object.keys(filter).length === 0) return data.periods.map(({ totals }) => totals[figure]);
  const found = sums(data, { filter, figure });
  return found && (found.get(0) ?? data.periods.map(() => 0));
}

/** Returns the sum of a series over some periods; unknown where one of them is. */
export function over(series: Series, periods: readonly number[]): number | null {
  return periods.reduce<number | null>((sum, period) => plus(sum, series[period] ?? null), 0);
}

/** Periods that may be added, because they have one version, and what is left out. */
export interface AddedPeriods {
  readonly version: string;
  readonly periods: readonly number[];
  readonly months: readonly string[];
  /** Months in the range whose version is another one, or that are not published. */
  readonly leftOut: number;
}

/** Returns the periods of a range that may be added: those in the version of its newest month. */
export function addedPeriods(
  data: ReportData,
  months: readonly ShownMonth[],
  { from, to }: Pick<State, 'from' | 'to'>,
): AddedPeriods {
  const inRange = months.filter(({ month }) => month >= from && month <= to);
  const newest = inRange.findLast(({ period }) => period !== undefined)?.period;
  const version = newest === undefined ? '' : (data.periods[newest]?.version ?? '');
  const same = inRange.filter(
    ({ period }) => period !== undefined && data.periods[period]?.version === version,
  );
  return {
    version,
    periods: same.flatMap(({ period }) => period ?? []),
    months: same.map(({ month }) => month),
    leftOut: inRange.length - same.length,
  };
}

/** Returns the period of a month in a version. */
export function periodOf(data: ReportData, month: string, version: string): number | undefined {
  const at = data.periods.findIndex((period) => period.month === month && period.version === version);
  return at < 0 ? undefined : at;
}

import type { ReportData } from '../shared/report/report-data';
import { cubeOf, type Dimension, type Filter, FIGURES_OF, reader, sums } from './model';
import type { Method } from './state';

/** Causes of a change, in the order of the method: from the emissions of a place to one account. */
export const CAUSES = ['factor', 'dependency', 'usage', 'method', 'unsplit'] as const;

/** One of the {@link CAUSES}. */
export type Cause = (typeof CAUSES)[number];

/** What the causes are called. */
export const CAUSE_NAMES: Readonly<Record<Cause, string>> = {
  usage: 'own usage',
  factor: 'Region (factors, energy)',
  dependency: 'service (dependencies, racks)',
  method: 'method',
  unsplit: 'not split',
};

/** A change by cause, MTCO2e. */
export type ByCause = Record<Cause, number>;

/** Returns a change of nothing. */
export function noChange(): ByCause {
  return { usage: 0, factor: 0, dependency: 0, method: 0, unsplit: 0 };
}

/** Returns the sum of a change over its causes. */
export function total(by: ByCause): number {
  return CAUSES.reduce((sum, cause) => sum + by[cause], 0);
}

/** Levels of one combination in one month: of its Region, of the service in the Region, and of the account in both. */
export interface Levels {
  readonly region: number;
  readonly service: number;
  readonly own: number;
}

/**
 * Splits a change over the levels by the logarithmic mean Divisia index (Ang 2004), which leaves no remainder: own = Region
 * x (service / Region) x (own / service). What starts or stops is usage.
 */
export function splitChange(before: Levels, after: Levels): Pick<ByCause, 'usage' | 'factor' | 'dependency'> {
  const levels = [before.region, before.service, before.own, after.region, after.service, after.own];
  const difference = after.own - before.own;
  if (!levels.every((level) => level > 0)) return { usage: difference, factor: 0, dependency: 0 };
  const mean = logarithmicMean(before.own, after.own);
  const factor = mean * Math.log(after.region / before.region);
  const dependency = mean * Math.log(after.service / after.region / (before.service / before.region));
  return { factor, dependency, usage: difference - factor - dependency };
}

function logarithmicMean(a: number, b: number): number {
  const ratio = b / a;
  // The quotient of two tiny differences has no exact digits.
  return Math.abs(ratio - 1) < 1e-9 ? a : (b - a) / Math.log(ratio);
}

/** Two months that are compared. */
export interface Compared {
  /** Period of the earlier month in the version of the later one; undefined where it is not published in it. */
  readonly before: number | undefined;
  /** Period of the earlier month as the page shows it. */
  readonly shown: number;
  readonly after: number;
}

/** A member of a dimension with its masses in two months and the causes of their change, MTCO2e. */
export interface Mover {
  readonly member: number;
  readonly before: number;
  readonly after: number;
  readonly causes: ByCause;
}

/** Returns the movers of a dimension, the largest change first; undefined where a value is unknown. */
export function moversOf(
  data: ReportData,
  { filter, method, by }: { readonly filter: Filter; readonly method: Method; readonly by: Dimension },
  compared: Compared,
): Mover[] | undefined {
  const figure = FIGURES_OF[method][0];
  const cube = cubeOf(data, filter, [by, 'account', 'region', 'service']);
  const read = cube && reader(cube, figure);
  const levels = placeLevels(data, method);
  if (cube === undefined || read === undefined || levels === undefined) return undefined;
  const periods = data.periods.length;
  const at = (dimension: Dimension, index: number): number =>
    cube.members[cube.dimensions.indexOf(dimension)]?.[index] ?? -1;
  const found = new Map<number, { before: number; after: number; causes: ByCause }>();
  for (let index = 0; index < (cube.members[0]?.length ?? 0); index += 1) {
    if (!cube.dimensions.every((dimension) => filter[dimension]?.has(at(dimension, index)) ?? true)) continue;
    const grams = [compared.shown, compared.before ?? compared.shown, compared.after].map((period) =>
      read(index * periods + period),
    );
    const [shown, before, after] = grams;
    if (typeof shown !== 'number' || typeof before !== 'number' || typeof after !== 'number')
      return undefined;
    const mover = found.get(at(by, index)) ?? { before: 0, after: 0, causes: noChange() };
    found.set(at(by, index), mover);
    mover.before += shown / 1e6;
    mover.after += after / 1e6;
    const place = { region: at('region', index), service: at('service', index) };
    addCauses(
      mover.causes,
      { shown: shown / 1e6, before: before / 1e6, after: after / 1e6 },
      compared,
      (period) => levels(place, period),
    );
  }
  return [...found]
    .map(([member, mover]) => ({ member, ...mover }))
    .sort((a, b) => Math.abs(b.after - b.before) - Math.abs(a.after - a.before) || a.member - b.member);
}

function addCauses(
  causes: ByCause,
  { shown, before, after }: { readonly shown: number; readonly before: number; readonly after: number },
  compared: Compared,
  levelsIn: (period: number) => Omit<Levels, 'own'> | undefined,
): void {
  // Another version and no common one: the change has no parts.
  if (compared.before === undefined) {
    causes.method += after - shown;
    return;
  }
  causes.method += before - shown;
  const [old, present] = [levelsIn(compared.before), levelsIn(compared.after)];
  if (old === undefined || present === undefined) {
    causes.unsplit += after - before;
    return;
  }
  const split = splitChange({ ...old, own: before }, { ...present, own: after });
  causes.usage += split.usage;
  causes.factor += split.factor;
  causes.dependency += split.dependency;
}

type PlaceLevels = (
  place: { readonly region: number; readonly service: number },
  period: number,
) => Omit<Levels, 'own'> | undefined;

/** Levels of the whole export, whatever the filter. Folded combinations have no Region or no service, and so no levels. */
function placeLevels(data: ReportData, method: Method): PlaceLevels | undefined {
  const { places } = data.cubes;
  const figure = FIGURES_OF[method][0];
  const read = reader(places, figure);
  const regions = sums(data, { filter: {}, figure, by: 'region' });
  if (read === undefined || regions === undefined) return undefined;
  const index = new Map<string, number>();
  for (const [at, region] of (places.members[0] ?? []).entries()) {
    index.set(`${String(region)} ${String(places.members[1]?.[at] ?? -1)}`, at);
  }
  return ({ region, service }, period) => {
    const at = index.get(`${String(region)} ${String(service)}`);
    if (at === undefined || region < 0 || service < 0) return undefined;
    return {
      region: regions.get(region)?.[period] ?? 0,
      service: (read(at * data.periods.length + period) ?? 0) / 1e6,
    };
  };
}

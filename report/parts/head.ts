import { addMonths, asMonth, type Month, monthsBetween } from '../../shared/base/month';
import { percentChangeText } from '../../shared/base/people-number';
import { h } from '../dom';
import { change, mass, MONTH_NAMES, monthName } from '../format';
import { type Dimension, FIGURES_OF, over, periodOf, sums, totalsOf } from '../model';
import { type Context, METHOD_NAMES, nameOf, rangeName } from './context';

/** Months that a tile is about, and those it is compared with. */
interface Tile {
  readonly id: string;
  readonly title: string;
  readonly months: readonly Month[];
  /** Months earlier by this many. */
  readonly earlier: number;
  readonly than: string;
}

/** Returns the tiles of the latest month, the year to date and the fiscal year to date. */
export function headPart(context: Context): HTMLElement {
  const { months, state } = context;
  const latest = months.findLast(({ month, period }) => month <= state.to && period !== undefined)?.month;
  if (latest === undefined) return h('p', {}, 'No month is published in this version.');
  const tiles: Tile[] = [
    { id: 'latest', title: monthName(latest), months: [latest], earlier: 1, than: 'the month before' },
    {
      id: 'year-to-date',
      title: `${latest.slice(0, 4)} to date`,
      months: monthsBetween(asMonth(`${latest.slice(0, 4)}-01`), latest),
      earlier: 12,
      than: 'the same months of the year before',
    },
    {
      id: 'fiscal-year',
      title: `Fiscal year to date, from ${MONTH_NAMES[state.fiscal - 1] ?? ''}`,
      months: monthsBetween(fiscalStart(latest, state.fiscal), latest),
      earlier: 12,
      than: 'the same months of the year before',
    },
  ];
  return h('div', { class: 'tiles' }, ...tiles.map((tile) => tileOf(context, tile)));
}

/** What a tile compares, MTCO2e: null is unknown, undefined is not on the page or not comparable. */
interface Figures {
  readonly version: string;
  readonly value: number | null | undefined;
  readonly old: number | null | undefined;
  /** Number of its months that are published in the version. */
  readonly published: number;
  readonly why: string;
}

function figuresOf(context: Context, { months, earlier }: Tile): Figures {
  const { data, state, filter } = context;
  const last = context.months.find(({ month }) => month === months.at(-1))?.period;
  const version = data.periods[last ?? -1]?.version ?? '';
  const present = months.flatMap((month) => periodOf(data, month, version) ?? []);
  const before = months.flatMap((month) => periodOf(data, addMonths(month, -earlier), version) ?? []);
  const totals = totalsOf(data, filter, FIGURES_OF[state.method][0]);
  const isComparable = present.length === months.length && before.length === months.length;
  const value = totals && over(totals, present);
  const old = totals && isComparable ? over(totals, before) : undefined;
  const isKnown = typeof value === 'number' && typeof old === 'number';
  const why = isKnown ? whatChanged(context, before, present) : '';
  return { version, value, old, published: present.length, why };
}

function tileOf(context: Context, tile: Tile): HTMLElement {
  const { id, title, months, than } = tile;
  const figures = figuresOf(context, tile);
  const { version, value, old, published, why } = figures;
  const missing = months.length - published;
  const range = missing === 0 ? rangeName(months) : `${String(published)} of ${String(months.length)} months`;
  const method = `${METHOD_NAMES[context.state.method]}, ${version}`;
  return h(
    'section',
    { class: 'tile', id, 'aria-label': title },
    h('h3', {}, title),
    h('p', { class: 'big' }, value === undefined ? 'not known' : mass(value)),
    h('p', { class: 'sub' }, months.length > 1 ? `${method}, ${range}` : method),
    h('p', { class: 'delta' }, deltaText(value, old, than, missing)),
    h('p', { class: 'why' }, why),
  );
}

function deltaText(
  value: number | null | undefined,
  old: number | null | undefined,
  than: string,
  missing: number,
): string {
  if (value === undefined) return 'The page does not have this number for the filter.';
  if (missing > 0)
    return `The other ${missing === 1 ? 'month is' : `${String(missing)} months are`} not published in this version.`;
  if (old === undefined)
    return `No comparison: ${than} ${than.endsWith('before') && than.startsWith('the month') ? 'is' : 'are'} not published in this version.`;
  if (value === null || old === null) return `No comparison with ${than}: a value is unknown.`;
  const percent = percentChangeText(old, value);
  const sign = value > old ? '▲' : value < old ? '▼' : '•';
  return `${sign} ${change(value - old)}${percent === '' ? '' : ` (${percent})`} against ${than}`;
}

/** The service and the Region with the largest change. */
function whatChanged(
  { data, filter, state }: Context,
  before: readonly number[],
  after: readonly number[],
): string {
  const largest = (by: Dimension): string => {
    const found = sums(data, { filter, figure: FIGURES_OF[state.method][0], by });
    const changes = [...(found ?? [])].flatMap(([member, series]) => {
      const [a, b] = [over(series, before), over(series, after)];
      return a === null || b === null ? [] : [{ member, moved: b - a }];
    });
    const [top] = changes.sort((a, b) => Math.abs(b.moved) - Math.abs(a.moved));
    if (top === undefined || top.moved === 0) return '';
    return `${by === 'region' ? 'Region' : by} ${nameOf(data, by, top.member)} ${change(top.moved)}`;
  };
  const parts = [largest('service'), largest('region'), largest('account')].filter((text) => text !== '');
  return parts.length === 0 ? '' : `Largest changes: ${parts.join('; ')}`;
}

/** Returns the first month of the fiscal year that a month is in. */
function fiscalStart(month: Month, first: number): Month {
  const start = asMonth(`${month.slice(0, 4)}-${String(first).padStart(2, '0')}`);
  return start <= month ? start : addMonths(start, -12);
}

import * as Plot from '@observablehq/plot';
import { type MassUnit, massUnit } from '../../shared/base/people-number';
import { plot, tick } from '../charts';
import { mass, monthName, share } from '../format';
import type { Series } from '../model';
import type { Context } from './context';

/** A stack: one part of all months. */
export interface Layer {
  readonly name: string;
  readonly colour: string;
  readonly series: Series;
}

/** What the bars are made of. */
export interface Stacks {
  readonly layers: readonly Layer[];
  /** Undefined where the page does not have the figure. */
  readonly totals: Series | undefined;
}

/** True for a period in which Scope 1 of a cluster is estimated. */
export function isEstimated(period: { readonly estimatedClusters: number } | undefined): boolean {
  return (period?.estimatedClusters ?? 0) > 0;
}

/** True where a series has no value. */
export function isUnknown(series: Series | undefined, period: number): boolean {
  return typeof series?.[period] !== 'number';
}

/** Margins of the frame, pixels; a click is placed by them. */
const [LEFT, RIGHT] = [56, 20];

/** Returns the bars of all months. A click on a month selects it, and a second click selects all. */
export function monthsChart(context: Context, { layers, totals }: Stacks, room: number): Element {
  const { data, months } = context;
  // A month alone is not as wide as the page.
  const width = Math.min(room, 160 + months.length * 90);
  const unit = massUnit(
    months.flatMap(({ period }) => (period === undefined ? [] : (totals?.[period] ?? 0))),
  );
  const domain = months.map(({ month }) => month);
  const [ticks, tickFormat] = [ticksOf(domain, width), tickOf(domain)];
  const chart = plot({
    ...{ width, height: width < 500 ? 240 : 320 },
    ...{ marginLeft: LEFT, marginRight: RIGHT, marginBottom: 34, marginTop: 24 },
    x: { type: 'band', domain, padding: 0.18, label: null, ticks, tickFormat, tickSize: 0 },
    y: { label: `↑ ${unit.name} CO2e`, grid: true, tickFormat: tick, ticks: 5, zero: true },
    color: { type: 'identity' },
    marks: [
      stackMark(context, { layers, totals }, unit),
      estimatedMark(context, totals, unit),
      gapMark(context, totals),
      ...versionMarks(data, months, -(width - LEFT - RIGHT) / domain.length / 2),
      Plot.ruleY([0], { stroke: 'var(--ink)' }),
    ],
  });
  chart.addEventListener('click', (event) => {
    const month = monthAt(chart, domain, event);
    if (month !== undefined) chooseMonth(context, month);
  });
  return chart;
}

function stackMark({ months, state }: Context, { layers, totals }: Stacks, unit: MassUnit): Plot.Markish {
  const cells = layers.flatMap(({ name, colour, series }) =>
    months.flatMap(({ month, period = -1 }) => {
      const [value, total] = [series[period], totals?.[period]];
      if (typeof value !== 'number' || typeof total !== 'number') return [];
      const title = tipOf({ month, name, value }, total, unit);
      const opacity = month >= state.from && month <= state.to ? 1 : 0.35;
      return [{ month, colour, value: value / unit.tons, opacity, title }];
    }),
  );
  return Plot.barY(cells, {
    ...{ x: 'month', y: 'value', fill: 'colour', title: 'title', tip: true, className: 'stacks' },
    fillOpacity: (cell: { readonly opacity: number }) => cell.opacity,
    ...{ stroke: 'var(--card)', strokeWidth: 0.5 },
  });
}

function estimatedMark({ data, months }: Context, totals: Series | undefined, unit: MassUnit): Plot.Markish {
  const estimated = months.flatMap(({ month, period = -1 }) =>
    isEstimated(data.periods[period]) ? [{ month, value: (totals?.[period] ?? 0) / unit.tons }] : [],
  );
  return Plot.barY(estimated, { x: 'month', y: 'value', fill: 'url(#hatch)', pointerEvents: 'none' });
}

/** Months that are not published or unknown: no bar, and the reason. */
function gapMark({ months }: Context, totals: Series | undefined): Plot.Markish {
  const gaps = months.flatMap(({ month, period }) => {
    if (period === undefined) return [{ month, text: 'no data' }];
    return isUnknown(totals, period) ? [{ month, text: 'unknown' }] : [];
  });
  return Plot.text(gaps, {
    ...{ x: 'month', y: 0, text: 'text', rotate: -90, textAnchor: 'start', dy: -6, fill: 'var(--muted)' },
  });
}

function chooseMonth({ months, state, choose }: Context, month: string): void {
  const isAlone = state.from === month && state.to === month;
  const [first, last] = [months[0]?.month ?? month, months.at(-1)?.month ?? month];
  choose(isAlone ? { from: first, to: last } : { from: month, to: month });
}

/** The month whose bar is under the pointer. */
function monthAt(chart: Element, domain: readonly string[], event: Event): string | undefined {
  const bars = [...chart.querySelectorAll('.stacks rect')];
  const index = event.target instanceof Element ? bars.indexOf(event.target) : -1;
  if (index < 0 || !(event instanceof MouseEvent)) return undefined;
  const box = bars[index]?.getBoundingClientRect();
  const frame = chart.getBoundingClientRect();
  if (box === undefined) return undefined;
  const scale = frame.width / Number(chart.getAttribute('width') ?? frame.width);
  const [left, right] = [LEFT * scale, RIGHT * scale];
  const part = (box.left + box.width / 2 - frame.left - left) / (frame.width - left - right);
  return domain[Math.floor(part * domain.length)];
}

/** A line where the version of the method changes. */
function versionMarks(data: Context['data'], months: Context['months'], dx: number): Plot.Markish[] {
  const known = months.filter(({ period }) => period !== undefined);
  const versionAt = (index: number): string => data.periods[known[index]?.period ?? -1]?.version ?? '';
  const changes = known.flatMap(({ month }, index) =>
    index > 0 && versionAt(index) !== versionAt(index - 1) ? [{ month, version: versionAt(index) }] : [],
  );
  return [
    Plot.ruleX(changes, { x: 'month', dx, stroke: 'var(--ink)', strokeDasharray: '3,3' }),
    Plot.text(changes, {
      x: 'month',
      dx,
      frameAnchor: 'top',
      dy: -14,
      text: (one: { version: string }) => `method ${one.version} →`,
      textAnchor: 'start',
    }),
  ];
}

/** Ticks that fit: every month, every quarter or every year. */
function ticksOf(domain: readonly string[], width: number): string[] {
  const room = (width - 80) / 52;
  const step = domain.length <= room ? 1 : domain.length / 3 <= room ? 3 : domain.length / 6 <= room ? 6 : 12;
  return domain.filter((month) => (Number(month.slice(5)) - 1) % step === 0);
}

function tickOf(domain: readonly string[]): (month: string) => string {
  return (month) =>
    month.endsWith('-01') || month === domain[0]
      ? `${monthName(month).slice(0, 3)}\n${month.slice(0, 4)}`
      : monthName(month).slice(0, 3);
}

function tipOf(
  { month, name, value }: { month: string; name: string; value: number },
  total: number | null,
  unit: MassUnit,
): string {
  const part = total === null ? '' : `, ${share(value, total)} of ${mass(total, unit)}`;
  return `${monthName(month)}\n${name}: ${mass(value, unit)}${part}`;
}

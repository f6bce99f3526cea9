import * as Plot from '@observablehq/plot';
import { massUnit } from '../shared/base/people-number';
import { mass, shortNumber } from './format';

/** Height of a bar with its gap, pixels. */
const BAR = 26;

/** Style of every chart: colours and fonts are those of the page. */
const STYLE = {
  background: 'transparent',
  color: 'inherit',
  fontSize: '12px',
  fontFamily: 'inherit',
  overflow: 'visible',
} as const;

/** Returns a chart with the style of the page. */
export function plot(options: Plot.PlotOptions): Element {
  const chart = Plot.plot({ ...options, style: STYLE });
  // The card names the chart as a whole. Labels of parts without a role are not allowed.
  for (const part of chart.querySelectorAll('[aria-label]')) part.removeAttribute('aria-label');
  return chart;
}

/** A bar with its name. */
export interface Bar {
  readonly name: string;
  /** MTCO2e; null for unknown. */
  readonly value: number | null;
  readonly colour: string;
  /** Shown when the bar is pointed at. */
  readonly tip?: string;
}

/** Returns horizontal bars, each with its value in words. */
export function bars(items: readonly Bar[], width: number): Element {
  const unit = massUnit(items.map(({ value }) => value ?? 0));
  const marginLeft = Math.min(labelWidth(items.map(({ name }) => name)), Math.round(width * 0.42));
  const known = items.map((item) => ({ ...item, value: (item.value ?? 0) / unit.tons }));
  return plot({
    ...{ width, marginLeft, marginRight: 98, marginTop: 4, marginBottom: 4, height: items.length * BAR + 10 },
    x: { axis: null, insetRight: 0 },
    y: { domain: items.map((_, index) => index), axis: null },
    marks: [
      Plot.barX(known, {
        x: 'value',
        y: (_, index) => index,
        fill: (item: Bar) => item.colour,
        insetTop: 4,
        insetBottom: 4,
        title: (item: Bar) => item.tip ?? item.name,
        tip: true,
        rx2: 2,
      }),
      Plot.text(items, {
        x: 0,
        y: (_, index) => index,
        text: (item: Bar) => fitted(item.name, marginLeft),
        textAnchor: 'end',
        dx: -8,
        frameAnchor: 'left',
      }),
      Plot.text(known, {
        x: 'value',
        y: (_, index) => index,
        text: (_, index: number) => mass(items[index]?.value ?? null, unit),
        textAnchor: 'start',
        dx: 6,
        fill: 'var(--muted)',
      }),
      Plot.ruleX([0], { stroke: 'var(--line)' }),
    ],
    color: { type: 'identity' },
  });
}

/** Pixels that the longest of some names takes. */
export function labelWidth(names: readonly string[]): number {
  return Math.max(40, ...names.map((name) => name.length * 7.1)) + 20;
}

/** Returns a name as far as it fits in a margin. */
export function fitted(name: string, room: number): string {
  const characters = Math.floor((room - 14) / 7.1);
  return name.length > characters ? `${name.slice(0, characters - 1)}…` : name;
}

/** Returns a tick of an axis. */
export function tick(value: number): string {
  return shortNumber(value);
}

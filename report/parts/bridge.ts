import * as Plot from '@observablehq/plot';
import { massUnit, significant } from '../../shared/base/people-number';
import { plot, tick } from '../charts';

/** A bar of a bridge, from one level to another, MTCO2e. */
export interface BridgeStep {
  readonly name: string;
  readonly from: number;
  readonly to: number;
  readonly colour: string;
  readonly text: string;
}

/** Returns a bridge: each bar starts at the level where the one before it ended. */
export function bridgeChart(steps: readonly BridgeStep[], room: number): Element {
  const width = Math.min(room, 120 + steps.length * 150);
  const unit = massUnit(steps.flatMap(({ from, to }) => [from, to]));
  const levels = steps.flatMap(({ from, to }, index) =>
    index === 0 || index === steps.length - 1 ? [to] : [from, to],
  );
  const [low, high] = [Math.min(...levels), Math.max(...levels)];
  // The changes are small against the months, so the axis starts near them; the bars of the months say so by their labels.
  const base = Math.max(0, low - Math.max((high - low) * 0.6, high * 0.02));
  const shown = steps.map((step, index) => ({
    ...step,
    index,
    label: labelOf(step, index > 0 && index < steps.length - 1, unit.tons),
    y1: Math.max(base, step.from) / unit.tons,
    y2: step.to / unit.tons,
  }));
  return plot({
    ...{ width, height: 280, marginLeft: 56, marginBottom: 46, marginTop: 26 },
    x: {
      type: 'band',
      domain: shown.map(({ index }) => index),
      label: null,
      tickSize: 0,
      padding: 0.25,
      tickFormat: (index: number) => wrapped(steps[index]?.name ?? '', width / steps.length),
    },
    y: {
      domain: [base / unit.tons, (high + (high - base) * 0.08) / unit.tons],
      label: `↑ ${unit.name} CO2e${base > 0 ? ' (axis does not start at 0)' : ''}`,
      grid: true,
      tickFormat: tick,
      ticks: 5,
    },
    color: { type: 'identity' },
    marks: [
      Plot.barY(shown, {
        x: 'index',
        y1: 'y1',
        y2: 'y2',
        fill: 'colour',
        title: (step: BridgeStep) => `${step.name.replace('\n', ' ')}\n${step.text}`,
        tip: true,
      }),
      Plot.text(shown, {
        x: 'index',
        y: (step: { y1: number; y2: number }) => Math.max(step.y1, step.y2),
        text: 'label',
        dy: -9,
        fontSize: width < 520 ? 9.5 : 12,
      }),
    ],
  });
}

/** The number of a bar, without its unit, which the axis has. */
function labelOf({ from, to }: BridgeStep, isChange: boolean, tons: number): string {
  const value = (isChange ? to - from : to) / tons;
  return `${isChange && value > 0 ? '+' : ''}${significant(value)}`;
}

function wrapped(name: string, room: number): string {
  return room < 90 ? name.replaceAll(' ', '\n') : name;
}

import * as Plot from '@observablehq/plot';
import { sankey, type SankeyGraph, sankeyJustify, type SankeyLink, type SankeyNode } from 'd3-sankey';
import { type MassUnit, massUnit } from '../../shared/base/people-number';
import type { ReportPair, ReportPeriod } from '../../shared/report/report-data';
import type { Card } from '../card';
import { plot } from '../charts';
import { mass, monthName, share } from '../format';
import type { Method } from '../state';
import { type Context, METHOD_NAMES } from './context';

/** A flow of mass between two places, MTCO2e. */
interface Flow {
  readonly from: string;
  readonly to: string;
  readonly value: number;
}

const [CLUSTERS, RACKS, SERVICES, ACCOUNTS] = ['Clusters', 'Racks', 'Services', 'Accounts'];
/** What stays with the operator, by reason. */
export const KEPT = {
  overhead: 'Kept: overhead',
  unused: 'Kept: unused capacity',
  unclaimed: 'Kept: unclaimed services',
  internal: 'Kept: internal accounts',
} as const;

/** Returns the card of the ledger of the latest month of the range. */
export function flowCard(context: Context): Card {
  const { data, state, months } = context;
  const latest = months.findLast(({ month, period }) => month <= state.to && period !== undefined);
  const period = data.periods[latest?.period ?? -1];
  if (period === undefined)
    return { id: 'ledger', title: 'Ledger', sentence: 'No month is published in this version.' };
  const flows = (
    period.aws === undefined ? computedFlows(period, state.method) : awsFlows(period.aws, state.method)
  ).filter(({ value }) => value > 0);
  const title = `Ledger of ${monthName(period.month)}, ${period.version}`;
  if (flows.length === 0)
    return {
      id: 'ledger',
      title,
      sentence: `The ${METHOD_NAMES[state.method]} ledger of this month has no emissions, or AWS did not deliver them.`,
    };
  return {
    ...{ id: 'ledger', title, size: 'wide' },
    sentence:
      period.aws === undefined
        ? computedSentence(period, state.method)
        : awsSentence(period.aws, state.method),
    chart: (width) => flowChart(flows, width),
    table: { columns: ['from', 'to', 'MTCO2e'], rows: flows.map(({ from, to, value }) => [from, to, value]) },
    notes: ['The whole month, without filters: the ledger is a property of the month.'],
  };
}

function computedFlows({ flow, retained }: ReportPeriod, method: Method): Flow[] {
  const step = (name: string): ReportPair => flow.find((one) => one.step === name)?.out ?? { lbm: 0, mbm: 0 };
  const atClusters = flow.find((one) => one.step === 'clusters')?.retained[method] ?? 0;
  const kept = (reason: keyof typeof KEPT): number => retained[reason][method] ?? 0;
  return [
    { from: CLUSTERS, to: RACKS, value: step('clusters')[method] ?? 0 },
    { from: CLUSTERS, to: KEPT.overhead, value: atClusters },
    { from: RACKS, to: SERVICES, value: step('racks')[method] ?? 0 },
    { from: RACKS, to: KEPT.unused, value: kept('unused') },
    {
      from: RACKS,
      to: `${KEPT.overhead} of racks`,
      value: kept('overhead') - atClusters > 1e-12 ? kept('overhead') - atClusters : 0,
    },
    { from: SERVICES, to: ACCOUNTS, value: step('accounts')[method] ?? 0 },
    { from: SERVICES, to: KEPT.unclaimed, value: kept('unclaimed') },
    { from: SERVICES, to: KEPT.internal, value: kept('internal') },
  ];
}

function awsFlows({ total, unsplit }: NonNullable<ReportPeriod['aws']>, method: Method): Flow[] {
  const [all, left] = [total[method] ?? 0, unsplit[method] ?? 0];
  return [
    { from: "AWS's totals", to: 'Split over services by cost', value: all - left },
    { from: "AWS's totals", to: "Under AWS's product", value: left },
    { from: 'Split over services by cost', to: ACCOUNTS, value: all - left },
    { from: "Under AWS's product", to: ACCOUNTS, value: left },
  ];
}

function computedSentence({ flow, retained, largestResidual }: ReportPeriod, method: Method): string {
  const received = flow[0]?.in[method] ?? 0;
  const out = flow.at(-1)?.out[method] ?? 0;
  const reasons = (['internal', 'unused', 'overhead', 'unclaimed'] as const)
    .map((reason) => ({ name: KEPT[reason].replace('Kept: ', ''), value: retained[reason][method] ?? 0 }))
    .filter(({ value }) => value > 0)
    .map(({ name, value }) => `${name} ${mass(value)}`);
  const kept =
    reasons.length === 0
      ? 'nothing stays with the operator'
      : `${mass(received - out)} stay with the operator (${reasons.join(', ')})`;
  return `${mass(received)} of the clusters, ${METHOD_NAMES[method]}: ${mass(out)} (${share(out, received)}) reach accounts, ${kept}. The ledger balances to ${largestResidual.toExponential(0)} of the emissions.`;
}

function awsSentence(
  { total, unsplit, rows, unsplitRows }: NonNullable<ReportPeriod['aws']>,
  method: Method,
): string {
  const [all, left] = [total[method], unsplit[method]];
  return `AWS's total is ${mass(all)}, ${METHOD_NAMES[method]}: ${all === null || left === null ? 'unknown' : mass(all - left)} are split over services by cost, ${mass(left)} (${share(left ?? 0, all ?? 0)}; ${String(unsplitRows)} of ${String(rows)} rows) have no matching cost and stay under AWS's product.`;
}

interface Named {
  readonly name: string;
}

interface Amount {
  readonly value: number;
}

type Node = SankeyNode<Named, Amount>;
type Link = SankeyLink<Named, Amount>;

/** Places of the flow in a width; the labels of the last column are right of it. */
function layoutOf(flows: readonly Flow[], width: number, height: number): SankeyGraph<Named, Amount> {
  const names = [...new Set(flows.flatMap(({ from, to }) => [from, to]))];
  const layout = sankey<Named, Amount>().nodeWidth(12).nodePadding(26).nodeAlign(sankeyJustify);
  const corners: [[number, number], [number, number]] = [
    [2, 16],
    [width, height - 12],
  ];
  return layout.extent(corners)({
    nodes: names.map((name) => ({ name })),
    links: flows.map(({ from, to, value }) => ({
      ...{ source: names.indexOf(from), target: names.indexOf(to), value },
    })),
  });
}

/** A node of a link: the layout has replaced its place by the node itself. */
function nodeOf(node: Link['source']): Node {
  return typeof node === 'object' ? node : { name: '' };
}

function colourOf({ name }: Named): string {
  return name.startsWith('Kept') || name.startsWith('Under') ? 'var(--c2)' : 'var(--c1)';
}

function linkMark(links: readonly Link[], unit: MassUnit): Plot.Markish {
  return Plot.link(links, {
    x1: ({ source }: Link) => nodeOf(source).x1 ?? 0,
    x2: ({ target }: Link) => nodeOf(target).x0 ?? 0,
    y1: (link: Link) => link.y0 ?? 0,
    y2: (link: Link) => link.y1 ?? 0,
    strokeWidth: (link: Link) => Math.max(1, link.width ?? 1),
    stroke: ({ target }: Link) => colourOf(nodeOf(target)),
    ...{ strokeOpacity: 0.3, curve: 'bump-x', strokeLinecap: 'butt', tip: true },
    title: ({ source, target, value }: Link) =>
      `${nodeOf(source).name} → ${nodeOf(target).name}\n${mass(value, unit)}`,
  });
}

function flowChart(flows: readonly Flow[], width: number): Element {
  const isNarrow = width < 500;
  const height = isNarrow ? 300 : 260;
  const unit = massUnit(flows.map(({ value }) => value));
  const inner = width - (isNarrow ? 118 : 190);
  const { nodes, links } = layoutOf(flows, inner, height);
  const textOf = ({ name, value = 0, x1 = 0 }: Node): string =>
    isNarrow && x1 < inner - 2 ? name : `${name}\n${mass(value, unit)}`;
  return plot({
    ...{ width, height, margin: 0 },
    x: { type: 'identity', axis: null },
    y: { type: 'identity', axis: null },
    color: { type: 'identity' },
    marks: [
      linkMark(links, unit),
      Plot.rect(nodes, { x1: 'x0', x2: 'x1', y1: 'y0', y2: 'y1', fill: colourOf }),
      Plot.text(nodes, {
        x: ({ x1 = 0 }: Node) => x1 + 6,
        y: ({ y0 = 0, y1 = 0 }: Node) => (y0 + y1) / 2,
        text: textOf,
        ...{ textAnchor: 'start', fill: 'var(--ink)', stroke: 'var(--card)', strokeWidth: 4 },
        ...{ fontSize: isNarrow ? 10.5 : 12, lineHeight: 1.25 },
      }),
    ],
  });
}

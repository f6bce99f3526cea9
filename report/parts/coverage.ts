import * as Plot from '@observablehq/plot';
import type { ReportPeriod } from '../../shared/report/report-data';
import type { Card, Table } from '../card';
import { plot } from '../charts';
import { legendOf } from '../colours';
import { counted, numberText } from '../../shared/base/people-number';
import { monthName, share } from '../format';
import type { Method } from '../state';
import { type Context, shownPeriods } from './context';
import { KEPT } from './flow';

/** Returns the card of how much of each month reaches accounts, or is split by cost. */
export function coverageCard(context: Context): Card {
  const periods = shownPeriods(context);
  const latest = periods.findLast(({ month }) => month <= context.state.to);
  const isAws = context.data.totals === 'aws';
  const parts = partsOf(periods, context.state.method);
  const bills = latest?.bills;
  return {
    id: 'coverage',
    title: isAws ? "How much of AWS's totals is split" : 'How much reaches accounts',
    sentence: latest === undefined ? 'No month is published.' : coverageSentence(latest),
    legend: legendOf([...new Map(parts.map(({ name, colour }) => [name, { name, colour }])).values()]),
    ...(parts.length === 0 ? {} : { chart: (width: number) => coverageChart(parts, width) }),
    table: coverageTable(periods, parts),
    notes:
      bills === undefined
        ? []
        : [
            `Bills of ${monthName(latest?.month ?? '')}: ${counted(bills.lines, 'line')} with a list cost of ${numberText(bills.cost)}, ${numberText(bills.pricedLines)} of them priced; ${numberText(bills.costWithoutRow)} of the cost meets no row of AWS.`,
          ],
  };
}

/** A part of a month, as a part of 1. */
interface Part {
  readonly month: string;
  readonly name: string;
  readonly colour: string;
  readonly value: number;
}

/** The parts of each month whose total is known. */
function partsOf(periods: readonly ReportPeriod[], method: Method): Part[] {
  return periods.flatMap(({ month, aws, flow, retained }) => {
    const all = (aws === undefined ? flow[0]?.in : aws.total)?.[method] ?? 0;
    if (all === 0) return [];
    const part = (name: string, colour: string, value: number | null | undefined): Part => ({
      month,
      name,
      colour,
      value: (value ?? 0) / all,
    });
    if (aws !== undefined) {
      const left = part("unsplit, under AWS's product", 'var(--c2)', aws.unsplit[method]);
      return [{ ...left, name: 'split by cost', colour: 'var(--c1)', value: 1 - left.value }, left];
    }
    return [
      part('reaches accounts', 'var(--c1)', flow.at(-1)?.out[method]),
      ...(['internal', 'unused', 'overhead', 'unclaimed'] as const).map((reason, index) =>
        part(KEPT[reason], `var(--c${String(index + 2)})`, retained[reason][method]),
      ),
    ].filter(({ value }) => value > 0);
  });
}

function coverageSentence({
  month,
  accounts,
  unknownAccounts,
  estimatedClusters,
  usageLines,
  largestResidual,
  aws,
}: ReportPeriod): string {
  const unknown =
    unknownAccounts === 0
      ? 'every account is in the list of accounts'
      : `${counted(unknownAccounts, 'account')} in no list of accounts`;
  if (aws !== undefined) {
    return `${monthName(month)}: ${share(aws.unsplit.mbm ?? 0, aws.total.mbm ?? 0)} of AWS's market-based total is unsplit; ${counted(aws.accountsWithoutBill, 'account')} without a bill, ${counted(aws.accountsWithoutCarbon, 'account')} with a bill and without emissions; ${unknown}.`;
  }
  const estimated =
    estimatedClusters === 0
      ? 'Scope 1 of every cluster is actual'
      : `Scope 1 of ${counted(estimatedClusters, 'cluster')} is estimated`;
  return `${monthName(month)}: ${counted(accounts, 'account')} from ${counted(usageLines, 'usage line')}; ${unknown}; ${estimated}; largest residual of the ledger ${largestResidual.toExponential(1)} of the emissions (limit 1e-9).`;
}

function coverageTable(periods: readonly ReportPeriod[], parts: readonly Part[]): Table {
  const names = [...new Set(parts.map(({ name }) => name))];
  const partIn = (month: string, name: string): string => {
    const part = parts.find((one) => one.month === month && one.name === name);
    return part === undefined ? '' : share(part.value, 1);
  };
  const isAws = periods.some(({ aws }) => aws !== undefined);
  return {
    columns: [
      ...['month', 'version', ...names, 'accounts', 'unknown accounts', 'usage lines', 'estimated clusters'],
      ...['largest residual', ...(isAws ? ['accounts without bill', 'accounts without emissions'] : [])],
    ],
    rows: periods.map((period) => [
      ...[period.month, period.version, ...names.map((name) => partIn(period.month, name))],
      ...[period.accounts, period.unknownAccounts, period.usageLines, period.estimatedClusters],
      period.largestResidual.toExponential(1),
      ...(period.aws === undefined ? [] : [period.aws.accountsWithoutBill, period.aws.accountsWithoutCarbon]),
    ]),
  };
}

function coverageChart(parts: readonly Part[], room: number): Element {
  const domain = [...new Set(parts.map(({ month }) => month))];
  const width = Math.min(room, 160 + domain.length * 90);
  return plot({
    ...{ width, height: 180, marginLeft: 44, marginBottom: 30 },
    x: {
      type: 'band',
      domain,
      label: null,
      tickSize: 0,
      ticks: domain.filter((_, index) => index % Math.ceil(domain.length / (width / 70)) === 0),
      tickFormat: monthName,
    },
    y: { label: '↑ %', domain: [0, 100], grid: true, ticks: 4 },
    color: { type: 'identity' },
    marks: [
      Plot.barY(parts, {
        x: 'month',
        y: (part: Part) => 100 * part.value,
        fill: 'colour',
        title: (part: Part) => `${monthName(part.month)}\n${part.name} ${share(part.value, 1)}`,
        tip: true,
        insetLeft: 1,
        insetRight: 1,
      }),
    ],
  });
}

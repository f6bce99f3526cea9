import * as Plot from '@observablehq/plot';
import { counted, massUnit } from '../../shared/base/people-number';
import type { Card } from '../card';
import { fitted, labelWidth, plot } from '../charts';
import { mass, shortNumber } from '../format';
import { FIGURES_OF, over, sums } from '../model';
import { type Context, foldedNotes, METHOD_NAMES, nameOf, rangeName, rangeNotes } from './context';
import { codeOf, ranked } from './members';

/** Accounts and Regions of the heat map. */
const HEAT = { accounts: 20, regions: 14 } as const;

/** Accounts by Region: a cell is darker the larger it is, and has its number. */
export function heatCard(context: Context): Card {
  const { data, state, filter, added } = context;
  const figure = FIGURES_OF[state.method][0];
  const accounts = ranked(sums(data, { filter, figure, by: 'account' }), added.periods).filter(
    ({ member }) => member >= 0,
  );
  const regions = ranked(sums(data, { filter, figure, by: 'region' }), added.periods).filter(
    ({ member }) => member >= 0,
  );
  const [rows, columns] = [accounts.slice(0, HEAT.accounts), regions.slice(0, HEAT.regions)];
  const cells = rows.flatMap(({ member: account }) => {
    const found = sums(data, { filter: { ...filter, account: new Set([account]) }, figure, by: 'region' });
    return columns.map(({ member: region }) => ({
      account,
      region,
      value: over(found?.get(region) ?? data.periods.map(() => 0), added.periods),
    }));
  });
  const top = [...cells].sort((a, b) => (b.value ?? 0) - (a.value ?? 0))[0];
  const sentence =
    top === undefined
      ? 'No account has emissions in this range.'
      : `Largest: ${nameOf(data, 'account', top.account)} in ${nameOf(data, 'region', top.region)} with ${mass(top.value)}, ${METHOD_NAMES[state.method]}, ${rangeName(added.months)}.`;
  return {
    ...{ id: 'accounts-by-region', title: 'Accounts by Region', size: 'wide', sentence },
    ...(top === undefined ? {} : { chart: (width: number) => heatChart(context, cells, width) }),
    table: {
      columns: ['account', 'name', 'region', 'MTCO2e'],
      rows: cells
        .filter(({ value }) => value !== 0)
        .map(({ account, region, value }) => [
          codeOf(context, 'account', account),
          nameOf(data, 'account', account),
          codeOf(context, 'region', region),
          value,
        ]),
    },
    notes: [
      ...(accounts.length > rows.length || regions.length > columns.length
        ? [
            `The map has at most the largest ${String(rows.length)} of ${counted(accounts.length, 'account')} and ${String(columns.length)} of ${counted(regions.length, 'Region')}; filter to see others.`,
          ]
        : []),
      ...rangeNotes(context),
      ...foldedNotes(context, true),
    ],
  };
}

interface HeatCell {
  readonly account: number;
  readonly region: number;
  readonly value: number | null;
}

/** Width of a column in which a number fits, pixels. */
const NUMBER_WIDTH = 38;

function heatChart({ data }: Context, all: readonly HeatCell[], width: number): Element {
  // A column is as wide as a finger.
  const columns = Math.max(4, Math.floor((width * 0.6) / 28));
  const regions = [...new Set(all.map(({ region }) => region))].slice(0, columns);
  const cells = all.filter(({ region }) => regions.includes(region));
  // Two accounts may have one name: the rows are by place, and the labels are names.
  const label = (account: number): string => nameOf(data, 'account', account);
  const code = (region: number): string => nameOf(data, 'region', region);
  const accounts = [...new Set(cells.map(({ account }) => account))];
  const marginLeft = Math.min(labelWidth(accounts.map(label)), Math.round(width * 0.4));
  const hasNumbers = (width - marginLeft) / regions.length > NUMBER_WIDTH;
  const titleOf = ({ account, region, value }: HeatCell): string =>
    `${label(account)}\n${code(region)} ${data.regions[region]?.location ?? ''}\n${mass(value)}`;
  return plot({
    ...{ width, marginLeft, marginRight: hasNumbers ? 4 : 42, marginTop: 84, marginBottom: 4 },
    height: accounts.length * 24 + 90,
    x: {
      domain: regions,
      axis: 'top',
      label: null,
      tickSize: 0,
      tickRotate: -60,
      tickFormat: code,
      padding: 0.04,
    },
    y: {
      domain: accounts,
      label: null,
      tickSize: 0,
      tickFormat: (account: number) => fitted(label(account), marginLeft),
      padding: 0.06,
    },
    marks: cellMarks(cells, titleOf, hasNumbers),
    color: { type: 'identity' },
  });
}

function cellMarks(
  cells: readonly HeatCell[],
  title: (cell: HeatCell) => string,
  hasNumbers: boolean,
): Plot.Markish[] {
  const unit = massUnit(cells.map(({ value }) => value ?? 0));
  const largest = Math.max(...cells.map(({ value }) => value ?? 0));
  // By the root, so that small cells differ from empty ones.
  const part = ({ value }: HeatCell): number =>
    largest === 0 ? 0 : Math.sqrt(Math.max(0, value ?? 0) / largest);
  const text = ({ value }: HeatCell): string =>
    value === null ? '?' : value === 0 ? '' : short(value / unit.tons);
  const fill = (cell: HeatCell): string => (part(cell) > 0.72 ? 'var(--on-heat)' : 'var(--ink)');
  const place = { x: 'region', y: 'account' } as const;
  return [
    Plot.cell(cells, {
      ...{ ...place, fill: 'var(--heat)', title, tip: true, rx: 2 },
      fillOpacity: (cell: HeatCell) => 0.05 + 0.95 * part(cell),
    }),
    ...(hasNumbers ? [Plot.text(cells, { ...place, text, fill, fontSize: 11, pointerEvents: 'none' })] : []),
  ];
}

function short(value: number): string {
  if (Math.abs(value) < 0.01) return '<0.01';
  return shortNumber(Math.abs(value) >= 100 ? Math.round(value) : Number(value.toPrecision(2)));
}

import { counted } from '../../shared/base/people-number';
import type { Card } from '../card';
import { COLOURED, colourAt, type Key, legendOf } from '../colours';
import { choice } from '../dom';
import { mass, monthName } from '../format';
import { FIGURES_OF, over, type Series, sums, totalsOf } from '../model';
import { STACKS, type Stack } from '../state';
import { type Context, foldedNotes, METHOD_NAMES, nameOf } from './context';
import { isEstimated, isUnknown, type Layer, monthsChart } from './months-chart';

const SCOPE_NAMES = ['', 'Scope 1', 'Scope 2', 'Scope 3'] as const;

const STACK_NAMES: Readonly<Record<Stack, string>> = { scope: 'Scope', service: 'Service', region: 'Region' };

/** Returns the card of all months. */
export function monthsCard(context: Context): Card {
  const { state, choose } = context;
  const layers = layersOf(context);
  const totals = totalsOf(context.data, context.filter, FIGURES_OF[state.method][0]);
  const stacks = STACKS.map((stack) => [stack, STACK_NAMES[stack]] as const);
  return {
    id: 'months',
    title: `Emissions by month and ${STACK_NAMES[state.stack]}`,
    size: 'wide',
    sentence: sentenceOf(context, totals),
    controls: [
      choice('Stacked by', state.stack, stacks, (value) => {
        choose({ stack: STACKS.find((one) => one === value) ?? 'scope' });
      }),
    ],
    legend: legendOf(keysOf(context, layers)),
    chart: (width) => monthsChart(context, { layers, totals }, width),
    table: {
      columns: ['month', 'version', ...layers.map(({ name }) => `${name} MTCO2e`), 'total MTCO2e', 'state'],
      rows: context.months.map(({ month, period }) => [
        ...[month, context.data.periods[period ?? -1]?.version ?? ''],
        ...layers.map(({ series }) => (period === undefined ? null : (series[period] ?? null))),
        period === undefined ? null : (totals?.[period] ?? null),
        stateOf(context, period),
      ]),
    },
    notes: [...versionNotes(context), ...foldedNotes(context)],
  };
}

function stateOf({ data }: Context, period: number | undefined): string {
  if (period === undefined) return 'not published';
  return isEstimated(data.periods[period]) ? 'partly estimated' : 'actual';
}

function layersOf(context: Context): Layer[] {
  const { data, state, filter } = context;
  const [total, ...scopes] = FIGURES_OF[state.method];
  if (state.stack === 'scope') {
    const found = scopes.map((scope) => totalsOf(data, filter, scope));
    const layers = found.flatMap((series, index) =>
      series?.some((value) => value !== null && value !== 0) === true
        ? [{ name: SCOPE_NAMES[index + 1] ?? '', colour: `var(--scope${String(index + 1)})`, series }]
        : [],
    );
    // Months whose scopes are unknown have a total all the same.
    const all = totalsOf(data, filter, total) ?? [];
    const rest = all.map((value, period) => (found.some((series) => isUnknown(series, period)) ? value : 0));
    if (!rest.some((value) => value !== 0 && value !== null)) return layers;
    return [
      ...layers.map((layer) => ({ ...layer, series: layer.series.map((value) => value ?? 0) })),
      { name: 'Total without scopes', colour: 'var(--others)', series: rest },
    ];
  }
  return memberLayers(context, state.stack);
}

function memberLayers({ data, state, filter, months }: Context, by: 'service' | 'region'): Layer[] {
  const found = sums(data, { filter, figure: FIGURES_OF[state.method][0], by }) ?? new Map<number, Series>();
  const periods = months.flatMap(({ period }) => period ?? []);
  const size = (series: Series): number => periods.reduce((sum, period) => sum + (series[period] ?? 0), 0);
  const bySize = [...found].sort(([a, x], [b, y]) => size(y) - size(x) || a - b);
  const own = bySize.filter(([member]) => member >= 0 && member < COLOURED);
  const others = bySize.filter(([member]) => member < 0 || member >= COLOURED).map(([, series]) => series);
  const layers = own.map(([member, series]) => ({
    name: nameOf(data, by, member),
    colour: colourAt(member),
    series,
  }));
  if (others.length === 0) return layers;
  const rest = data.periods.map((_, period) => {
    const values = others.map((series) => series[period] ?? null);
    return values.includes(null) ? null : values.reduce<number>((sum, value) => sum + (value ?? 0), 0);
  });
  return [
    ...layers,
    {
      name: `${counted(others.length, `other ${by === 'region' ? 'Region' : 'service'}`)}`,
      colour: 'var(--others)',
      series: rest,
    },
  ];
}

function keysOf({ data, months }: Context, layers: readonly Layer[]): Key[] {
  const keys: Key[] = layers.map(({ name, colour }) => ({ name, colour }));
  if (months.some(({ period }) => isEstimated(data.periods[period ?? -1]))) {
    keys.push({ name: 'partly estimated', colour: 'var(--ink)', kind: 'hatched' });
  }
  return keys;
}

function sentenceOf({ data, months, state }: Context, totals: Series | undefined): string {
  const known = months.flatMap(({ month, period }) => {
    const value = period === undefined ? null : (totals?.[period] ?? null);
    return value === null || month < state.from || month > state.to
      ? []
      : [{ month, value, period: period ?? -1 }];
  });
  const last = known.at(-1);
  if (last === undefined)
    return `No month of the range has ${METHOD_NAMES[state.method]} emissions: they are unknown or not published.`;
  const [highest] = [...known].sort((a, b) => b.value - a.value);
  const [lowest] = [...known].sort((a, b) => a.value - b.value);
  const versions = new Set(known.map(({ period }) => data.periods[period]?.version));
  const sum =
    versions.size === 1
      ? over(
          totals ?? [],
          known.map(({ period }) => period),
        )
      : null;
  const all =
    sum === null
      ? `${counted(known.length, 'month')} in ${String(versions.size)} versions, which are not added`
      : `${mass(sum)} in ${counted(known.length, 'month')}`;
  return `${all}, ${METHOD_NAMES[state.method]}: highest ${mass(highest?.value ?? 0)} in ${monthName(highest?.month ?? '')}, lowest ${mass(lowest?.value ?? 0)} in ${monthName(lowest?.month ?? '')}.`;
}

function versionNotes({ data, months }: Context): string[] {
  const shown = new Set(months.flatMap(({ period }) => data.periods[period ?? -1]?.version ?? []));
  const missing = months.filter(({ period }) => period === undefined).length;
  return [
    ...(shown.size > 1
      ? [
          `The method changes within these months (${[...shown].join(', ')}): bars on both sides of the line do not compare.`,
        ]
      : []),
    ...(missing > 0 ? [`${counted(missing, 'month')} without data in this version: a gap, not zero.`] : []),
  ];
}

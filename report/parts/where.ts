import * as Plot from '@observablehq/plot';
import { massUnit } from '../../shared/base/people-number';
import type { Card } from '../card';
import { labelWidth, plot, tick } from '../charts';
import { legendOf } from '../colours';
import { change, mass } from '../format';
import { FIGURES_OF, over, type Series, sums } from '../model';
import { type Context, nameOf, rangeNotes } from './context';
import { heatCard } from './heat';
import { memberCard, moreNote, SHOWN_BARS } from './members';

/** Returns the cards of Regions, services and contracts, and the map of accounts and Regions. */
export function whereCards(context: Context): Card[] {
  const cards = [
    memberCard(context, 'region', 'Regions'),
    memberCard(context, 'service', 'Services'),
    contractsCard(context),
  ];
  return [...cards.map((card): Card => ({ ...card, size: 'third' })), heatCard(context)];
}

/** Location-based against market-based: what contracts for electricity change. */
function contractsCard({ data, filter, added, ...rest }: Context): Card {
  const context = { data, filter, added, ...rest };
  const of = (method: 'lbm' | 'mbm'): ReadonlyMap<number, Series> | undefined =>
    sums(data, { filter, figure: FIGURES_OF[method][0], by: 'region' });
  const [lbm, mbm] = [of('lbm'), of('mbm')];
  const all = [...(lbm ?? [])].flatMap(([member, series]) => {
    const [location, market] = [over(series, added.periods), over(mbm?.get(member) ?? [], added.periods)];
    return location === null || market === null || (location === 0 && market === 0)
      ? []
      : [{ member, location, market, name: nameOf(data, 'region', member) }];
  });
  const sorted = all.sort((a, b) => b.location - b.market - (a.location - a.market) || a.member - b.member);
  const [location, market] = [
    sorted.reduce((sum, one) => sum + one.location, 0),
    sorted.reduce((sum, one) => sum + one.market, 0),
  ];
  const [top] = sorted;
  return {
    id: 'contracts',
    title: 'What electricity contracts change',
    sentence:
      top === undefined
        ? 'The location-based or the market-based emissions are unknown in this range.'
        : `Location-based ${mass(location)}, market-based ${mass(market)}: contracts change ${change(market - location)}, most in ${top.name} (${change(top.market - top.location)}).`,
    legend: legendOf([
      { name: 'location-based', colour: 'var(--c2)' },
      { name: 'market-based', colour: 'var(--c1)' },
    ]),
    ...(top === undefined
      ? {}
      : { chart: (width: number) => contractsChart(sorted.slice(0, SHOWN_BARS), width) }),
    table: {
      columns: ['region', 'location-based MTCO2e', 'market-based MTCO2e', 'difference MTCO2e'],
      rows: sorted.map(({ name, ...one }) => [name, one.location, one.market, one.location - one.market]),
    },
    notes: [...moreNote(sorted.length, 'region'), ...rangeNotes(context)],
  };
}

function contractsChart(
  rows: readonly { readonly name: string; readonly location: number; readonly market: number }[],
  width: number,
): Element {
  const unit = massUnit(rows.flatMap(({ location, market }) => [location, market]));
  const shown = rows.map(({ name, location, market }) => ({
    ...{ name, location: location / unit.tons, market: market / unit.tons },
    title: `${name}\nlocation-based ${mass(location, unit)}\nmarket-based ${mass(market, unit)}`,
  }));
  return plot({
    ...{
      width,
      height: shown.length * 26 + 56,
      marginLeft: labelWidth(rows.map(({ name }) => name)),
      marginRight: 24,
      marginTop: 8,
      marginBottom: 44,
    },
    x: {
      label: `${unit.name} CO2e →`,
      grid: true,
      zero: true,
      tickFormat: tick,
      ticks: Math.max(2, Math.round(width / 110)),
    },
    y: { domain: shown.map(({ name }) => name), label: null, tickSize: 0 },
    marks: [
      Plot.link(shown, {
        x1: 'location',
        x2: 'market',
        y1: 'name',
        y2: 'name',
        stroke: 'var(--line-strong)',
        strokeWidth: 3,
      }),
      Plot.dot(shown, {
        x: 'location',
        y: 'name',
        r: 5,
        fill: 'var(--card)',
        stroke: 'var(--c2)',
        strokeWidth: 2.5,
      }),
      Plot.dot(shown, { x: 'market', y: 'name', r: 5.5, fill: 'var(--c1)', title: 'title', tip: true }),
    ],
  });
}

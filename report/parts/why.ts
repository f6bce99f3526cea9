import * as Plot from '@observablehq/plot';
import { addMonths } from '../../shared/base/month';
import { massUnit } from '../../shared/base/people-number';
import type { Card } from '../card';
import {
  CAUSE_NAMES,
  type Cause,
  CAUSES,
  type Compared,
  type Mover,
  moversOf,
  noChange,
  total,
} from '../causes';
import { fitted, labelWidth, plot, tick } from '../charts';
import { legendOf } from '../colours';
import { choice } from '../dom';
import { change, mass, monthName } from '../format';
import { periodOf } from '../model';
import { bridgeChart } from './bridge';
import { type Context, foldedNotes, METHOD_NAMES, nameOf } from './context';
import { codeOf } from './members';

/** Movers that the chart has; the table has all. */
const SHOWN_MOVERS = 12;

/** Values have five digits: a smaller part of the total is the rounding of its summands. */
const ROUNDING = 5e-5;

const CAUSE_COLOURS: Readonly<Record<Cause, string>> = {
  usage: 'var(--c1)',
  factor: 'var(--c2)',
  dependency: 'var(--c3)',
  method: 'var(--c4)',
  unsplit: 'var(--others)',
};

const METHOD_NOTE =
  'Own usage is the part of the service in the Region that the account caused. The Region is what all accounts caused there: grid factors, contracts, energy, capacity. The service is its part of the Region. The split is by logarithmic mean (LMDI) and leaves no remainder; the names of changed inputs are found by "carbon-exports diff".';

/** Returns the cards of movers and of the bridge between two months. */
export function whyCards(context: Context): Card[] {
  const { state, months } = context;
  const latest = months.findLast(({ month, period }) => month <= state.to && period !== undefined);
  const earlier = latest && addMonths(latest.month, state.against === 'month' ? -1 : -12);
  const shown = months.find(({ month }) => month === earlier)?.period;
  const controls = [
    choice(
      'Against',
      state.against,
      [
        ['month', 'month before'],
        ['year', 'year before'],
      ],
      (value) => {
        context.choose({ against: value === 'year' ? 'year' : 'month' });
      },
    ),
  ];
  if (latest?.period === undefined || earlier === undefined || shown === undefined) {
    return [
      {
        id: 'movers',
        title: 'What changed',
        controls,
        sentence: `There is no month to compare with: ${earlier === undefined ? 'the earlier month' : monthName(earlier)} is not published.`,
      },
    ];
  }
  const version = context.data.periods[latest.period]?.version ?? '';
  const compared: Compared = {
    shown,
    after: latest.period,
    before: periodOf(context.data, earlier, version),
  };
  const pair = [earlier, latest.month] as const;
  const movers = moversOf(
    context.data,
    { filter: context.filter, method: state.method, by: state.movers },
    compared,
  );
  if (movers === undefined) {
    return [
      {
        id: 'movers',
        title: 'What changed',
        controls,
        sentence: `The change from ${monthName(pair[0])} to ${monthName(pair[1])} is unknown: AWS did not deliver ${METHOD_NAMES[state.method]} emissions of one of the months.`,
      },
    ];
  }
  return [bridgeCard(context, movers, pair, controls), moversCard(context, movers, pair)];
}

function causesIn(movers: readonly Mover[]): Cause[] {
  return CAUSES.filter((cause) => movers.some(({ causes }) => Math.abs(causes[cause]) > 1e-15));
}

function moversCard(
  context: Context,
  movers: readonly Mover[],
  [before, after]: readonly [string, string],
): Card {
  const { data, state, choose } = context;
  const name = ({ member }: Mover): string => nameOf(data, state.movers, member);
  const [first, second] = movers;
  const delta = (mover: Mover): string =>
    `${name(mover)} ${change(mover.after - mover.before)}, mostly by ${largestCause(mover)}`;
  const present = causesIn(movers);
  return {
    id: 'movers',
    title: 'Top movers',
    sentence:
      first === undefined
        ? 'Nothing changed.'
        : `${monthName(after)} against ${monthName(before)}: ${delta(first)}${second === undefined ? '' : `; ${delta(second)}`}.`,
    controls: [
      choice(
        'Movers',
        state.movers,
        [
          ['account', 'Accounts'],
          ['service', 'Services'],
          ['region', 'Regions'],
        ],
        (value) => {
          choose({ movers: value === 'service' || value === 'region' ? value : 'account' });
        },
      ),
    ],
    legend: legendOf(present.map((cause) => ({ name: CAUSE_NAMES[cause], colour: CAUSE_COLOURS[cause] }))),
    chart: (width) => moversChart(movers.slice(0, SHOWN_MOVERS), name, width),
    table: {
      columns: [
        state.movers,
        'name',
        `${before} MTCO2e`,
        `${after} MTCO2e`,
        'change MTCO2e',
        ...CAUSES.map((cause) => `${CAUSE_NAMES[cause]} MTCO2e`),
      ],
      rows: movers.map((mover) => [
        codeOf(context, state.movers, mover.member),
        name(mover),
        mover.before,
        mover.after,
        mover.after - mover.before,
        ...CAUSES.map((cause) => mover.causes[cause]),
      ]),
    },
    notes: foldedNotes(context, true),
  };
}

function largestCause({ causes }: Mover): string {
  const [top] = [...CAUSES].sort((a, b) => Math.abs(causes[b]) - Math.abs(causes[a]));
  return top === undefined ? '' : CAUSE_NAMES[top];
}

function moversChart(movers: readonly Mover[], name: (mover: Mover) => string, width: number): Element {
  const unit = massUnit(movers.flatMap(({ causes }) => CAUSES.map((cause) => causes[cause])));
  const parts = movers.flatMap((mover, index) =>
    CAUSES.map((cause) => ({
      ...{ index, colour: CAUSE_COLOURS[cause], value: mover.causes[cause] / unit.tons },
      title: `${name(mover)}\n${CAUSE_NAMES[cause]}: ${change(mover.causes[cause], unit)}\nchange: ${change(mover.after - mover.before, unit)}`,
    })),
  );
  const labels = movers.map(name);
  const marginLeft = Math.min(labelWidth(labels), Math.round(width * 0.42));
  return plot({
    ...{
      width,
      marginLeft,
      marginRight: 16,
      marginTop: 4,
      marginBottom: 44,
      height: movers.length * 30 + 56,
    },
    x: {
      label: `${unit.name} CO2e →`,
      tickFormat: tick,
      grid: true,
      ticks: Math.max(2, Math.round(width / 130)),
    },
    y: {
      domain: movers.map((_, index) => index),
      label: null,
      tickSize: 0,
      tickFormat: (index: number) => fitted(labels[index] ?? '', marginLeft),
    },
    marks: [
      Plot.barX(parts, {
        x: 'value',
        y: 'index',
        fill: 'colour',
        stroke: 'var(--card)',
        strokeWidth: 0.5,
        title: 'title',
        tip: true,
        insetTop: 5,
        insetBottom: 5,
      }),
      Plot.tickX(movers, {
        x: (mover: Mover) => (mover.after - mover.before) / unit.tons,
        y: (_: Mover, index: number) => index,
        stroke: 'var(--ink)',
        strokeWidth: 2.5,
      }),
      Plot.ruleX([0], { stroke: 'var(--ink)' }),
    ],
    color: { type: 'identity' },
  });
}

function bridgeCard(
  context: Context,
  movers: readonly Mover[],
  [before, after]: readonly [string, string],
  controls: Card['controls'],
): Card {
  const causes = noChange();
  for (const mover of movers) for (const cause of CAUSES) causes[cause] += mover.causes[cause];
  const old = movers.reduce((sum, mover) => sum + mover.before, 0);
  const present = movers.reduce((sum, mover) => sum + mover.after, 0);
  const shown = CAUSES.filter((cause) => Math.abs(causes[cause]) > ROUNDING * Math.max(old, present));
  const parts = shown.map((cause) => `${CAUSE_NAMES[cause]} ${change(causes[cause])}`).join(', ');
  let level = old;
  const steps = [
    { name: monthName(before), from: 0, to: old, colour: 'var(--others)', text: mass(old) },
    ...shown.map((cause) => {
      const from = level;
      level += causes[cause];
      return {
        name: CAUSE_NAMES[cause].replace(/ \(.*/, ''),
        from,
        to: level,
        colour: CAUSE_COLOURS[cause],
        text: change(causes[cause]),
      };
    }),
    { name: monthName(after), from: 0, to: present, colour: 'var(--others)', text: mass(present) },
  ];
  return {
    id: 'bridge',
    title: `From ${monthName(before)} to ${monthName(after)}`,
    sentence: `${mass(old)} became ${mass(present)} (${change(present - old)}), ${METHOD_NAMES[context.state.method]}${parts === '' ? '' : `: ${parts}`}.`,
    ...(controls === undefined ? {} : { controls }),
    chart: (width) => bridgeChart(steps, width),
    table: {
      columns: ['part', 'MTCO2e'],
      rows: [
        [monthName(before), old],
        ...CAUSES.map((cause) => [CAUSE_NAMES[cause], causes[cause]]),
        [monthName(after), old + total(causes)],
      ],
    },
    notes: [METHOD_NOTE],
  };
}

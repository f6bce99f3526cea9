import { addMonths } from '../shared/base/month';
import type { ReportData } from '../shared/report/report-data';
import { choice, h, select } from './dom';
import { MONTH_NAMES, monthName } from './format';
import { versionsOf } from './model';
import type { Context } from './parts/context';
import { BLANK, type State } from './state';

/** Returns the bar of filters and switches that act on the whole page. */
export function filterBar(context: Context, defaults: State): HTMLElement {
  const { data, state, choose } = context;
  return h(
    'div',
    { class: 'filters', role: 'group', 'aria-label': 'Filters' },
    choice(
      'Method of Scope 2',
      state.method,
      [
        ['mbm', 'Market-based'],
        ['lbm', 'Location-based'],
      ],
      (value) => {
        choose({ method: value === 'lbm' ? 'lbm' : 'mbm' });
      },
    ),
    select('Version', state.version, versionOptions(data), (version) => {
      choose({ version });
    }),
    ...rangeFields(context),
    accountField(context),
    ...ouField(context),
    select('Region', state.region, [['', 'All Regions'], ...regionOptions(data)], (region) => {
      choose({ region });
    }),
    select(
      'Service',
      state.service,
      [
        ['', 'All services'],
        ...[...data.services].sort().map((code) => [code || BLANK, code || 'no service'] as const),
      ],
      (service) => {
        choose({ service });
      },
    ),
    ...breakdownFields(context),
    select(
      'Fiscal year starts',
      String(state.fiscal),
      MONTH_NAMES.map((name, index) => [String(index + 1), name] as const),
      (value) => {
        choose({ fiscal: Number(value) });
      },
    ),
    h(
      'button',
      {
        type: 'button',
        class: 'reset',
        click: () => {
          choose(defaults);
        },
      },
      'Reset',
    ),
  );
}

function regionOptions({ regions }: ReportData): (readonly [string, string])[] {
  return [...regions]
    .sort((a, b) => (a.code < b.code ? -1 : 1))
    .map(({ code, location }) => [
      code || BLANK,
      location === '' || location.toLowerCase() === code
        ? code || 'no Region'
        : `${code || 'no Region'} · ${location}`,
    ]);
}

/** Without the filter where no account has an OU. */
function ouField({ data, state, choose }: Context): HTMLElement[] {
  const ous = ousOf(data);
  if (ous.length === 0) return [];
  return [
    select(
      'Organizational unit',
      state.ou,
      [['', 'All OUs'], ...ous.map((ou) => [ou, ou] as const)],
      (ou) => {
        choose({ ou });
      },
    ),
  ];
}

function versionOptions(data: ReportData): (readonly [string, string])[] {
  const versions = versionsOf(data);
  const covered = (version: string): string => {
    const months = data.periods.filter((period) => period.version === version);
    return `${version} (${months[0]?.month ?? ''} to ${months.at(-1)?.month ?? ''})`;
  };
  return [
    ...versions.map((version) => [version, covered(version)] as const),
    ...(versions.length > 1 ? [['each', 'newest of each month'] as const] : []),
  ];
}

function rangeFields({ months, state, choose }: Context): HTMLElement[] {
  const options = months.map(({ month }) => [month, monthName(month)] as const);
  const last = months.findLast(({ period }) => period !== undefined)?.month;
  const first = months[0]?.month;
  if (first === undefined || last === undefined) return [];
  const year = addMonths(last, -11);
  const january = `${last.slice(0, 4)}-01`;
  const presets: (readonly [string, string, string])[] = [
    ['Last 12 months', year < first ? first : year, last],
    ['This year', january < first ? first : january, last],
    ['All months', first, months.at(-1)?.month ?? ''],
  ];
  const present = presets.find(([, from, to]) => from === state.from && to === state.to)?.[0] ?? '';
  return [
    select(
      'Period',
      present,
      [
        ...(present === '' ? [['', 'Chosen months'] as const] : []),
        ...presets.map(([name]) => [name, name] as const),
      ],
      (name) => {
        const preset = presets.find(([one]) => one === name);
        if (preset !== undefined) choose({ from: preset[1], to: preset[2] });
      },
    ),
    select('From', state.from, options, (from) => {
      choose({ from, to: from > state.to ? from : state.to });
    }),
    select('To', state.to, options, (to) => {
      choose({ to, from: to < state.from ? to : state.from });
    }),
  ];
}

/** An account is found by its name or its id: a list of 1,000 would be too long. */
function accountField({ data, state, choose }: Context): HTMLElement {
  const label = ({ id, name }: ReportData['accounts'][number]): string =>
    name === '' ? id : `${name} (${id})`;
  const present = data.accounts.find(({ id }) => id === state.account);
  const input = h('input', {
    ...{
      type: 'search',
      list: 'account-list',
      placeholder: 'All accounts',
      value: present === undefined ? '' : label(present),
      autocomplete: 'off',
    },
    change: () => {
      const text = input.value.trim();
      const found = data.accounts.find(
        (account) => label(account) === text || account.id === text || account.name === text,
      );
      choose({ account: found?.id ?? '' });
    },
  });
  const list = h(
    'datalist',
    { id: 'account-list' },
    ...data.accounts.map((account) => h('option', { value: label(account) })),
  );
  return h('label', { class: 'field account' }, h('span', {}, 'Account'), input, list);
}

function breakdownFields({ data, state, choose }: Context): HTMLElement[] {
  if (data.breakdowns.length === 0) return [];
  const breakdown = data.breakdowns.find(({ by }) => by === state.by);
  const names = select(
    'Breakdown',
    state.by,
    [['', 'None'], ...data.breakdowns.map(({ by }) => [by, by] as const)],
    (by) => {
      choose({ by, value: '' });
    },
  );
  if (breakdown === undefined) return [names];
  return [
    names,
    select(
      'Value',
      state.value,
      [['', 'All values'], ...breakdown.values.map((value) => [value, value] as const)],
      (value) => {
        choose({ value });
      },
    ),
  ];
}

/** Every OU and every OU above one. */
function ousOf({ accounts }: ReportData): string[] {
  const found = new Set<string>();
  for (const { ou } of accounts) {
    // A slash in a name is written as \/.
    const names = ou.split(/(?<!\\)\//);
    for (let length = 1; length <= names.length; length += 1) found.add(names.slice(0, length).join('/'));
  }
  found.delete('');
  return [...found].sort();
}

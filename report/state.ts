/** Methods of Scope 2. */
export type Method = 'lbm' | 'mbm';

/** What the bars of the months are divided by. */
export const STACKS = ['scope', 'service', 'region'] as const;

/** One of the {@link STACKS}. */
export type Stack = (typeof STACKS)[number];

/** The value of a filter for rows without a Region or service. A blank value filters nothing. */
export const BLANK = '(blank)';

/** What a person chose: it stands in the address, so that a view can be sent. Blank means all. */
export interface State {
  readonly method: Method;
  /** A model version, or `each` for the newest version of each month. */
  readonly version: string;
  readonly stack: Stack;
  readonly from: string;
  readonly to: string;
  readonly account: string;
  readonly ou: string;
  readonly region: string;
  readonly service: string;
  /** A breakdown, such as tag:team, and one of its values. */
  readonly by: string;
  readonly value: string;
  /** First month of the fiscal year, 1 to 12. */
  readonly fiscal: number;
  /** What the accounts are grouped by: ou, tag:KEY of the account, or a breakdown. */
  readonly group: string;
  /** What movers are compared with. */
  readonly against: 'month' | 'year';
  /** What movers are. */
  readonly movers: 'account' | 'service' | 'region';
}

/** Returns the state that an address describes, with defaults for what it leaves out or has wrong. */
export function stateOf(hash: string, defaults: State): State {
  const given = new URLSearchParams(hash.replace(/^#/, ''));
  const text = (key: keyof State): string => given.get(key) ?? String(defaults[key]);
  const one = <Value extends string>(key: keyof State, values: readonly Value[], fallback: Value): Value =>
    values.find((value) => value === given.get(key)) ?? fallback;
  const fiscal = Number(text('fiscal'));
  return {
    method: one('method', ['lbm', 'mbm'], defaults.method),
    stack: one('stack', STACKS, defaults.stack),
    against: one('against', ['month', 'year'], defaults.against),
    movers: one('movers', ['account', 'service', 'region'], defaults.movers),
    ...{ version: text('version'), from: text('from'), to: text('to'), account: text('account') },
    ...{ ou: text('ou'), region: text('region'), service: text('service') },
    ...{ by: text('by'), value: text('value'), group: text('group') },
    fiscal: Number.isInteger(fiscal) && fiscal >= 1 && fiscal <= 12 ? fiscal : 1,
  };
}

/** Returns the address of a state: what differs from the defaults. */
export function hashOf(state: State, defaults: State): string {
  const different = Object.entries(state).filter(([key, value]) => value !== defaults[key as keyof State]);
  const address = new URLSearchParams();
  for (const [key, value] of different) address.set(key, String(value));
  return address.toString();
}

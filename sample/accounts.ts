import { MADE_UP_LAST_MONTH } from './facts';
import { daysInMonth, monthIndex, monthOf } from './months';
import type { SamplePlan } from './options';
import { RandomStream } from './random';
import type { FocusReference } from './reference';

/** State of an account, as AWS Organizations names it. */
export type AccountState = 'ACTIVE' | 'SUSPENDED' | 'PENDING_CLOSURE' | 'CLOSED';

/** An account of the sample's organization. */
export interface Account {
  /** 12 digits. */
  readonly id: string;
  readonly name: string;
  readonly role: 'management' | 'internal' | 'customer';
  /** Whether id and name come from the real FOCUS rows. */
  readonly real: boolean;
  /** State at the end of the last month. */
  readonly state: AccountState;
  /** Month index of its first usage; 0 for one that was always there. */
  readonly first: number;
  /** Month index of its last usage; Infinity for one that stays. */
  readonly last: number;
  /** YYYY-MM-DDThh:mm:ss+00:00 */
  readonly joined: string;
}

/** Id of the management account. Made up, as are all ids that start with 9. */
const MANAGEMENT_ID = '900000000001';

const ORGANIZATION = 'o-sampleestate';

/** Teams and environments from which made-up accounts take their names: what they do, never who they are. */
const TEAMS = (
  'payments checkout search catalogue billing analytics data-lake ml-training ml-inference streaming identity ' +
  'notifications reporting web-front mobile-api inventory logistics pricing fraud-detection document-archive'
).split(' ');
const ENVIRONMENTS = ['prod', 'staging', 'dev', 'test'];
const INTERNAL_TEAMS = ['platform-network', 'security-tooling', 'log-archive', 'operations-monitoring'];

/**
 * Real accounts that end, by their rank in list cost, with their last month of usage. Made up, and all of it after
 * September 2024, the month in which they are known to be there.
 */
const REAL_ENDINGS: ReadonlyMap<number, readonly [AccountState, string]> = new Map([
  [13, ['CLOSED', '2025-02']],
  [17, ['SUSPENDED', '2026-03']],
  [22, ['CLOSED', '2025-06']],
  [26, ['PENDING_CLOSURE', '2026-09']],
  [31, ['CLOSED', '2025-11']],
  [37, ['SUSPENDED', '2026-07']],
  [40, ['CLOSED', '2026-04']],
  [45, ['PENDING_CLOSURE', '2026-10']],
  [52, ['CLOSED', '2024-12']],
  [60, ['SUSPENDED', '2025-09']],
]);

interface Life {
  readonly first: number;
  readonly last: number;
  readonly state: AccountState;
}

function realLife(rank: number, stream: RandomStream): Life {
  const first = stream.chance(0.3) ? monthIndex('2023-10') + stream.integer(0, 10) : 0;
  const ending = REAL_ENDINGS.get(rank);
  if (ending === undefined) return { first, last: Infinity, state: 'ACTIVE' };
  return { first, last: monthIndex(ending[1]), state: ending[0] };
}

/** Made-up customers: the first nine join one after the other after September 2024, of later ones 60 % were always there. */
function madeUpLife(rank: number, stream: RandomStream): Life {
  const start = monthIndex('2024-10');
  const span = monthIndex(MADE_UP_LAST_MONTH) - start;
  let first = 0;
  if (rank < 9) first = start + Math.floor((rank * span) / 9);
  else if (stream.chance(0.4)) first = monthIndex('2023-09') + stream.integer(1, 37);
  if (rank === 2) return { first, last: monthIndex('2026-01'), state: 'CLOSED' };
  if (rank < 9 || stream.chance(0.92)) return { first, last: Infinity, state: 'ACTIVE' };
  const state = stream.chance(0.6) ? 'CLOSED' : 'SUSPENDED';
  return { first, last: first + stream.integer(1, 12) + (first === 0 ? monthIndex('2024-06') : 0), state };
}

function madeUpName(rank: number): string {
  const team = TEAMS[rank % TEAMS.length] ?? '';
  const round = Math.floor(rank / TEAMS.length);
  const environment = ENVIRONMENTS[round % ENVIRONMENTS.length] ?? '';
  const again = Math.floor(round / ENVIRONMENTS.length);
  return again === 0 ? `${team}-${environment}` : `${team}-${environment}-${again + 1}`;
}

function internalName(rank: number): string {
  const team = INTERNAL_TEAMS[rank % INTERNAL_TEAMS.length] ?? '';
  const round = Math.floor(rank / INTERNAL_TEAMS.length);
  return round === 0 ? team : `${team}-${round + 1}`;
}

function joinedAt(first: number, start: number, stream: RandomStream): string {
  const month = first === 0 ? Math.min(start - 1, monthIndex('2019-01') + stream.integer(0, 54)) : first;
  const two = (value: number): string => String(value).padStart(2, '0');
  const day = stream.integer(1, Math.min(12, daysInMonth(month)));
  const time = [stream.integer(7, 18), stream.integer(0, 59), stream.integer(0, 59)].map(two).join(':');
  return `${monthOf(month)}-${two(day)}T${time}+00:00`;
}

/** An account at the end of the last month, without later changes. */
function makeAccount(
  plan: SamplePlan,
  who: Pick<Account, 'id' | 'name' | 'role' | 'real'>,
  lifeOf: (stream: RandomStream) => Life,
): Account {
  const stream = new RandomStream(plan.seed, 'account', who.id);
  const life = lifeOf(stream);
  const end = plan.months.at(-1) ?? 0;
  const first = Math.min(life.first, end);
  const ended = life.last <= end;
  return {
    ...who,
    first,
    last: ended ? Math.max(life.last, first) : Infinity,
    state: ended ? life.state : 'ACTIVE',
    joined: joinedAt(first, plan.months[0] ?? 0, stream),
  };
}

/**
 * The accounts of the sample: the management account, the operator's own teams, the real accounts of the FOCUS rows
 * by falling list cost, then made-up customers.
 *
 * @param plan sizes and seed
 * @param focus the real accounts
 * @returns the accounts
 */
export function makeAccounts(plan: SamplePlan, focus: FocusReference): Account[] {
  const always = (): Life => ({ first: 0, last: Infinity, state: 'ACTIVE' });
  const management = {
    id: MANAGEMENT_ID,
    name: 'organization-management',
    role: 'management',
    real: false,
  } as const;
  const accounts = [makeAccount(plan, management, always)];
  for (let i = 0; i < plan.internalAccounts; i++) {
    const id = String(900_010_000_001 + i);
    accounts.push(makeAccount(plan, { id, name: internalName(i), role: 'internal', real: false }, always));
  }
  const customers = plan.accounts - accounts.length;
  for (let i = 0; i < customers; i++) {
    const known = focus.accounts[i];
    const rank = i - focus.accounts.length;
    if (known !== undefined) {
      const who = { ...known, role: 'customer', real: true } as const;
      accounts.push(makeAccount(plan, who, (stream) => realLife(i, stream)));
    } else {
      const who = {
        id: String(900_100_000_001 + rank),
        name: madeUpName(rank),
        role: 'customer',
        real: false,
      } as const;
      accounts.push(makeAccount(plan, who, (stream) => madeUpLife(rank, stream)));
    }
  }
  return accounts;
}

/**
 * @param accounts the accounts
 * @returns accounts.json, in the form `aws organizations list-accounts` prints
 */
export function accountsJson(accounts: readonly Account[]): string {
  const list = accounts.map((account) => ({
    Id: account.id,
    Arn: `arn:aws:organizations::${MANAGEMENT_ID}:account/${ORGANIZATION}/${account.id}`,
    Email: `account-${account.id}@example.com`,
    Name: account.name,
    State: account.state,
    JoinedMethod: account.real ? 'INVITED' : 'CREATED',
    JoinedTimestamp: account.joined,
  }));
  return `${JSON.stringify({ Accounts: list }, undefined, 4)}\n`;
}

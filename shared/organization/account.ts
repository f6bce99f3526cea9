import type { AccountId } from '../base/account-id';

/** Account states of AWS Organizations. */
export const ACCOUNT_STATES = [
  'PENDING_ACTIVATION',
  'ACTIVE',
  'SUSPENDED',
  'PENDING_CLOSURE',
  'CLOSED',
] as const;

/** One of the {@link ACCOUNT_STATES}. */
export type AccountState = (typeof ACCOUNT_STATES)[number];

/** A member account as it was when the organization was read. */
export interface Account {
  readonly accountId: AccountId;
  readonly accountName: string;
  readonly state: AccountState;
  /** Names of the organizational units from the root down, `/`-separated, a slash in a name as `\/`; blank where it is unknown. */
  readonly ouPath: string;
  readonly tags: Readonly<Record<string, string>>;
  /** ISO 8601 instant; blank where it is unknown. */
  readonly joined: string;
  /** True once the organization no longer lists the account: its other members are the last known ones. */
  readonly left: boolean;
  /** Management account of its organization, where it differs from the snapshot's. */
  readonly payerAccountId?: AccountId;
}

/** The organization at one instant. */
export interface OrganizationSnapshot {
  /** ISO 8601 instant at which the organization was read: the run's as-of. */
  readonly asOf: string;
  /** Management account: payer_account_id of the export. */
  readonly payerAccountId: AccountId;
  /** Ordered by account id. */
  readonly accounts: readonly Account[];
}

/**
 * Returns the state of an account whose answer has Status alone. Status, which AWS retired in September 2026, knew ACTIVE,
 * SUSPENDED and PENDING_CLOSURE.
 */
export function stateOfStatus(status: string | undefined): AccountState {
  return ACCOUNT_STATES.find((state) => state === status) ?? 'ACTIVE';
}

import { ACCOUNT_STATES, type AccountState } from './account';

/** Account.Status, retired in September 2026, knew ACTIVE, SUSPENDED and PENDING_CLOSURE. */
export function stateOfStatus(status: string | undefined): AccountState {
  return ACCOUNT_STATES.find((state) => state === status) ?? 'ACTIVE';
}

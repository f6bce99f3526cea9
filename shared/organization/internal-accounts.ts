import type { AccountId } from '../base/account-id';
import { compareText } from '../base/group';
import type { Account, OrganizationSnapshot } from './account';

/** Accounts whose emissions stay with the operator, in addition to those in internal_accounts. */
export interface InternalAccountRules {
  readonly ids: readonly AccountId[];
  /** Organizational units by their path of names below the root; those below them count too. */
  readonly ouPaths: readonly string[];
  /** An account with any of these tags counts. */
  readonly tags: Readonly<Record<string, string>>;
}

/** Returns the internal accounts in ascending order: those listed, and those that a rule names. */
export function internalAccountIds(
  listed: readonly AccountId[],
  { accounts }: OrganizationSnapshot,
  rules: InternalAccountRules,
): AccountId[] {
  const byRule = accounts.filter((account) => isInternal(account, rules)).map(({ accountId }) => accountId);
  return [...new Set([...listed, ...rules.ids, ...byRule])].sort(compareText);
}

function isInternal({ ouPath, tags }: Account, rules: InternalAccountRules): boolean {
  return (
    rules.ouPaths.some((path) => ouPath === path || ouPath.startsWith(`${path}/`)) ||
    Object.entries(rules.tags).some(([key, value]) => tags[key] === value)
  );
}

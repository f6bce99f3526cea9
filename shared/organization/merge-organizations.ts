import { compareText } from '../base/group';
import { InputError } from '../base/input-problem';
import type { Account, OrganizationSnapshot } from './account';

/**
 * Returns several organizations as one. Each has a management account that pays for its members; the first one's is the
 * payer of accounts that no organization lists.
 *
 * @throws InputError when an account is a member of two
 */
export function mergeOrganizations(
  first: OrganizationSnapshot,
  others: readonly OrganizationSnapshot[],
): OrganizationSnapshot {
  if (others.length === 0) return first;
  const accounts = new Map<string, Account>(first.accounts.map((account) => [account.accountId, account]));
  for (const { payerAccountId, accounts: members } of others) {
    for (const account of members) {
      const earlier = accounts.get(account.accountId);
      if (earlier !== undefined) {
        const payers = `${earlier.payerAccountId ?? first.payerAccountId} and ${payerAccountId}`;
        const expected = `an account in one organization; this one is in those of ${payers}`;
        throw new InputError([{ table: 'accounts', column: 'Id', value: account.accountId, expected }]);
      }
      const ofPayer = payerAccountId === first.payerAccountId ? account : { ...account, payerAccountId };
      accounts.set(account.accountId, ofPayer);
    }
  }
  const all = [...accounts.values()].sort((a, b) => compareText(a.accountId, b.accountId));
  return { ...first, accounts: all };
}

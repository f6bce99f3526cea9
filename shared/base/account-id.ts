import { z } from 'zod';
import type { Brand } from './brand';
import { CarbonError } from './carbon-error';

/** Id of an AWS account: 12 digits, never a number. */
export type AccountId = Brand<string, 'AccountId'>;

/** A text of 12 digits. */
const ACCOUNT_ID = /^\d{12}$/;

/** What remains of an account id whose leading zeros a spreadsheet removed. */
const SHORTENED_ID = /^\d{1,11}$/;

/** ARN of an account of AWS Organizations; its account id is that of the management account. */
const ACCOUNT_ARN = /^arn:[a-z-]+:organizations::(\d{12}):account\//;

/** Returns true for a text of 12 digits. */
export function isAccountId(text: string): text is AccountId {
  return ACCOUNT_ID.test(text);
}

/**
 * Returns a text as an account id.
 *
 * @throws CarbonError (usage) when it is not one
 */
export function asAccountId(text: string): AccountId {
  if (isAccountId(text)) return text;
  throw new CarbonError('usage', `found ${JSON.stringify(text)}, expected a 12-digit account id`);
}

/** Returns what was expected instead of a text that is not an account id, or undefined where it is one. */
export function accountIdProblem(text: string): string | undefined {
  if (isAccountId(text)) return undefined;
  if (SHORTENED_ID.test(text)) {
    return `a 12-digit account id; this one has ${String(text.length)} digits: a spreadsheet removed its leading zeros (the setting pad_account_ids restores them)`;
  }
  return 'a 12-digit account id';
}

/** Returns an account id with the leading zeros that a spreadsheet removed; any other text unchanged. */
export function padAccountId(text: string): string {
  return SHORTENED_ID.test(text) ? text.padStart(12, '0') : text;
}

/** Returns the management account in the ARN of a member account, or undefined where the text is not such an ARN. */
export function managementAccountIn(arn: string): AccountId | undefined {
  const id = ACCOUNT_ARN.exec(arn)?.[1];
  return id === undefined ? undefined : asAccountId(id);
}

/** Schema of an {@link AccountId} in a table or a JSON document. It makes no new value, because lists of accounts are long. */
export const accountIdSchema = z
  .custom<AccountId>((value) => typeof value === 'string' && isAccountId(value), {
    error: ({ input }) => (typeof input === 'string' ? accountIdProblem(input) : 'a text of 12 digits'),
  })
  .meta({ type: 'string' });

import { type AccountId, asAccountId } from '../base/account-id';
import { type SqlRow, textIn } from './duck-session';

/** Returns SQL that is true where a text is exactly 12 digits. A sign and 11 digits are as long, but not an account id. */
export function isAccountId(column: string): string {
  return `coalesce(length(${column}) = 12 AND translate(${column}, '0123456789', '') = '', false)`;
}

/** Returns SQL of an id whose leading zeros are restored; of a text that is not 1 to 11 digits, the text. */
export function paddedId(column: string): string {
  const padded = `lpad(${column}, 12, '0')`;
  return `CASE WHEN length(${column}) BETWEEN 1 AND 11 AND TRY_CAST(${column} AS BIGINT) >= 0 AND lpad(CAST(TRY_CAST(${column} AS BIGINT) AS VARCHAR), 12, '0') = ${padded} THEN ${padded} ELSE ${column} END`;
}

/**
 * Returns the account id in a row.
 *
 * @throws CarbonError (usage) when the column has another text
 */
export function accountIdIn(row: SqlRow | undefined, column: string): AccountId {
  return asAccountId(textIn(row, column));
}

/** True where a text is exactly 12 digits. A sign and 11 digits are as long, but no account. */
export function isAccountId(column: string): string {
  const number = `TRY_CAST(${column} AS BIGINT)`;
  return `coalesce(${number} >= 0 AND lpad(CAST(${number} AS VARCHAR), 12, '0') = ${column}, false)`;
}

/** Restores the leading zeros of a shorter id that consists of digits. */
export function paddedId(column: string): string {
  const padded = `lpad(${column}, 12, '0')`;
  return `CASE WHEN length(${column}) BETWEEN 1 AND 11 AND TRY_CAST(${column} AS BIGINT) >= 0 AND lpad(CAST(TRY_CAST(${column} AS BIGINT) AS VARCHAR), 12, '0') = ${padded} THEN ${padded} ELSE ${column} END`;
}

/** Returns the UTC day of an instant, `YYYY-MM-DD`. */
export function dayOf(instant: Date): string {
  return instant.toISOString().slice(0, 10);
}

/** Returns an instant in UTC to the second, as SQL and the CSV files of AWS write it: `2025-01-31 23:59:59`. */
export function dayAndTimeOf(instant: Date): string {
  return instant.toISOString().slice(0, 19).replace('T', ' ');
}

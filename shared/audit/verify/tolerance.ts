/** Largest relative difference between a published value and the exact one. */
export const TOLERANCE = 1e-9;

/**
 * The engine compares in doubles. A value that it computes is a sum of at most some thousand products, so its error is
 * below 1e-12 of the value. A difference up to this limit is therefore certainly within {@link TOLERANCE}; a value with a
 * larger one is computed as a fraction.
 */
export const CERTAIN = 0.99 * TOLERANCE;

/** Returns the difference of two numbers relative to the exact one; 0 where both are the same. */
export function relativeDifference(value: number, exact: number): number {
  if (value === exact) return 0;
  const difference = Math.abs(value - exact) / Math.abs(exact);
  return Number.isNaN(difference) ? Infinity : difference;
}

/** SQL of {@link relativeDifference}; infinite where there is no value. */
export function differenceSql(value: string, exact: string): string {
  return `CASE WHEN ${value} = ${exact} THEN 0 WHEN ${value} IS NULL OR ${exact} = 0 THEN CAST('inf' AS DOUBLE) ELSE abs(${value} - ${exact}) / abs(${exact}) END`;
}

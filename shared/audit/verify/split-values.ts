import { type Fraction, ZERO } from './exact/rational';

/** Exact values by column, MTCO2e; without those that AWS has none of. */
export type Values = Readonly<Record<string, Fraction>>;

/** A row of AWS's export, and whether it was split. */
export interface AwsRow {
  readonly account: string;
  readonly payer: string;
  readonly isSplit: boolean;
  readonly total: Values;
}

/** Values of two rows added up, column by column. */
export function added(before: Values | undefined, values: Values): Values {
  if (before === undefined) return values;
  const columns = new Set([...Object.keys(before), ...Object.keys(values)]);
  return Object.fromEntries(
    [...columns].map((column) => [column, (before[column] ?? ZERO).add(values[column] ?? ZERO)]),
  );
}

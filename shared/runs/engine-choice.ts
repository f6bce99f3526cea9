import type { StoredObject } from '../stores/object-store';
import { USAGE_TABLES } from '../usage/usage-tables';
import { assertMonthFits, type Capacity, monthFits, type MonthSize, monthSizeOf } from './month-size';

/** What sums a month's usage on AWS: DuckDB in the function, Athena, or `auto`: DuckDB where the month fits, else Athena. */
export const ENGINE_SETTINGS = ['auto', 'duckdb', 'athena'] as const;

/** One of the {@link ENGINE_SETTINGS}. */
export type EngineSetting = (typeof ENGINE_SETTINGS)[number];

/** The engine of a month, and the memory and disk that the function is expected to need for it. */
export interface EngineChoice {
  readonly engine: Exclude<EngineSetting, 'auto'>;
  readonly size: MonthSize;
}

/**
 * Chooses a month's engine.
 *
 * @param objects all inputs of the month
 * @throws MonthTooLargeError when the function has too little memory or disk for its part of the work
 */
export function chooseEngine(
  setting: EngineSetting,
  month: string,
  objects: readonly StoredObject[],
  capacity: Capacity,
): EngineChoice {
  const whole = monthSizeOf(objects);
  if (setting === 'duckdb' || (setting === 'auto' && monthFits(whole, capacity))) {
    assertMonthFits(month, whole, capacity, 'or let Athena sum the month (engine)');
    return { engine: 'duckdb', size: whole };
  }
  // Athena reads the usage in place; the function reads the other inputs.
  const rest = monthSizeOf(objects.filter(({ key }) => !isUsage(key)));
  assertMonthFits(month, rest, capacity, LARGER_MACHINE);
  return { engine: 'athena', size: rest };
}

const LARGER_MACHINE = 'or run this month with the command on a larger machine';

function isUsage(key: string): boolean {
  const [folder] = key.split('/');
  return USAGE_TABLES.some((table) => table === folder);
}

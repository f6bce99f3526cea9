import { endOf, startOf } from '../calendar/month';
import type { Month } from '../calendar/month';
import type { DuckSession } from '../engine/duck-session';
import { literalPath, numberIn } from '../engine/duck-session';
import type { EstateSettings } from '../inputs/estate-settings';
import { fileRelation } from '../usage/usage-source';
import type { UsageFile } from '../usage/usage-source';
import { orNull } from './bill-format';
import { BILL_FORMATS } from './bill-formats';
import type { BillTable } from './bill-tables';

/** What is to be known of a bill's file before its lines are read. */
export interface BillFacts {
  /** Who pays, by the file's own words; ordered. */
  readonly payers: readonly string[];
  /** Currencies of its usage; ordered. */
  readonly currencies: readonly string[];
  /** Texts between which the usage lies; absent where no line tells a time. */
  readonly period?: { readonly first: string; readonly last: string };
}

/** Looks through a file of bills once. Only lines that may be usage are looked at. */
export async function billFacts(
  session: DuckSession,
  table: BillTable,
  file: UsageFile,
  settings: EstateSettings,
): Promise<BillFacts> {
  const { textColumns, usageCondition } = BILL_FORMATS[table];
  const texts = fileRelation(file, textColumns(file, settings), '$1', false);
  const time = (column: string): string => `replace(substr(${column}, 1, 19), 'T', ' ')`;
  const isZoned = `CASE WHEN length(period_start) > 20 AND (strpos(substr(period_start, 20), '+') > 0 OR strpos(substr(period_start, 20), '-') > 0) THEN 1 ELSE 0 END`;
  const rows = await session.rows(
    `SELECT ${orNull('payer_id')} AS payer, ${orNull('currency')} AS currency,
       min(${time('period_start')}) AS first, max(${time(`coalesce(${orNull('period_end')}, period_start)`)}) AS last,
       max(${isZoned}) AS zoned
     FROM (${texts}) t
     WHERE ${usageCondition}
     GROUP BY 1, 2`,
    [literalPath(file.path)],
  );
  const textsOf = (column: string): string[] => [
    ...new Set(rows.flatMap((row) => (typeof row[column] === 'string' ? [row[column]] : []))),
  ];
  const firsts = textsOf('first').sort();
  const lasts = textsOf('last').sort();
  const [first] = firsts;
  const last = lasts.at(-1);
  const zoned = rows.some((row) => row['zoned'] !== null && numberIn(row, 'zoned') > 0);
  return {
    payers: textsOf('payer').sort(),
    currencies: textsOf('currency').sort(),
    ...(first === undefined || last === undefined ? {} : { period: zoned ? ALWAYS : { first, last } }),
  };
}

/** Times with an offset are not compared as texts: such a file is read with its neighbours. */
const ALWAYS = { first: '', last: '~' };

/** True where all usage of a file lies in a month. */
export function liesInside({ period }: BillFacts, month: Month): boolean {
  if (period === undefined) return true;
  return period.first >= textOf(startOf(month)) && period.last <= textOf(endOf(month));
}

/** True where some usage of a file may lie in a month. */
export function reachesInto({ period }: BillFacts, month: Month): boolean {
  if (period === undefined) return false;
  return period.first < textOf(endOf(month)) && period.last > textOf(startOf(month));
}

function textOf(instant: Date): string {
  return instant.toISOString().slice(0, 19).replace('T', ' ');
}

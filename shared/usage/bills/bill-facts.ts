import { groupBy } from '../../base/group';
import { endOf, type Month, startOf } from '../../base/month';
import type { EstateSettings } from '../../estate/estate-settings';
import { type DuckSession, numberIn, type SqlRow } from '../../sql/duck-session';
import { PATH_OF_LINE, type TextColumns, type UsageFile } from '../../sql/text-columns';
import type { UsageEngine } from '../lines/usage-engine';
import { orNull } from './bill-format';
import { BILL_FORMATS } from './bill-formats';
import { seconds } from './charge-period';
import type { BillTable } from './bill-tables';

/** What is known of a bill's file before its lines are read. */
export interface BillFacts {
  /** Who pays, by the file's own words; ordered. */
  readonly payers: readonly string[];
  /** Currencies of its usage; ordered. */
  readonly currencies: readonly string[];
  /** Texts of the first and the last time of the usage; absent where no line has a time. */
  readonly period?: { readonly first: string; readonly last: string };
}

/** Files of one table of bills, and the settings that their lines are read with. */
export interface FilesOfBills {
  readonly table: BillTable;
  readonly files: readonly UsageFile[];
  readonly settings: EstateSettings;
}

/** Returns the facts of files of bills, by file, in one pass over each. Only lines that may be usage are read. */
export async function billFacts(
  engine: UsageEngine,
  session: DuckSession,
  { table, files, settings }: FilesOfBills,
): Promise<Map<string, BillFacts>> {
  const found = new Map<string, BillFacts>();
  const alike = groupBy(files, (file) => JSON.stringify(timesOf(table, file, settings)));
  for (const group of alike.values()) {
    const [first] = group;
    if (first === undefined) continue;
    const bills = { table, files: group, settings };
    const rows = await factRows(engine, session, bills, timesOf(table, first, settings));
    assertFilesKnown(rows, group);
    for (const { file, path } of group) found.set(file, factsIn(rows.filter((row) => row['path'] === path)));
  }
  return found;
}

/** A line of an unknown file would count in no month, or whole in one. */
function assertFilesKnown(rows: readonly SqlRow[], files: readonly UsageFile[]): void {
  const paths = new Set<unknown>(files.map(({ path }) => path));
  const stranger = rows.find((row) => !paths.has(row['path']));
  if (stranger !== undefined)
    throw new Error(`lines of ${String(stranger['path'])}, which is not a file that was read`);
}

/** Properties that are the same in all files of one statement. */
interface Times {
  /** Times of a file that has types are compared as such: turning them into texts takes longer than all the rest. */
  readonly typed: boolean;
  readonly hasEnds: boolean;
}

function timesOf(table: BillTable, file: UsageFile, settings: EstateSettings): Times {
  const times = BILL_FORMATS[table].textColumns(file, settings).filter(isTime);
  return {
    typed: times.every(([inFile]) => isTimestamp(file, inFile)),
    hasEnds: times.some(([, name]) => name === 'period_end'),
  };
}

function isTime([inFile, name]: TextColumns[number]): boolean {
  return TIMES.includes(name) && typeof inFile === 'string';
}

async function factRows(
  engine: UsageEngine,
  session: DuckSession,
  { table, files, settings }: FilesOfBills,
  times: Times,
): Promise<SqlRow[]> {
  const { textColumns } = BILL_FORMATS[table];
  const columnsOf = (file: UsageFile): TextColumns => [
    ...textColumns(file, settings).map((column) => (times.typed && isTime(column) ? asRaw(column) : column)),
    [PATH_OF_LINE, 'path'],
  ];
  const overTexts = (texts: readonly string[]): string =>
    texts.map((text) => factsOf(text, { table, settings }, times)).join('\nUNION ALL\n');
  const sums = { columns: FACT_COLUMNS, overTexts, context: [] };
  const facts = await engine.sum(session, { table, files, columnsOf }, sums);
  const rows = await session.rows(`SELECT * FROM ${facts.table}`);
  await session.drop(facts);
  return rows;
}

/** Returns SQL for the {@link FACT_COLUMNS} of texts. */
function factsOf(
  texts: string,
  { table, settings }: Omit<FilesOfBills, 'files'>,
  { typed, hasEnds }: Times,
): string {
  const { usageCondition, ownCondition, currency } = BILL_FORMATS[table];
  const ifOwn = (text: string): string => `CASE WHEN ${ownCondition(settings)} THEN ${text} END`;
  const end = !hasEnds ? 'period_start' : typed ? 'period_end' : orNull('period_end');
  const time = (column: string): string => (typed ? column : `replace(substr(${column}, 1, 19), 'T', ' ')`);
  const zone = (sign: string): string => `strpos(substr(period_start, 20), '${sign}') > 0`;
  const isZoned = `length(period_start) > 20 AND (${zone('+')} OR ${zone('-')})`;
  // A text that is not a time may be between others: the lines of its file are checked one by one.
  const isInvalid = `${seconds('period_start')} IS NULL OR (period_end IS NOT NULL AND ${seconds('period_end')} IS NULL)`;
  const mark = (condition: string): string => (typed ? '0' : `CASE WHEN ${condition} THEN 1 ELSE 0 END`);
  return `
SELECT path, payer, currency,
  substr(CAST(min(${time('period_start')}) AS VARCHAR), 1, 19) AS first,
  substr(CAST(max(${time('coalesce(period_end, period_start)')}) AS VARCHAR), 1, 19) AS last,
  max(${mark(isZoned)}) AS zoned, max(${mark(isInvalid)}) AS invalid
FROM (
  SELECT path, ${ifOwn(orNull('payer_id'))} AS payer, ${ifOwn(currency)} AS currency, period_start, ${end} AS period_end
  FROM (${texts}) t
  WHERE ${usageCondition}
) lines
GROUP BY 1, 2, 3`;
}

const FACT_COLUMNS = {
  path: 'VARCHAR',
  payer: 'VARCHAR',
  currency: 'VARCHAR',
  first: 'VARCHAR',
  last: 'VARCHAR',
  zoned: 'INTEGER',
  /** 1 where a line has an invalid time. */
  invalid: 'INTEGER',
} as const;

function factsIn(rows: readonly SqlRow[]): BillFacts {
  const textsOf = (column: string): string[] => [
    ...new Set(rows.flatMap((row) => (typeof row[column] === 'string' ? [row[column]] : []))),
  ];
  const firsts = textsOf('first').sort();
  const lasts = textsOf('last').sort();
  const [first] = firsts;
  const last = lasts.at(-1);
  const isMarked = (column: string): boolean =>
    rows.some((row) => row[column] !== null && numberIn(row, column) > 0);
  const hasPeriod = !isMarked('zoned') && !isMarked('invalid');
  return {
    payers: textsOf('payer').sort(),
    currencies: textsOf('currency').sort(),
    ...(first === undefined || last === undefined ? {} : { period: hasPeriod ? { first, last } : ALWAYS }),
  };
}

const TIMES = ['period_start', 'period_end'];

function isTimestamp({ types }: UsageFile, column: TextColumns[number][0]): boolean {
  return typeof column === 'string' && types?.get(column)?.startsWith('TIMESTAMP') === true;
}

function asRaw([inFile, name]: TextColumns[number]): TextColumns[number] {
  return [inFile, name, 'raw'];
}

/** Times with an offset and invalid times are not compared as texts: every line of such a file is checked. */
const ALWAYS = { first: '', last: '~' };

/** True where all usage of a file is in a month. */
export function liesInside({ period }: BillFacts, month: Month): boolean {
  if (period === undefined) return true;
  return period.first >= textOf(startOf(month)) && period.last <= textOf(endOf(month));
}

/** True where some usage of a file may be in a month. */
export function reachesInto({ period }: BillFacts, month: Month): boolean {
  if (period === undefined) return false;
  return period.first < textOf(endOf(month)) && period.last > textOf(startOf(month));
}

function textOf(instant: Date): string {
  return instant.toISOString().slice(0, 19).replace('T', ' ');
}

import { groupBy } from '../../base/group';
import { endOf, isMonth, type Month, startOf } from '../../base/month';
import type { EstateSettings } from '../../estate/estate-settings';
import { type DuckSession, numberIn, type SqlRow } from '../../sql/duck-session';
import { type MadeText, PATH_OF_LINE, type TextColumns, type UsageFile } from '../../sql/text-columns';
import type { UsageEngine } from '../lines/usage-engine';
import { orNull } from './bill-format';
import { BILL_FORMATS } from './bill-formats';
import { comparable, isTimestamp, seconds } from './charge-period';
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

/**
 * Returns the facts of files of bills, by file, in one pass over each; a file whose statistics decide them is hardly read.
 * Only lines that may be usage are read.
 */
export async function billFacts(
  engine: UsageEngine,
  session: DuckSession,
  { table, files, settings }: FilesOfBills,
): Promise<Map<string, BillFacts>> {
  const found = new Map<string, BillFacts>();
  for (const file of files) {
    const facts = await factsByStatistics(engine, session, file, { table, settings });
    if (facts !== undefined) found.set(file.file, facts);
  }
  const others = files.filter(({ file }) => !found.has(file));
  const alike = groupBy(others, (file) => JSON.stringify(timesOf(table, file, settings)));
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

/**
 * Returns the facts of a file by its statistics, where all lines are in one month and have one payer and one currency. One line
 * that may be usage is read for the names, because other lines do not count. Returns undefined where no line may be usage, and for
 * all other files.
 */
async function factsByStatistics(
  engine: UsageEngine,
  session: DuckSession,
  file: UsageFile,
  { table, settings }: Omit<FilesOfBills, 'files'>,
): Promise<BillFacts | undefined> {
  const { textColumns, factTexts, usageCondition, ownCondition, currency } = BILL_FORMATS[table];
  const columns = textColumns(file, settings);
  const period = periodByStatistics(file, columns);
  const isConstant = ([inFile, name]: TextColumns[number]): boolean =>
    !OF_FACTS.includes(name) || typeof inFile !== 'string' || file.constants?.has(inFile) === true;
  if (period === undefined || !columns.every(isConstant)) return undefined;
  const lines = await engine.sum(
    session,
    { table, files: [file], columnsOf: () => columns.filter(([, name]) => factTexts.includes(name)) },
    {
      columns: { payer: 'VARCHAR', currency: 'VARCHAR' },
      overTexts: ([texts = '']) =>
        `SELECT ${orNull('payer_id')} AS payer, ${currency} AS currency FROM (${texts}) t
         WHERE ${usageCondition} AND ${ownCondition(settings)} LIMIT 1`,
      context: [],
    },
  );
  const [line] = await session.rows(`SELECT * FROM ${lines.table}`);
  await session.drop(lines);
  return line && { ...namesIn([line]), period };
}

/** Texts that payers and currencies are made of. */
const OF_FACTS = ['payer_id', 'currency', 'bill_currency'];

/** The period of all lines of a file, by its statistics; undefined where it is not in one month. */
function periodByStatistics(file: UsageFile, columns: TextColumns): BillFacts['period'] {
  const ranges = columns.filter(isTime).map(([inFile]) => {
    const isTyped = typeof inFile === 'string' && isTimestamp(file.types?.get(inFile));
    return isTyped ? file.times?.get(inFile) : undefined;
  });
  const [starts] = ranges;
  const lasts = ranges.flatMap((range) => (range === undefined ? [] : [range.last])).sort();
  if (starts === undefined || lasts.length < ranges.length) return undefined;
  const second = (time: string): string => time.slice(0, 19);
  const period = { first: second(starts.first), last: second(lasts.at(-1) ?? starts.last) };
  const month = period.first.slice(0, 7);
  const isInOne = starts.last.startsWith(month) && isMonth(month) && liesInside({ period }, month);
  return isInOne ? period : undefined;
}

/** A line of an unknown file would count in no month, or whole in one. */
function assertFilesKnown(rows: readonly SqlRow[], files: readonly UsageFile[]): void {
  const paths = new Set<unknown>(files.map(({ path }) => path));
  const stranger = rows.find((row) => !paths.has(row['path']));
  if (stranger !== undefined)
    throw new Error(`lines of ${String(stranger['path'])}, which is not a file that was read`);
}

/** Property that is the same in all files of one statement. */
interface Times {
  /** Times of a file that has types are compared as such: turning them into texts takes longer than all the rest. */
  readonly typed: boolean;
}

function timesOf(table: BillTable, file: UsageFile, settings: EstateSettings): Times {
  const times = BILL_FORMATS[table].textColumns(file, settings).filter(isTime);
  const isTyped = ([inFile]: TextColumns[number]): boolean =>
    typeof inFile === 'string' && isTimestamp(file.types?.get(inFile));
  return { typed: times.every(isTyped) };
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
  const columnsOf = (file: UsageFile): TextColumns => factColumns(table, file, settings, times);
  const overTexts = (texts: readonly string[]): string =>
    texts.map((text) => factsOf(text, { table, settings }, times)).join('\nUNION ALL\n');
  const sums = { columns: FACT_COLUMNS, overTexts, context: [] };
  const facts = await engine.sum(session, { table, files, columnsOf, summed: 'texts' }, sums);
  const rows = await session.rows(`SELECT * FROM ${facts.table}`);
  await session.drop(facts);
  return rows;
}

/** Texts of a bill's payers, currencies and times: it has few of them. */
function factColumns(
  table: BillTable,
  file: UsageFile,
  settings: EstateSettings,
  { typed }: Times,
): TextColumns {
  const { textColumns, factTexts } = BILL_FORMATS[table];
  const columns = textColumns(file, settings);
  const others = columns.filter(([, name]) => factTexts.includes(name));
  const times = columns.filter(([, name]) => TIMES.includes(name));
  if (!typed) return [...others, ...times, [PATH_OF_LINE, 'path']];
  const [start, end = start] = times.flatMap(([inFile]) => (typeof inFile === 'string' ? [inFile] : []));
  if (start === undefined || end === undefined) return [...others, ...times, [PATH_OF_LINE, 'path']];
  const last: MadeText = {
    of: [start, end],
    sql: ({ columnOf }) =>
      start === end ? columnOf(start) : `coalesce(${columnOf(end)}, ${columnOf(start)})`,
  };
  return [...others, [start, 'period_start', 'first'], [last, 'period_end', 'last'], [PATH_OF_LINE, 'path']];
}

/** Returns SQL for the {@link FACT_COLUMNS} of such texts. */
function factsOf(texts: string, { table, settings }: Omit<FilesOfBills, 'files'>, { typed }: Times): string {
  const { usageCondition, ownCondition, currency } = BILL_FORMATS[table];
  const ifOwn = (text: string): string => `CASE WHEN ${ownCondition(settings)} THEN ${text} END`;
  const time = (column: string): string => (typed ? column : comparable(column));
  const zone = (sign: string): string => `strpos(substr(period_start, 20), '${sign}') > 0`;
  const isZoned = `length(period_start) > 20 AND (${zone('+')} OR ${zone('-')})`;
  // A text that is not a time may be between others: the lines of its file are checked one by one.
  const isInvalid = `${seconds('period_start')} IS NULL OR (period_end IS NOT NULL AND ${seconds('period_end')} IS NULL)`;
  const mark = (condition: string): string => (typed ? '0' : `CASE WHEN ${condition} THEN 1 ELSE 0 END`);
  return `
SELECT path, payer, currency,
  substr(min(${time('period_start')}), 1, 19) AS first,
  substr(max(${time('coalesce(period_end, period_start)')}), 1, 19) AS last,
  max(${mark(isZoned)}) AS zoned, max(${mark(isInvalid)}) AS invalid
FROM (
  SELECT path, ${ifOwn(orNull('payer_id'))} AS payer, ${ifOwn(currency)} AS currency, period_start, ${orNull('period_end')} AS period_end
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

function textsOf(rows: readonly SqlRow[], column: string): string[] {
  const texts = rows.flatMap((row) => (typeof row[column] === 'string' ? [row[column]] : []));
  return [...new Set(texts)].sort();
}

function namesIn(rows: readonly SqlRow[]): Pick<BillFacts, 'payers' | 'currencies'> {
  return { payers: textsOf(rows, 'payer'), currencies: textsOf(rows, 'currency') };
}

function factsIn(rows: readonly SqlRow[]): BillFacts {
  const firsts = textsOf(rows, 'first');
  const lasts = textsOf(rows, 'last');
  const [first] = firsts;
  const last = lasts.at(-1);
  const isMarked = (column: string): boolean =>
    rows.some((row) => row[column] !== null && numberIn(row, column) > 0);
  const hasPeriod = !isMarked('zoned') && !isMarked('invalid');
  return {
    ...namesIn(rows),
    ...(first === undefined || last === undefined ? {} : { period: hasPeriod ? { first, last } : ALWAYS }),
  };
}

const TIMES = ['period_start', 'period_end'];

/** Times with an offset and invalid times are not compared as texts: every line of such a file is checked. */
const ALWAYS = { first: '', last: '~' };

/** True where the times of a file's usage are valid and have no offset. */
export function hasPlainTimes({ period }: BillFacts): boolean {
  return period !== undefined && period.first !== ALWAYS.first;
}

/** True where all usage of a file is in a month. */
export function liesInside({ period }: Pick<BillFacts, 'period'>, month: Month): boolean {
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

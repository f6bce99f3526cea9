import type { Month } from '../../base/month';
import type { EstateSettings } from '../../estate/estate-settings';
import type { DuckSession } from '../../sql/duck-session';
import type { Relation } from '../../sql/relation';
import type { TextColumns, UsageFile } from '../../sql/text-columns';
import type { FileTexts } from '../lines/usage-engine';
import { type BillFacts, liesInside } from './bill-facts';
import { BILL_FORMATS } from './bill-formats';
import type { BillTable } from './bill-tables';
import type { LineDetail } from './breakdown-value';
import { type ChargePeriod, isNear, partInMonth, seconds } from './charge-period';

/** A file of bills. */
export interface BillFile extends UsageFile {
  /** True for a bill of a neighbouring month that reaches into this one. */
  readonly isNeighbour: boolean;
  readonly facts?: BillFacts;
}

/** A month's bills, and everything that reading their lines depends on. */
export interface MonthBills {
  readonly table: BillTable;
  readonly files: readonly BillFile[];
  readonly month: Month;
  readonly settings: EstateSettings;
  /** What accounts' usage is broken down by. @default - nothing */
  readonly detail?: LineDetail;
}

/** The lines of a month's bills. */
export interface BillLines extends FileTexts {
  readonly bills: MonthBills;
  /** Relations that `placed` and `keyed` refer to. */
  readonly context: readonly Relation[];
  /**
   * SQL of lines over a relation of the texts of {@link FileTexts.columnsOf}: the columns of bill-format.ts, `part`, the
   * part of the line that is in the month (above 0 and up to 1), and `place`, a {@link Place}.
   *
   * @param kept further columns of the texts to return
   */
  readonly placed: (texts: string, kept: readonly string[]) => string;
  /**
   * The same with the column `breakdown_value`, the text of the detail, where the month is broken down.
   *
   * @param kept further columns of the texts to return
   */
  readonly keyed: (texts: string, kept?: readonly string[]) => string;
}

/**
 * Where a line counts. here: in the month, by its part. left out: it moves no emissions. near: in a month next to it.
 * elsewhere: it is of a neighbour's bill and does not reach into the month. far: more than one month away from the bill's
 * month; it counts nowhere. invalid: its times are invalid.
 */
export type Place = 'here' | 'left out' | 'near' | 'elsewhere' | 'far' | 'invalid';

/** SQL that is true for lines in one of these places. */
export function isIn(...places: readonly Place[]): string {
  return `place IN (${places.map((place) => `'${place}'`).join(', ')})`;
}

/** Returns the lines of a month's bills. */
export async function billLines(session: DuckSession, bills: MonthBills): Promise<BillLines> {
  const { table, files, month, settings, detail } = bills;
  const format = BILL_FORMATS[table];
  const { context, over } = await format.lines(session, settings);
  const placed: BillLines['placed'] = (texts, kept) =>
    placedLines(over(texts, ['is_neighbour', 'is_inside', ...kept]), month);
  const shared = { bills, table, files, columnsOf: columnsOfFiles(bills), placed };
  if (detail === undefined) return { ...shared, context, keyed: (texts, kept = []) => placed(texts, kept) };
  const keyed: BillLines['keyed'] = (texts, kept = []) =>
    `SELECT l.*, ${detail.name} AS breakdown_value FROM (${placed(texts, [detail.name, ...kept])}) l`;
  return { ...shared, context, keyed };
}

function columnsOfFiles({
  table,
  files,
  month,
  settings,
  detail,
}: MonthBills): (file: UsageFile) => TextColumns {
  const format = BILL_FORMATS[table];
  const known = new Map(files.map((file) => [file.file, file]));
  return (file) => [
    ...format.textColumns(file, settings),
    ...(detail === undefined ? [] : ([[detail.textOf(file), detail.name]] as const)),
    ...constantColumns(known.get(file.file), month),
  ];
}

/** Values that are the same in every line of a file. */
function constantColumns(file: BillFile | undefined, month: Month): TextColumns {
  const isInside = file?.facts !== undefined && liesInside(file.facts, month);
  const [currency, ...others] = file?.facts?.currencies ?? [];
  return [
    [{ text: file?.isNeighbour === true ? 'yes' : 'no' }, 'is_neighbour'],
    [{ text: isInside ? 'yes' : 'no' }, 'is_inside'],
    // Lines without a currency have that of their file.
    [currency === undefined || others.length > 0 ? undefined : { text: currency }, 'only_currency'],
  ];
}

const PERIOD: ChargePeriod = {
  startText: 'period_start',
  endText: 'period_end',
  start: 'start_seconds',
  end: 'end_seconds',
};

function placedLines(lines: string, month: Month): string {
  // The times of a file that is wholly in the month are not read again.
  const isWhole = `is_inside = 'yes' OR left_out IS NOT NULL`;
  const unlessWhole = (sql: string): string => `CASE WHEN ${isWhole} THEN NULL ELSE ${sql} END`;
  return `
  SELECT *, CASE
    WHEN left_out IS NOT NULL THEN 'left out'
    WHEN part > 0 THEN 'here'
    WHEN is_neighbour = 'yes' THEN 'elsewhere'
    WHEN part IS NOT NULL AND ${isNear(PERIOD, month)} THEN 'near'
    WHEN part IS NOT NULL THEN 'far'
    ELSE 'invalid'
  END AS place
  FROM (
    SELECT timed.*, CASE WHEN ${isWhole} THEN 1 ELSE ${partInMonth(PERIOD, month)} END AS part
    FROM (
      SELECT l.*, ${unlessWhole(seconds('period_start'))} AS ${PERIOD.start},
        ${unlessWhole(seconds('period_end'))} AS ${PERIOD.end}
      FROM (${lines}) l
    ) timed
  ) parts`;
}

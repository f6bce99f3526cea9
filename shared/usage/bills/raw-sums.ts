import { amountNames } from '../../sql/amount-columns';
import { type DuckSession, numberIn } from '../../sql/duck-session';
import { LONG, SHORT } from '../../sql/exact-decimals';
import type { ColumnTypes, Relation } from '../../sql/relation';
import { summedColumns, type SummedLines } from '../../sql/summed-texts';
import type { TextColumns } from '../../sql/text-columns';
import type { FileTexts, UsageEngine } from '../lines/usage-engine';
import type { BillLines } from './bill-lines';
import { type NeededTexts, summedLines } from './summed-lines';
import { type TextCodes, textCodes, withCodes, withoutUnread } from './text-codes';

/** Columns of the sums that are not texts of a charge. */
const NO_TEXTS = /^(?:account_id|latest|lines|(?:quantity|cost)_(?:short|long|bad|lines))$/;

/**
 * A month's bills, summed by the texts of their lines. Hundreds of accounts have charges of the same texts: what is made of
 * texts is made once for each charge.
 */
export interface RawSums {
  /** Sums by account and texts. */
  readonly sums: Relation;
  /** SQL of the texts of each charge, with its number `charge_id`, in the form of the texts of lines without amounts. */
  readonly charges: string;
  /** Returns SQL that joins sums `r` with charges `c`, a relation with `charge_id`, and further columns of it. */
  readonly withCharges: (columns: readonly string[], more: string) => string;
}

/**
 * Returns a month's bills, summed by the texts of their lines.
 *
 * @throws InputError when a file cannot be read, or a sum is too large
 */
export async function rawSums(
  session: DuckSession,
  lines: BillLines,
  engine: UsageEngine,
  needed?: NeededTexts,
): Promise<RawSums> {
  const texts = summedLines(lines, needed);
  const codes = await textCodes(session, engine, texts);
  const summed = withCodes(await withoutUnread(session, texts, codes), codes);
  const sums = await sumsOfTexts(session, engine, summed);
  const names = Object.keys(sums.columns);
  const keys = names.filter((name) => !NO_TEXTS.test(name));
  const coded = await numbered(session, sums, keys, 'charge_id');
  const charges = await withTexts(session, coded, keys, codes);
  const isSame = sameValues('r', 'c', keys);
  return {
    sums,
    charges: `SELECT c.*, CAST(NULL AS VARCHAR) AS account_id, ${NO_AMOUNTS} FROM ${charges.table} c`,
    withCharges: (list, more) =>
      `SELECT ${list.join(', ')} FROM ${sums.table} r JOIN ${coded.table} c ON ${isSame} JOIN ${more} m ON m.charge_id = c.charge_id`,
  };
}

/**
 * Returns the sums of texts. Lines whose amounts have few digits are summed in fewer steps; the files are read again only where
 * they have other lines.
 */
async function sumsOfTexts(session: DuckSession, engine: UsageEngine, texts: FileTexts): Promise<Relation> {
  const [first] = texts.files;
  const columns = first === undefined ? {} : neededColumns(texts.columnsOf(first));
  const names = Object.keys(columns).join(', ');
  const sumsOf = (summed: SummedLines): Promise<Relation> =>
    engine.sum(
      session,
      { ...texts, summed },
      {
        columns,
        overTexts: (all) => all.map((text) => `SELECT ${names} FROM (${text}) t`).join('\nUNION ALL\n'),
        context: [],
      },
    );
  const plain = await sumsOf('plain');
  const [row] = await session.rows(`SELECT CAST(coalesce(SUM(lines), 0) AS DOUBLE) AS n FROM ${plain.table}`);
  const records = texts.files.reduce((sum, file) => sum + (file.records ?? NaN), 0);
  if (numberIn(row, 'n') === records) return plain;
  const others = await sumsOf('others');
  await session.run(`INSERT INTO ${plain.table} BY NAME SELECT * FROM ${others.table}`);
  await session.drop(others);
  return plain;
}

/** Returns charges with the texts of their codes. */
async function withTexts(
  session: DuckSession,
  charges: Relation,
  keys: readonly string[],
  codes: ReadonlyMap<string, TextCodes>,
): Promise<Relation> {
  const list = keys.map((name) => (codes.has(name) ? `code_${name}.text AS ${name}` : `c.${name}`));
  const joins = [...codes].map(
    ([name, { table }]) => `JOIN ${table} code_${name} ON code_${name}.code = c.${name}`,
  );
  const found = await session.tableOf(
    `SELECT c.charge_id, ${list.join(', ')} FROM ${charges.table} c ${joins.join(' ')}`,
  );
  const [row] = await session.rows(
    `SELECT (SELECT COUNT(*) FROM ${charges.table}) - (SELECT COUNT(*) FROM ${found.table}) AS missing`,
  );
  if (numberIn(row, 'missing') !== 0)
    throw new Error('a bill has texts that it did not have a moment before');
  return found;
}

/** Columns of summed texts that are needed: how many lines have a quantity is not. */
function neededColumns(columns: TextColumns): ColumnTypes {
  const needed = Object.entries(summedColumns(columns)).filter(([name]) => name !== 'quantity_lines');
  return Object.fromEntries(needed);
}

/** Returns the different rows of some columns, numbered in the column `id`. */
export function numbered(
  session: DuckSession,
  { table }: Relation,
  columns: readonly string[],
  id: string,
): Promise<Relation> {
  return session.tableOf(
    `SELECT row_number() OVER () AS ${id}, d.* FROM (SELECT DISTINCT ${columns.join(', ')} FROM ${table}) d`,
  );
}

/** SQL that is true where two relations have the same values, also NULL. */
export function sameValues(one: string, other: string, columns: readonly string[]): string {
  return columns.map((name) => `${one}.${name} IS NOT DISTINCT FROM ${other}.${name}`).join(' AND ');
}

const NO_AMOUNTS = ['quantity', 'cost', 'split_cost', 'unused_cost']
  .flatMap((name) => {
    const [text = '', short = '', long = '', bad = ''] = amountNames(name);
    return [
      `CAST(NULL AS VARCHAR) AS ${text}`,
      `CAST(NULL AS ${SHORT}) AS ${short}`,
      `CAST(NULL AS ${LONG}) AS ${long}`,
      `false AS ${bad}`,
    ];
  })
  .join(', ');

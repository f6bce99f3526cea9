import { amountNames } from '../../sql/amount-columns';
import { type DuckSession, numberIn } from '../../sql/duck-session';
import { LONG, SHORT } from '../../sql/exact-decimals';
import type { ColumnTypes, Relation } from '../../sql/relation';
import { CODE_TYPE, IS_PLAIN, summedColumns, type SummedLines } from '../../sql/summed-texts';
import type { TextColumns } from '../../sql/text-columns';
import type { FileTexts, UsageEngine } from '../lines/usage-engine';
import type { BillLines } from './bill-lines';
import { type NeededTexts, summedLines } from './summed-lines';
import { varyingTexts } from './constant-texts';
import { type CodedTexts, codedTexts, hasCode, type TextCodes } from './text-codes';

/** Columns of the sums that are not texts of a charge. */
const NO_TEXTS = /^(?:account_id|latest|lines|is_plain|(?:quantity|cost)_(?:units|short|long|bad|lines))$/;

/**
 * A month's bills, summed by the texts of their lines. Hundreds of accounts have charges of the same texts: what is made of
 * texts is made once for each charge.
 */
export interface RawSums {
  /** Sums by account and texts. */
  readonly sums: Relation;
  /** True where no two sums are of the same account and charge. */
  readonly areDifferent: boolean;
  /** SQL of the texts of each charge, with its number `charge_id`, in the form of the texts of lines without amounts. */
  readonly charges: string;
  /**
   * Returns SQL of sums with columns of their charges.
   *
   * @param ofSums columns of the sums; the account is a text
   * @param ofMore columns of `more`
   * @param more SQL of a relation with `charge_id`
   */
  readonly withCharges: (ofSums: readonly string[], ofMore: readonly string[], more: string) => string;
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
  const coded = await codedTexts(session, engine, summedLines(lines, needed));
  const { texts, constants } = varyingTexts(coded.texts);
  const { sums, areDifferent } = await sumsOfTexts(session, engine, texts);
  const keys = Object.keys(sums.columns).filter((name) => !NO_TEXTS.test(name));
  const numbers = await numbered(session, sums, keys, 'charge_id');
  const charges = await withTexts(session, { numbers, keys, coded, constants });
  const account = coded.codes.get('account_id');
  const columnOf = (name: string): string =>
    name === 'account_id' && account !== undefined ? 'a.text AS account_id' : `r.${name}`;
  const accounts = account === undefined ? '' : ` JOIN ${account.table} a ON a.hash = r.account_id`;
  return {
    ...{ sums, areDifferent },
    charges: `SELECT c.*, CAST(NULL AS VARCHAR) AS account_id, ${NO_AMOUNTS} FROM ${charges.table} c`,
    withCharges: (ofSums, ofMore, more) =>
      `SELECT ${[...ofSums.map(columnOf), ...ofMore.map((name) => `m.${name}`)].join(', ')} FROM ${sums.table} r
       JOIN (SELECT c.*, ${ofMore.map((name) => `m.${name}`).join(', ')} FROM ${numbers.table} c JOIN ${more} m ON m.charge_id = c.charge_id) m
       ON ${isSame('r', 'm', sums, keys)}${accounts}`,
  };
}

/**
 * Returns the sums of texts. Amounts of few digits are summed in fewer steps; the files are read again only where they have
 * other amounts.
 */
async function sumsOfTexts(
  session: DuckSession,
  engine: UsageEngine,
  texts: FileTexts,
): Promise<Pick<RawSums, 'sums' | 'areDifferent'>> {
  const [first] = texts.files;
  let relations = 0;
  const columns = first === undefined ? {} : neededColumns(texts.columnsOf(first));
  const sumsOf = (summed: SummedLines, more: ColumnTypes): Promise<Relation> => {
    const names = Object.keys({ ...columns, ...more }).join(', ');
    return engine.sum(
      session,
      { ...texts, summed },
      {
        columns: { ...columns, ...more },
        overTexts: (all) => {
          relations = all.length;
          return all.map((text) => `SELECT ${names} FROM (${text}) t`).join('\nUNION ALL\n');
        },
        context: [],
      },
    );
  };
  const plain = await sumsOf('plain', { [IS_PLAIN]: 'BOOLEAN' });
  const [row] = await session.rows(
    `SELECT COUNT(*) AS n FROM (SELECT 1 AS one FROM ${plain.table} WHERE NOT ${IS_PLAIN} LIMIT 1) others`,
  );
  if (numberIn(row, 'n') === 0)
    return { sums: plain, areDifferent: relations === 1 && areSummedByTexts(texts) };
  const others = await sumsOf('others', {});
  await session.run(`INSERT INTO ${plain.table} BY NAME SELECT * FROM ${others.table}`);
  await session.drop(others);
  return { sums: plain, areDifferent: false };
}

/** True where lines are summed by the texts themselves, not by several columns that a text is made of. */
function areSummedByTexts({ files, columnsOf }: FileTexts): boolean {
  const isMade = ([inFile]: TextColumns[number]): boolean =>
    typeof inFile === 'object' && 'of' in inFile && inFile.hasFewValues !== true;
  return !files.some((file) => columnsOf(file).some(isMade));
}

/** Charges and what their texts are made of. */
interface NumberedCharges {
  /** The keys of charges, with the number of each. */
  readonly numbers: Relation;
  readonly keys: readonly string[];
  readonly coded: CodedTexts;
  /** SQL of the texts that all charges have. */
  readonly constants: ReadonlyMap<string, string>;
}

/** Returns charges with their texts. */
async function withTexts(
  session: DuckSession,
  { numbers, keys, coded: { codes }, constants }: NumberedCharges,
): Promise<Relation> {
  const ofCharges = [...codes].filter(([name]) => name !== 'account_id');
  const words = new Set(ofCharges.map(([, { bits }]) => bits.word));
  const list = [
    ...keys.filter((name) => !words.has(name)).map((name) => `c.${name}`),
    ...ofCharges.map(([name]) => `code_${name}.text AS ${name}`),
    ...[...constants].map(([name, sql]) => `CAST(${sql} AS VARCHAR) AS ${name}`),
  ];
  const found = await session.tableOf(
    `SELECT ${['c.charge_id', ...list].join(', ')} FROM ${numbers.table} c ${ofCharges.map(joinOfCode).join(' ')}`,
  );
  const [row] = await session.rows(
    `SELECT (SELECT COUNT(*) FROM ${numbers.table}) - (SELECT COUNT(*) FROM ${found.table}) AS missing`,
  );
  if (numberIn(row, 'missing') !== 0)
    throw new Error('a bill has texts that it did not have a moment before');
  return found;
}

function joinOfCode([name, codes]: readonly [string, TextCodes]): string {
  const table = `code_${name}`;
  return `JOIN ${codes.table} ${table} ON ${hasCode(codes, `c.${codes.bits.word}`, `${table}.hash`)}`;
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
  const list = columns.length === 0 ? 'true AS is_row' : columns.join(', ');
  return session.tableOf(
    `SELECT row_number() OVER () AS ${id}, d.* FROM (SELECT DISTINCT ${list} FROM ${table}) d`,
  );
}

/** SQL that is true where sums and a relation have the same keys. A word of codes is never NULL, and joins of = are faster. */
function isSame(one: string, other: string, { columns }: Relation, keys: readonly string[]): string {
  const [words, texts] = [
    keys.filter((name) => columns[name] === CODE_TYPE),
    keys.filter((name) => columns[name] !== CODE_TYPE),
  ];
  const conditions = words.map((name) => `${one}.${name} = ${other}.${name}`);
  if (texts.length > 0) conditions.push(sameValues(one, other, texts));
  return conditions.length === 0 ? 'true' : conditions.join(' AND ');
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

import { defined } from '../../base/defined';
import type { Manifest } from '../../exports/manifest';
import type { DuckSession } from '../../sql/duck-session';
import type { Relation } from '../../sql/relation';
import { endOfMonth } from './exact/calendar';
import type { StaticTables } from './exact/estate-tables';
import type { ProblemList } from './problem-list';
import { type PublishedRow, unitColumns } from './published-rows';

/** The texts that rows of a month's file must have. */
export interface RowTexts {
  /** Texts that are the same in every row, by column. */
  readonly constants: Readonly<Record<string, string>>;
  /** Location by region_code; undefined where the inputs cannot be read. */
  readonly locations: ReadonlyMap<string, string> | undefined;
  /** Payer by account, and of all other accounts; undefined where payers are known only from the run's own reading of bills. */
  readonly payers: { readonly known: ReadonlyMap<string, string>; readonly other: string } | undefined;
}

/**
 * Returns the texts that are the same in every row of a month's file, by column, without units.
 *
 * @param splitBy value of split_by, where rows are broken down
 */
export function constantsOf(
  { usagePeriod: month, modelVersion, asOf }: Manifest,
  splitBy: string | undefined,
): Readonly<Record<string, string>> {
  return {
    last_refresh_timestamp: asOf.slice(0, 19).replace('T', ' '),
    model_version: modelVersion,
    usage_period_start: `${month}-01 00:00:00`,
    usage_period_end: `${endOfMonth(month)} 00:00:00`,
    ...defined({ split_by: splitBy }),
  };
}

/** What the texts of a computed month follow from. */
interface TextSources {
  /** Columns of the file. */
  readonly columns: readonly string[];
  /** Value of split_by, where rows are broken down. */
  readonly splitBy: string | undefined;
  /** Clusters of the estate; undefined where the inputs cannot be read. */
  readonly clusters: StaticTables['clusters'] | undefined;
  readonly payers: RowTexts['payers'];
}

/** Returns the texts of a computed month. */
export function textsOf(manifest: Manifest, { columns, splitBy, clusters, payers }: TextSources): RowTexts {
  const regions = clusters?.filter(({ kind }) => kind === 'region');
  return {
    constants: {
      ...constantsOf(manifest, splitBy),
      ...Object.fromEntries(unitColumns(columns).map((name) => [name, 'MTCO2e'])),
    },
    locations:
      regions &&
      new Map([['global', 'Global'], ...regions.map((row) => [row.region_code, row.location] as const)]),
    payers,
  };
}

/**
 * Loads the texts into the session.
 *
 * @returns joins and a condition of SQL over rows `f` of a data file: true where all texts of a row and the range of its
 *   values are right
 */
export async function loadTexts(
  session: DuckSession,
  { constants, locations, payers }: RowTexts,
  values: readonly string[],
): Promise<{ readonly joins: string; readonly condition: string }> {
  const columns = Object.keys(constants);
  const constant = await session.load({
    columns: Object.fromEntries(columns.map((name) => [name, 'VARCHAR' as const])),
    rows: [Object.values(constants)],
  });
  const location = await loadPairs(session, locations ?? new Map());
  const payer = await loadPairs(session, payers?.known ?? new Map());
  const other = await session.load({ columns: { payer: 'VARCHAR' }, rows: [[payers?.other ?? '']] });
  const conditions = [
    ...columns.map((name) => `f.${name} = c.${name}`),
    ...(locations === undefined ? [] : [`f.location = l.right_text`]),
    ...(payers === undefined ? [] : [`f.payer_account_id = coalesce(y.right_text, o.payer)`]),
    ...ID_COLUMNS.map((name) => `regexp_full_match(f.${name}, '\\d{12}')`),
    ...values.map((name) => `f.${name} >= 0 AND isfinite(f.${name})`),
  ];
  return {
    joins: `CROSS JOIN ${constant.table} c CROSS JOIN ${other.table} o
      LEFT JOIN ${location.table} l ON l.left_text = f.region_code
      LEFT JOIN ${payer.table} y ON y.left_text = f.usage_account_id`,
    condition: conditions.join(' AND '),
  };
}

const ID_COLUMNS = ['usage_account_id', 'payer_account_id'] as const;

function loadPairs(session: DuckSession, pairs: ReadonlyMap<string, string>): Promise<Relation> {
  return session.load({ columns: { left_text: 'VARCHAR', right_text: 'VARCHAR' }, rows: pairs });
}

/** Adds the differences of a row's texts, and of the range of its values. */
export function checkTexts(
  { texts, values }: PublishedRow,
  name: string,
  { constants, locations, payers }: RowTexts,
  problems: ProblemList,
): void {
  const account = texts['usage_account_id'] ?? '';
  const expected = {
    ...constants,
    ...(locations === undefined ? {} : { location: locations.get(texts['region_code'] ?? '') ?? '' }),
    ...(payers === undefined ? {} : { payer_account_id: payers.known.get(account) ?? payers.other }),
  };
  for (const [column, text] of Object.entries(expected)) {
    const found = texts[column] ?? '';
    problems.expect(
      found === text,
      () => `row ${name}, column ${column}: found "${found}", expected "${text}"`,
    );
  }
  for (const column of ID_COLUMNS) {
    const id = texts[column] ?? '';
    problems.expect(
      /^\d{12}$/.test(id),
      () => `row ${name}, column ${column}: found "${id}", expected an account id of 12 digits`,
    );
  }
  for (const [column, value] of Object.entries(values)) {
    problems.expect(
      value >= 0 && value < Infinity,
      () => `row ${name}, column ${column}: found ${String(value)}, expected a number of at least 0`,
    );
  }
}

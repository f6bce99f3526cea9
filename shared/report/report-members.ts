import { type DuckSession, numberIn, textIn } from '../sql/duck-session';
import type { Relation } from '../sql/relation';
import { figureSums, type PlaceRows, type ReportRows, ROW_COLUMNS } from './report-rows';

/** A dimension of the rows. */
export type RowDimension = 'account' | 'region' | 'service' | 'value';

/** What a dimension consists of. */
export interface Members {
  /** Largest first. */
  readonly kept: readonly string[];
  /** Number of the smaller ones, which are folded into others. */
  readonly folded: number;
}

const SIZE = 'CAST(sum(abs(coalesce(total_mbm, 0)) + abs(coalesce(total_lbm, 0))) AS DOUBLE)';

/** Returns the members of a dimension by size: at most `limit`, over all periods. */
export async function membersOf(
  session: DuckSession,
  { table }: ReportRows | PlaceRows,
  dimension: RowDimension,
  limit: number,
): Promise<Members> {
  const rows = await session.rows(
    `SELECT ${dimension} AS member, ${SIZE} AS size FROM ${table} GROUP BY ${dimension} ORDER BY size DESC, member`,
  );
  const names = rows.map((row) => textIn(row, 'member'));
  return { kept: names.slice(0, limit), folded: Math.max(0, names.length - limit) };
}

/** Returns the rows with a blank account where it is folded, summed: what follows reads them, and the files no more. */
export async function foldedRows(
  session: DuckSession,
  { table }: ReportRows,
  { kept }: Members,
): Promise<ReportRows> {
  const members = await session.load({
    columns: { member: 'VARCHAR' },
    rows: kept.map((member) => [member]),
  });
  return session.table(
    ROW_COLUMNS,
    `SELECT r.period, coalesce(k.member, '') AS account, r.region, r.location, r.service, r.value, ${figureSums('r')}
     FROM ${table} r LEFT JOIN ${members.table} k ON k.member = r.account GROUP BY ALL`,
  );
}

/** Returns the name of each Region as the export has it. */
export async function locationsOf(
  session: DuckSession,
  { table }: PlaceRows,
): Promise<ReadonlyMap<string, string>> {
  const rows = await session.rows(
    `SELECT region, max(location) AS location FROM ${table} GROUP BY region ORDER BY region`,
  );
  return new Map(rows.map((row) => [textIn(row, 'region'), textIn(row, 'location')]));
}

/** Members of all dimensions. */
export type AllMembers = Readonly<Record<RowDimension, Members>>;

/** Rows whose texts are replaced by their places in the lists of members, -1 for folded ones. */
export type PlacedRows = Relation;

/** Returns the rows with places instead of texts, summed where members are folded. */
export async function placedRows(
  session: DuckSession,
  rows: ReportRows,
  members: AllMembers,
): Promise<PlacedRows> {
  const joins: string[] = [];
  const places: string[] = [];
  for (const [dimension, { kept }] of Object.entries(members)) {
    const { table } = await session.load({
      columns: { member: 'VARCHAR', place: 'INTEGER' },
      rows: kept.map((member, place) => [member, place]),
    });
    joins.push(`LEFT JOIN ${table} ON ${table}.member = r.${dimension}`);
    places.push(`coalesce(${table}.place, -1) AS ${dimension}`);
  }
  return session.tableOf(
    `SELECT r.period, ${[...places, figureSums('r')].join(', ')} FROM ${rows.table} r ${joins.join(' ')} GROUP BY ALL`,
  );
}

/** Returns the number of combinations of dimensions that have rows. */
export async function countCombinations(
  session: DuckSession,
  { table }: PlacedRows,
  dimensions: readonly RowDimension[],
): Promise<number> {
  const [row] = await session.rows(
    `SELECT count(*) AS n FROM (SELECT DISTINCT ${dimensions.join(', ')} FROM ${table}) c`,
  );
  return numberIn(row, 'n');
}

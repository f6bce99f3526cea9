import { append } from '../base/append';
import { type Figure, FIGURES } from '../exports/emissions';
import { type DuckSession, numberIn, type SqlRow } from '../sql/duck-session';
import type { ReportCube } from './report-data';
import { countCombinations, type PlacedRows, type RowDimension } from './report-members';
import { knownSum, PARTS_PER_MTCO2E } from './report-rows';

/** What a cube holds, and how large it may become. */
export interface CubeRequest {
  /** The first dimension keeps its members where combinations are folded. */
  readonly dimensions: readonly [RowDimension, ...RowDimension[]];
  /** Number of periods. */
  readonly periods: number;
  /** Largest number of values. */
  readonly budget: number;
  /** Significant digits of a value. */
  readonly digits: number;
  /** Periods that have rows; the others are unknown. @default - all */
  readonly covered?: ReadonlySet<number>;
}

const TOTALS: readonly Figure[] = ['total_lbm', 'total_mbm'];

/** How the figures of some rows are stored: as values, as 0 everywhere, or as the sum of their scopes. */
export type FigureForms = ReadonlyMap<Figure, 'zero' | 'sum' | 'values'>;

/** Returns how the figures of rows are stored, so that no number is stored twice. */
export async function figureForms(session: DuckSession, { table }: PlacedRows): Promise<FigureForms> {
  const scopes = (of: 'lbm' | 'mbm'): string => `(scope_1 + scope_2_${of} + scope_3_${of})`;
  const isZero = FIGURES.map(
    (figure) => `count(${figure}) = count(*) AND bool_and(${figure} = 0) AS zero_${figure}`,
  );
  // The last digits of a total are not those of the sum of its scopes.
  const isSum = (['lbm', 'mbm'] as const).map(
    (of) =>
      `count(${scopes(of)}) = count(*) AND count(total_${of}) = count(*) AND bool_and(abs(total_${of} - ${scopes(of)}) <= CAST(abs(total_${of}) AS DOUBLE) * 1e-9 + 1) AS sum_total_${of}`,
  );
  const [row] = await session.rows(`SELECT ${[...isZero, ...isSum].join(', ')} FROM ${table}`);
  return new Map(
    FIGURES.map((figure) => {
      if (row?.[`zero_${figure}`] === true) return [figure, 'zero'];
      return [figure, row?.[`sum_${figure}`] === true ? 'sum' : 'values'];
    }),
  );
}

/** Returns the emissions of the combinations of some dimensions. Beyond the budget it has totals only, then it folds. */
export async function reportCube(
  session: DuckSession,
  rows: PlacedRows,
  forms: FigureForms,
  request: CubeRequest,
): Promise<ReportCube> {
  const { dimensions, periods, budget } = request;
  const combinations = await countCombinations(session, rows, dimensions);
  const stored = FIGURES.filter((figure) => forms.get(figure) === 'values');
  if (combinations * periods * stored.length <= budget) {
    return filledCube(session, rows, request, { combinations, kept: combinations, forms });
  }
  const [keeper] = dimensions;
  const keepers = await countCombinations(session, rows, [keeper]);
  const room = Math.floor(budget / (periods * TOTALS.length));
  const kept = combinations <= room ? combinations : Math.max(0, room - keepers);
  const totals: FigureForms = new Map(TOTALS.map((figure) => [figure, 'values']));
  return filledCube(session, rows, request, { combinations, kept, forms: totals });
}

interface CubeContent {
  readonly combinations: number;
  /** Number of combinations that are not folded. */
  readonly kept: number;
  readonly forms: FigureForms;
}

async function filledCube(
  session: DuckSession,
  rows: PlacedRows,
  { dimensions, periods, digits, covered }: CubeRequest,
  { combinations, kept, forms }: CubeContent,
): Promise<ReportCube> {
  const stored = FIGURES.filter((figure) => forms.get(figure) === 'values');
  const members: number[][] = dimensions.map(() => []);
  const values = new Map<Figure, (number | null)[]>(stored.map((figure) => [figure, []]));
  const empty = Array.from({ length: periods }, (_, period) => (covered?.has(period) === false ? null : 0));
  let last: string | undefined;
  let combination = -1;
  for await (const chunk of session.chunks(cubeSql(rows, dimensions, stored, kept))) {
    for (const row of chunk) {
      const key = dimensions.map((dimension) => numberIn(row, dimension));
      if (key.join() !== last) {
        last = key.join();
        combination += 1;
        for (const [index, member] of key.entries()) members[index]?.push(member);
        for (const list of values.values()) append(list, empty);
      }
      const at = combination * periods + numberIn(row, 'period');
      for (const [figure, list] of values) list[at] = gramsIn(row, figure, digits);
    }
  }
  const figures = [...forms].map(([figure, form]) => [figure, values.get(figure) ?? form]);
  return {
    dimensions: [...dimensions],
    members,
    figures: Object.fromEntries(figures) as ReportCube['figures'],
    folded: combinations - kept,
  };
}

/** SQL of a cube's rows, by combination and period. Combinations are ranked by size; beyond `kept` they are folded. */
function cubeSql(
  { table }: PlacedRows,
  dimensions: CubeRequest['dimensions'],
  figures: readonly Figure[],
  kept: number,
): string {
  const [keeper, ...others] = dimensions;
  const list = dimensions.join(', ');
  const folded = others.map(
    (dimension) => `CASE WHEN c.place <= ${String(kept)} THEN r.${dimension} ELSE -1 END AS ${dimension}`,
  );
  const sums = figures.map((figure) => `${knownSum(figure)} AS ${figure}`);
  return `WITH combination AS (
  SELECT ${list}, row_number() OVER (ORDER BY sum(abs(coalesce(total_mbm, 0)) + abs(coalesce(total_lbm, 0))) DESC, ${list}) AS place
  FROM ${table} GROUP BY ${list}
)
SELECT ${[list, 'period', ...sums].join(', ')} FROM (
  SELECT ${[`r.${keeper}`, ...folded, 'r.period', ...figures.map((figure) => `r.${figure}`)].join(', ')}
  FROM ${table} r JOIN combination c ON ${dimensions.map((dimension) => `c.${dimension} = r.${dimension}`).join(' AND ')}
) part
GROUP BY ${list}, period ORDER BY ${list}, period`;
}

const PARTS_PER_GRAM = PARTS_PER_MTCO2E / 1e6;

function gramsIn(row: SqlRow, figure: Figure, digits: number): number | null {
  if (row[figure] === null) return null;
  return Number((numberIn(row, figure) / PARTS_PER_GRAM).toPrecision(digits));
}

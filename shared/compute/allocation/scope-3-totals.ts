import { sumKg, toMtco2e } from '../../base/mass';
import { dataFileRelation, exactSums, type FileTotals } from '../../exports/read-data-file';
import { figureColumn, figureParts } from '../../exports/emissions';
import {
  type Category,
  CATEGORY_RULES,
  COMPANION_FIGURES,
  SCOPE_3_CATEGORIES,
} from '../../method/categories';
import { RESIDUAL_LIMIT } from '../../method/ledger';
import { MethodError } from '../../method/method-error';
import { literalPath } from '../../sql/dialect';
import type { DuckSession } from '../../sql/duck-session';
import type { WrittenFile } from '../month/computed-month';

/** The files of a month with Scope 3, and the sums that they must hold. */
interface Scope3Files {
  readonly file: WrittenFile;
  readonly companion: WrittenFile | undefined;
  readonly totals: FileTotals;
}

/**
 * Checks that the written files hold the parts of Scope 3: the columns of their sums in the data file, and the parts
 * themselves in the companion file.
 *
 * @throws MethodError when a column's sum differs from that of its parts
 */
export async function assertScope3Written(
  session: DuckSession,
  { file, companion, totals }: Scope3Files,
): Promise<void> {
  const figures = (['scope_3_lbm', 'scope_3_mbm'] as const).map(
    (figure) => [figureColumn(figure), figureParts(figure)] as const,
  );
  await assertSums(
    session,
    { path: file.path, relation: dataFileRelation(file.path, '$1') },
    figures,
    totals,
  );
  if (companion === undefined) return;
  const parts = COMPANION_FIGURES.map(
    (figure) =>
      [
        `${figure}_value`,
        SCOPE_3_CATEGORIES.filter((category) => CATEGORY_RULES[category].companion === figure),
      ] as const,
  );
  const relation = dataFileRelation(companion.path, '$1');
  await assertSums(session, { path: companion.path, relation }, parts, totals);
}

async function assertSums(
  session: DuckSession,
  { path, relation }: { readonly path: string; readonly relation: string },
  columns: readonly (readonly [string, readonly Category[]])[],
  { kg }: FileTotals,
): Promise<void> {
  const expected = columns.map(([column, parts]) => ({
    column,
    mtco2e: toMtco2e(sumKg(parts.map((category) => kg[category]))),
  }));
  const sums = await exactSums(
    session,
    { sql: relation, parameters: [literalPath(path)] },
    expected.map(({ column, mtco2e }) => [column, column, mtco2e]),
  );
  for (const { column, mtco2e } of expected) {
    const difference = Math.abs((sums[column] ?? NaN) - mtco2e);
    if (difference <= RESIDUAL_LIMIT * mtco2e) continue;
    throw new MethodError(
      `the column ${column} adds up to ${String(sums[column])} MTCO2e, and its parts to ${String(mtco2e)} MTCO2e`,
    );
  }
}

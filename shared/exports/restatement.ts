import { z } from 'zod';
import { defined } from '../base/defined';
import { differences } from '../base/fingerprint';
import { asMtco2e, type Mtco2e } from '../base/mass';
import { kgSchema, mtco2eSchema } from '../base/value-schemas';
import { EMISSIONS, figureColumn, FIGURES, valueColumn } from './emissions';
import { categorySchemaOf, type Manifest } from './manifest';

const knownCategorySchema = categorySchemaOf(kgSchema.nullable());

/** Schema of a {@link Restatement}, for reports. */
export const restatementSchema = z.object({
  /** Execution whose numbers were replaced; it is kept in history. */
  replaces: z.string(),
  /** Names of the inputs that changed. */
  because: z.array(z.string()).readonly(),
  /** Exported before and after, kgCO2e; null for a scope that AWS did not deliver. */
  beforeKg: knownCategorySchema,
  afterKg: knownCategorySchema,
  /** Of AWS's totals: before and after by column, MTCO2e, where they changed; null for what AWS did not deliver. */
  awsTotals: z
    .record(z.string(), z.object({ before: mtco2eSchema.nullable(), after: mtco2eSchema.nullable() }))
    .exactOptional(),
  /** Accounts with a number that changed, appeared or went away; absent where the replaced file is lost. */
  accounts: z.number().exactOptional(),
  /** cluster_ids whose Scope 1 was estimated and is actual now. */
  estimatedTurnedActual: z.array(z.string()).readonly(),
});

/** What changed when a published month was replaced, and why. */
export type Restatement = Readonly<z.infer<typeof restatementSchema>>;

/** Returns what changed between two executions of a month. */
export function restatementOf(before: Manifest, after: Manifest, accounts: number | undefined): Restatement {
  return {
    replaces: before.executionId,
    because: differences(before.inputs, after.inputs),
    beforeKg: exportedKg(before),
    afterKg: exportedKg(after),
    ...defined({ awsTotals: after.awsTotals && changedTotals(before, after), accounts }),
    estimatedTurnedActual: before.estimatedClusters.filter((id) => !after.estimatedClusters.includes(id)),
  };
}

/** A ledger has 0 for a scope that AWS did not deliver. */
function exportedKg({ ledgerKg, awsTotals }: Manifest): Restatement['beforeKg'] {
  if (awsTotals === undefined) return ledgerKg.exported;
  const known = Object.entries(ledgerKg.exported).map(([category, kg]) => [
    category,
    `total_${category}_emissions_value` in awsTotals.totals ? kg : null,
  ]);
  // The categories are those of the ledger; fromEntries cannot know that.
  return Object.fromEntries(known) as Restatement['beforeKg'];
}

/**
 * Returns what a restatement did not change but deliver, or no longer deliver, in the words of a message.
 *
 * @returns an empty list where both publications have the same columns
 */
export function deliveredColumns({ awsTotals = {} }: Restatement): string[] {
  const columns = Object.entries(awsTotals);
  const first = columns.filter(([, { before, after }]) => before === null && after !== null);
  const gone = columns.filter(([, { before, after }]) => before !== null && after === null);
  const textOf = (found: typeof columns, verb: string): string[] =>
    found.length === 0 ? [] : [`${found.map(([column]) => columnFigure(column)).join(', ')} ${verb}`];
  return [...textOf(first, 'delivered for the first time'), ...textOf(gone, 'no longer delivered')];
}

/** Returns the short name of a column's figure, e.g. `scope_2_lbm` of `total_scope_2_lbm_emissions_value`. */
export function columnFigure(column: string): string {
  return FIGURES.find((figure) => figureColumn(figure) === column) ?? column;
}

function changedTotals(before: Manifest, after: Manifest): NonNullable<Restatement['awsTotals']> {
  const changed = EMISSIONS.map(valueColumn).map((column) => {
    const [old, present] = [totalIn(before, column), totalIn(after, column)];
    // A month without rows has no columns: its totals are 0 where the other publication has them.
    const values = {
      before: isEmpty(before) && present !== null ? asMtco2e(0) : old,
      after: isEmpty(after) && old !== null ? asMtco2e(0) : present,
    };
    return [column, values] as const;
  });
  return Object.fromEntries(changed.filter(([, values]) => values.before !== values.after));
}

function totalIn({ awsTotals }: Manifest, column: string): Mtco2e | null {
  return awsTotals?.totals[column]?.aws ?? null;
}

function isEmpty({ awsTotals }: Manifest): boolean {
  return awsTotals?.rows.aws === 0;
}

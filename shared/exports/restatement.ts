import { z } from 'zod';
import { defined } from '../base/defined';
import { differences } from '../base/fingerprint';
import { asMtco2e, type Mtco2e, mtco2eSchema } from '../base/mass';
import { EMISSIONS, valueColumn } from './emissions';
import { categorySchema, type Manifest } from './manifest';

/** Schema of a {@link Restatement}, for reports. */
export const restatementSchema = z.object({
  /** Execution whose numbers were replaced; it is kept in history. */
  replaces: z.string(),
  /** Names of the inputs that changed. */
  because: z.array(z.string()).readonly(),
  /** Exported before and after, kgCO2e. */
  beforeKg: categorySchema,
  afterKg: categorySchema,
  /** Of AWS's totals: before and after by column, MTCO2e, where they moved; 0 for what AWS did not tell. */
  awsTotals: z.record(z.string(), z.object({ before: mtco2eSchema, after: mtco2eSchema })).exactOptional(),
  /** Accounts with a number that changed, appeared or went away; absent where the replaced file is lost. */
  accounts: z.number().exactOptional(),
  /** cluster_ids whose Scope 1 was estimated and is actual now. */
  estimatedTurnedActual: z.array(z.string()).readonly(),
});

/** What moved when a published month was replaced, and why. */
export type Restatement = Readonly<z.infer<typeof restatementSchema>>;

/** What moved between two executions of a month. */
export function restatementOf(before: Manifest, after: Manifest, accounts: number | undefined): Restatement {
  return {
    replaces: before.executionId,
    because: differences(before.inputs, after.inputs),
    beforeKg: before.ledgerKg.exported,
    afterKg: after.ledgerKg.exported,
    ...(after.awsTotals === undefined ? {} : { awsTotals: movedTotals(before, after) }),
    ...defined({ accounts }),
    estimatedTurnedActual: before.estimatedClusters.filter((id) => !after.estimatedClusters.includes(id)),
  };
}

function movedTotals(before: Manifest, after: Manifest): NonNullable<Restatement['awsTotals']> {
  const totals = ({ awsTotals }: Manifest, column: string): Mtco2e =>
    awsTotals?.totals[column]?.aws ?? asMtco2e(0);
  const moved = EMISSIONS.map(valueColumn).map(
    (column) => [column, { before: totals(before, column), after: totals(after, column) }] as const,
  );
  return Object.fromEntries(moved.filter(([, total]) => total.before !== total.after));
}

import { z } from 'zod';
import { groupBy } from '../base/group';
import { asKg, asMtco2e, type Kg, sumKg, toMtco2e } from '../base/mass';
import { mtco2eSchema } from '../base/value-schemas';
import { type Category, categoriesIn, TOTALS } from '../method/categories';
import { RETAINED } from '../method/ledger';
import type { AwsTotals } from './aws-totals';
import type { Manifest, PublishedKg } from './manifest';

/** Figures of a published month, for tables and for the state record. */
export const monthSummarySchema = z.object({
  rows: z.number(),
  accounts: z.number(),
  /**
   * Exported, Scopes 1, 2 and 3 by the location-based method, MTCO2e; where the totals are AWS's, all scopes it counts.
   * Absent where AWS delivered none, as before June 2025.
   */
  totalLbm: mtco2eSchema.exactOptional(),
  /** Where AWS delivered totalLbm of some payers only: of how many it is the total. */
  lbmPayers: z.object({ known: z.number(), of: z.number() }).exactOptional(),
  /** Exported, Scope 1, market-based Scope 2 and, where the model version counts it, Scope 3, MTCO2e. */
  totalMbm: mtco2eSchema,
  /** Exported Scope 3 with market-based energy, MTCO2e; absent where the model version does not count it. */
  scope3Mbm: mtco2eSchema.exactOptional(),
  /**
   * Parts of the kg of Scope 1, location-based Scope 2 and energy-related activities, 0 to 1, that rest on assured activity and on
   * verified factors; absent like scope3Mbm.
   */
  inputShares: z.object({ assured: z.number(), verified: z.number() }).exactOptional(),
  /** Kept by the operator, market-based, MTCO2e. */
  retainedMbm: mtco2eSchema,
  /** Clusters whose Scope 1 is estimated. */
  estimatedClusters: z.number(),
  /** As a part of the emissions. */
  largestResidual: z.number(),
  unknownAccounts: z.number(),
  warnings: z.number(),
  /** Where the totals are AWS's own: the part that stayed under AWS's product, market-based, MTCO2e, and its number of rows. */
  unsplit: z.object({ mbm: mtco2eSchema, rows: z.number(), ofRows: z.number() }).exactOptional(),
});

/** A published month in figures. */
export type MonthSummary = z.infer<typeof monthSummarySchema>;

/** Returns a month's figures from its manifest. */
export function summaryOf(manifest: Manifest): MonthSummary {
  const { ledgerKg, awsTotals } = manifest;
  const { exported } = ledgerKg;
  const kgOf = (kg: PublishedKg, categories: readonly Category[]): Kg[] =>
    categories.map((category) => kg[category] ?? asKg(0));
  const retained = RETAINED.flatMap((name) => kgOf(ledgerKg[name], TOTALS.mbm));
  return {
    rows: manifest.file.rows,
    accounts: manifest.accounts,
    ...(awsTotals === undefined
      ? {
          totalLbm: toMtco2e(sumKg(kgOf(exported, TOTALS.lbm))),
          totalMbm: toMtco2e(sumKg(kgOf(exported, TOTALS.mbm))),
          ...(manifest.scope3 === undefined
            ? {}
            : {
                scope3Mbm: toMtco2e(sumKg(kgOf(exported, categoriesIn(3, 'mbm')))),
                inputShares: {
                  assured: manifest.scope3.assuredShare,
                  verified: manifest.scope3.verifiedShare,
                },
              }),
        }
      : awsFigures(awsTotals)),
    retainedMbm: toMtco2e(sumKg(retained)),
    estimatedClusters: manifest.estimatedClusters.length,
    largestResidual: manifest.largestResidual,
    unknownAccounts: manifest.unknownAccounts.count,
    warnings: manifest.warnings.length,
  };
}

/** AWS's totals have all scopes. Every export of AWS has market-based totals; a month without rows has none. */
function awsFigures({
  totals,
  accounts,
  rows,
}: AwsTotals): Pick<MonthSummary, 'totalLbm' | 'lbmPayers' | 'totalMbm' | 'unsplit'> {
  const mbm = totals['total_mbm_emissions_value'];
  const lbm = totals['total_lbm_emissions_value'];
  return {
    ...(lbm === undefined && rows.aws > 0
      ? {}
      : { totalLbm: lbm?.aws ?? asMtco2e(0), ...partOfPayers(accounts) }),
    totalMbm: mbm?.aws ?? asMtco2e(0),
    unsplit: { mbm: mbm?.unsplit ?? asMtco2e(0), rows: rows.unsplit, ofRows: rows.aws },
  };
}

function partOfPayers(accounts: AwsTotals['accounts']): Pick<MonthSummary, 'lbmPayers'> {
  const payers = [...groupBy(accounts, ({ payerAccountId }) => payerAccountId).values()];
  const known = payers.filter((own) => own.every(({ totals }) => 'total_lbm_emissions_value' in totals));
  return known.length === payers.length ? {} : { lbmPayers: { known: known.length, of: payers.length } };
}

import { z } from 'zod';

const entrySchema = z.object({
  /** AWS's total. */
  aws: z.number(),
  /** What was divided by the account's usage. */
  split: z.number(),
  /** What stayed under AWS's product, because no cost matches it. */
  unsplit: z.number(),
});

const entriesSchema = z.record(z.string(), entrySchema);

/** Schema of an {@link AwsTotals}. */
export const awsTotalsSchema = z.object({
  /** Over all accounts, MTCO2e, by column; a column that AWS's export does not have is absent. */
  totals: entriesSchema,
  /** The same per account. */
  accounts: z
    .array(z.object({ accountId: z.string(), payerAccountId: z.string(), totals: entriesSchema }))
    .readonly(),
  rows: z.object({ aws: z.number(), unsplit: z.number() }),
  /** Accounts with emissions and without usage in the month's bills, and the other way round. */
  withoutBill: z.object({ count: z.number(), accountIds: z.array(z.string()).readonly() }),
  withoutCarbon: z.object({ count: z.number(), accountIds: z.array(z.string()).readonly() }),
  /** Services without a code in the bills and in the shipped map. */
  namedServices: z.array(z.string()).readonly(),
});

/** The ledger of a month whose totals are AWS's: per account, AWS's total = split + unsplit. */
export type AwsTotals = Readonly<z.infer<typeof awsTotalsSchema>>;

/** Entries by column, MTCO2e. */
export type Entries = z.infer<typeof entriesSchema>;

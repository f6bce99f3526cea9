import { z } from 'zod';
import { accountIdSchema } from '../base/account-id';
import { mtco2eSchema } from '../base/value-schemas';

const entrySchema = z.object({
  /** AWS's total. */
  aws: mtco2eSchema,
  /** What was divided by the account's usage. */
  split: mtco2eSchema,
  /** What stayed under AWS's product, because no cost matches it. */
  unsplit: mtco2eSchema,
});

const entriesSchema = z.record(z.string(), entrySchema);

/** Schema of an {@link AwsTotals}. */
export const awsTotalsSchema = z.object({
  /** Over all accounts, MTCO2e, by column; a column that AWS's export does not have is absent. */
  totals: entriesSchema,
  /** The same per account. */
  accounts: z
    .array(z.object({ accountId: accountIdSchema, payerAccountId: accountIdSchema, totals: entriesSchema }))
    .readonly(),
  rows: z.object({ aws: z.number(), unsplit: z.number() }),
  /** Accounts with emissions and without usage in the month's bills, and the other way round. */
  withoutBill: z.object({ count: z.number(), accountIds: z.array(accountIdSchema).readonly() }),
  withoutCarbon: z.object({ count: z.number(), accountIds: z.array(accountIdSchema).readonly() }),
  /** Services without a code in the bills and in the shipped map. */
  namedServices: z.array(z.string()).readonly(),
});

/** The ledger of a month whose totals are AWS's: per account, AWS's total = split + unsplit. */
export type AwsTotals = Readonly<z.infer<typeof awsTotalsSchema>>;

/** Entries by column, MTCO2e. */
export type Entries = z.infer<typeof entriesSchema>;

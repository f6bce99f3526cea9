import { z } from 'zod';
import { accountIdSchema } from '../shared/base/account-id';
import { monthSchema } from '../shared/base/value-schemas';
import { breakdownSchema } from '../shared/exports/breakdown';
import { EXPORT_FORMATS } from '../shared/exports/layout';
import { PRODUCT_DETAILS } from '../shared/exports/export-settings';
import { ENGINE_SETTINGS } from '../shared/runs/engine-choice';

/** The functions' settings, JSON in one environment variable; infra/settings.ts checks them. */
export const functionSettingsSchema = z.object({
  exportName: z.string(),
  format: z.enum(EXPORT_FORMATS),
  productDetail: z.enum(PRODUCT_DETAILS),
  engine: z.enum(ENGINE_SETTINGS),
  /** Fails months with a warning that changes numbers. */
  strict: z.boolean(),
  /** Whether runs keep the report page up to date. */
  report: z.boolean(),
  /** Breakdowns of the rows, each in a separate export. */
  by: z.array(breakdownSchema),
  internalAccounts: z.object({
    ids: z.array(accountIdSchema),
    ouPaths: z.array(z.string()),
    tags: z.record(z.string(), z.string()),
  }),
  /** Which months are exported; absent members have the defaults of the command. */
  selection: z.object({
    months: z.number().exactOptional(),
    from: monthSchema.exactOptional(),
    to: monthSchema.exactOptional(),
    modelVersion: z.string().exactOptional(),
  }),
  /** Whether tags of accounts are read. */
  readTags: z.boolean(),
  /** Present where AWS's totals are split instead of computing totals. */
  awsTotals: z
    .object({
      /** Locations in S3 that are read as folders of the inputs, by folder name. */
      sources: z.record(z.string(), z.string()),
    })
    .exactOptional(),
});

/** The functions' settings as JSON. */
export type FunctionSettings = z.input<typeof functionSettingsSchema>;

/** The functions' settings, parsed. */
export type DeployedSettings = z.output<typeof functionSettingsSchema>;

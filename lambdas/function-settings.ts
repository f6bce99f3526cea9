import { z } from 'zod';
import { breakdownSchema } from '../shared/exports/breakdown-settings';
import { EXPORT_FORMATS } from '../shared/exports/layout';
import { PRODUCT_DETAILS } from '../shared/exports/product-detail';
import { ENGINE_SETTINGS } from '../shared/runs/engine-choice';

/** What the functions are told about the export, as JSON in one variable; infra/settings.ts has checked it. */
export const functionSettingsSchema = z.object({
  exportName: z.string(),
  format: z.enum(EXPORT_FORMATS),
  productDetail: z.enum(PRODUCT_DETAILS),
  engine: z.enum(ENGINE_SETTINGS),
  /** What rows are broken down by, each in an export of its own. */
  by: z.array(breakdownSchema),
  internalAccounts: z.object({
    ids: z.array(z.string()),
    ouPaths: z.array(z.string()),
    tags: z.record(z.string(), z.string()),
  }),
  /** Which months are looked at; absent members have the defaults of the command. */
  selection: z.object({
    months: z.number().exactOptional(),
    from: z.string().exactOptional(),
    to: z.string().exactOptional(),
    modelVersion: z.string().exactOptional(),
  }),
  /** Whether tags of accounts are read. */
  readTags: z.boolean(),
  /** AWS's totals are split instead of computing others. */
  awsTotals: z
    .object({
      /** Locations in S3 that are read as if they lay below the inputs, by folder. */
      sources: z.record(z.string(), z.string()),
      /** Versions that the catalog looks for. */
      modelVersions: z.array(z.string()),
    })
    .exactOptional(),
});

/** What the functions are told about the export, as it stands in their environment. */
export type FunctionSettings = z.input<typeof functionSettingsSchema>;

/** What the functions were told about the export, read. */
export type DeployedSettings = z.output<typeof functionSettingsSchema>;

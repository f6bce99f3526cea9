import type { InternalAccountRules } from '../organization/internal-accounts';
import { type Breakdown, breakdownExportName } from './breakdown';
import type { ExportFormat } from './layout';

/** What product_code contains: `all` is the code of each service, `ccft` the product group of AWS's tool. */
export const PRODUCT_DETAILS = ['all', 'ccft'] as const;

/** One of the {@link PRODUCT_DETAILS}. */
export type ProductDetail = (typeof PRODUCT_DETAILS)[number];

/** Settings of one export. */
export interface ExportSettings {
  readonly exportName: string;
  readonly format: ExportFormat;
  readonly productDetail: ProductDetail;
  /** What the rows of an account are divided by. @default - one row per account, service and Region */
  readonly breakdown?: Breakdown;
  /** Origin of the totals: `aws` are those of AWS's own carbon export. @default - this program calculates them */
  readonly totals?: 'aws';
  /** Internal accounts in addition to those of the estate. @default - none */
  readonly internalAccounts?: InternalAccountRules;
}

/** Returns the settings of the export that holds the rows of `plain` broken down, or `plain` without a breakdown. */
export function breakdownSettings(plain: ExportSettings, breakdown: Breakdown | undefined): ExportSettings {
  if (breakdown === undefined) return plain;
  return { ...plain, exportName: breakdownExportName(plain.exportName, breakdown), breakdown };
}

/** Returns `plain` and one export per breakdown: Athena reads every file below data/, so each needs a separate export. */
export function withBreakdowns(plain: ExportSettings, by: readonly Breakdown[]): ExportSettings[] {
  return [plain, ...by.map((breakdown) => breakdownSettings(plain, breakdown))];
}

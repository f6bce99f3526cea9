import type { InternalAccountRules } from '../organization/internal-accounts';
import type { Breakdown } from './breakdown';
import type { ExportFormat } from './layout';
import type { ProductDetail } from './product-detail';

/** What one export is like. */
export interface ExportSettings {
  readonly exportName: string;
  readonly format: ExportFormat;
  readonly productDetail: ProductDetail;
  /** What accounts' rows are broken down by. @default - nothing */
  readonly breakdown?: Breakdown;
  /** Whose totals are exported: `aws` are those of AWS's own carbon export, split. @default - this program's own */
  readonly totals?: 'aws';
  /** Internal accounts beside those that the estate lists. @default - none */
  readonly internalAccounts?: InternalAccountRules;
}

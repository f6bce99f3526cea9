import { CATEGORIES, type Category } from '../method/categories';
import type { Relation } from '../sql/relation';
import type { Breakdown } from './breakdown';

/** Columns of kgCO2e per category. */
export const KG_COLUMNS = CATEGORIES.map((category) => `${category}_kg` as const);

/** Types of {@link KG_COLUMNS}. The cast is safe: the entries have these names. */
export const KG_TYPES = Object.fromEntries(KG_COLUMNS.map((column) => [column, 'DOUBLE'])) as Readonly<
  Record<`${Category}_kg`, 'DOUBLE'>
>;

/** Columns of {@link Allocation}. */
export const ALLOCATION_COLUMNS = {
  /** The account id as a number. */
  account_number: 'BIGINT',
  row_id: 'INTEGER',
  ...KG_TYPES,
} as const;

/** The emissions of each account by row of the export, kgCO2e. */
export type Allocation = Relation<typeof ALLOCATION_COLUMNS>;

/** Columns of {@link Parts}. */
export const PART_COLUMNS = { ...ALLOCATION_COLUMNS, breakdown_value: 'VARCHAR' } as const;

/** The same by the value of a breakdown. */
export type Parts = Relation<typeof PART_COLUMNS>;

/** Columns of {@link ExportRows}. */
export const EXPORT_ROW_COLUMNS = {
  row_id: 'INTEGER',
  region_code: 'VARCHAR',
  location: 'VARCHAR',
  product_code: 'VARCHAR',
} as const;

/** The rows that an account may have in the export, numbered in the order of the export. */
export type ExportRows = Relation<typeof EXPORT_ROW_COLUMNS>;

/** Columns of {@link AccountPayers}. */
export const PAYER_COLUMNS = { account_number: 'BIGINT', payer_account_id: 'VARCHAR' } as const;

/** Who pays for the accounts that do not have the month's usual payer. */
export type AccountPayers = Relation<typeof PAYER_COLUMNS>;

/** The rows of a month's file. */
export interface MonthRows {
  readonly allocation: Allocation;
  readonly exportRows: ExportRows;
  readonly payers: AccountPayers;
  /** Written in place of `allocation` where the rows are broken down. */
  readonly breakdown?: { readonly parts: Parts; readonly by: Breakdown };
}

import type { Category } from '../method/categories';
import type { ColumnTypes, Relation } from '../sql/relation';
import type { Breakdown } from './breakdown';

/** Returns the columns of kgCO2e per category. */
export function kgColumns(categories: readonly Category[]): string[] {
  return categories.map((category) => `${category}_kg`);
}

/** Emissions of each account by row of the export, kgCO2e, in columns `<category>_kg`. */
export interface Allocation extends Relation {
  /** The categories that it has columns of. */
  readonly categories: readonly Category[];
}

/** Returns the columns of an {@link Allocation}. */
export function allocationColumns(categories: readonly Category[]): ColumnTypes {
  return {
    /** The account id as a number. */
    account_number: 'BIGINT',
    row_id: 'INTEGER',
    ...Object.fromEntries(categories.map((category) => [`${category}_kg`, 'DOUBLE'])),
  };
}

/** Returns the columns of an allocation by the value of a breakdown. */
export function partColumns(categories: readonly Category[]): ColumnTypes {
  return { ...allocationColumns(categories), breakdown_value: 'VARCHAR' };
}

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
  readonly breakdown?: { readonly parts: Relation; readonly by: Breakdown };
}

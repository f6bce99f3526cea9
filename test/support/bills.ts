import { join } from 'node:path';
import { EstateFolder } from './estate-folder';
import { monthlyEstate, MONTHS } from './estates/monthly-estate';
import { EXPORT_NAME } from './export-name';
import { type ExportRow, readExportRows, readManifest } from './export-reader';
import { type EstateRun, runEstate } from './run-command';

/** Bills of January 2025, as files of an estate. */
export const FOCUS_BILL = 'focus/usage_period=2025-01/bill.csv';
export const CUR_BILL = 'cur/usage_period=2025-01/bill.csv';

/** A charge, apart from the format of a bill. */
export interface Charge {
  readonly account: string;
  readonly payer: string;
  readonly region: string;
  /** Name in FOCUS, product code in CUR 2.0: A and B of the tiny estate. */
  readonly service: string;
  readonly quantity: string;
  readonly unit: string;
  readonly cost: string;
  readonly currency: string;
  readonly start: string;
  readonly end: string;
}

/** An hour of service A in January 2025. */
const CHARGE: Charge = {
  account: '000000000001',
  payer: '000000000042',
  region: 'c1',
  service: 'A',
  quantity: '1',
  unit: 'Hours',
  cost: '2',
  currency: 'USD',
  start: '2025-01-10 00:00:00',
  end: '2025-01-10 01:00:00',
};

/** Columns of a bill by their names in a format, blank where they are not given. */
export type BillRow = Readonly<Record<string, string>>;

/** A charge as a line of FOCUS 1.0 with AWS's columns. */
export function focusRow(charge: Partial<Charge> = {}, columns: BillRow = {}): BillRow {
  const { account, payer, region, service, quantity, unit, cost, currency, start, end } = {
    ...CHARGE,
    ...charge,
  };
  return {
    BillingAccountId: payer,
    BillingCurrency: currency,
    ChargeCategory: 'Usage',
    ChargeClass: '',
    ChargePeriodEnd: end,
    ChargePeriodStart: start,
    CommitmentDiscountStatus: '',
    ConsumedQuantity: quantity,
    ConsumedUnit: unit,
    ListCost: cost,
    ProviderName: 'AWS',
    PublisherName: 'Amazon Web Services, Inc.',
    RegionId: region,
    ServiceName: service,
    SubAccountId: account,
    ...columns,
  };
}

/** A charge as a line of FOCUS 1.0 whose service is AWS's code, as it is in AWS's column of codes. */
export function codedRow(charge: Partial<Charge> & Pick<Charge, 'service'>, columns: BillRow = {}): BillRow {
  return focusRow(charge, { x_ServiceCode: charge.service, ...columns });
}

/** A charge as a line of CUR 2.0. */
export function curRow(charge: Partial<Charge> = {}, columns: BillRow = {}): BillRow {
  const { account, payer, region, service, quantity, unit, cost, currency, start, end } = {
    ...CHARGE,
    ...charge,
  };
  return {
    bill_billing_entity: 'AWS',
    bill_payer_account_id: payer,
    line_item_line_item_type: 'Usage',
    line_item_product_code: service,
    line_item_usage_account_id: account,
    line_item_usage_amount: quantity,
    line_item_usage_end_date: end,
    line_item_usage_start_date: start,
    pricing_currency: currency,
    pricing_public_on_demand_cost: cost,
    pricing_unit: unit,
    product_region_code: region,
    ...columns,
  };
}

/** Lines of a bill as CSV; the first line has all columns. */
export function billCsv(rows: readonly BillRow[]): string {
  const header = Object.keys(rows[0] ?? {});
  const quote = (value: string): string => `"${value.replaceAll('"', '""')}"`;
  const lines = rows.map((row) => header.map((name) => quote(row[name] ?? '')).join(','));
  return `${[header.join(','), ...lines].join('\n')}\n`;
}

/** The tiny estate without usage, whose services have quantities in hours. */
export function estateWithoutUsage(path: string): EstateFolder {
  const estate = EstateFolder.of(monthlyEstate(MONTHS), path);
  estate.remove('usage');
  estate.write('focus_services.csv', 'service_name,product_code,unit,weight\nA,A,Hours,\nB,B,,\n');
  return estate;
}

/** Runs the tiny estate with these files added. Returns the run and its folders. */
export async function runBills(
  folder: string,
  files: Readonly<Record<string, string | Buffer>>,
  ...options: readonly string[]
): Promise<EstateRun & { readonly inputs: EstateFolder; readonly out: string }> {
  const inputs = estateWithoutUsage(join(folder, 'inputs'));
  for (const [file, content] of Object.entries(files)) inputs.write(file, content);
  const out = join(folder, 'out');
  const run = await runEstate(inputs.path, out, ...options);
  return { ...run, inputs, out };
}

const version = (month: string): string => (month < '2025-01' ? 'v1.0.0' : 'v2.0.0');

/** Rows of a published month of {@link runBills}. */
export function rowsOf(out: string, month: string): Promise<ExportRow[]> {
  return readExportRows({
    out,
    exportName: EXPORT_NAME,
    month,
    modelVersion: version(month),
    format: 'parquet',
  });
}

/** Warnings of a published month of {@link runBills}. */
export function warningsOf(out: string, month: string): readonly string[] {
  return readManifest({ out, exportName: EXPORT_NAME, month, modelVersion: version(month) }).warnings;
}

/** Share of each account in what was exported of a service in a month, by account, to 12 digits. */
export async function sharesOf(out: string, month: string, service = 'A'): Promise<Record<string, number>> {
  const rows = (await rowsOf(out, month)).filter((row) => row['product_code'] === service);
  const value = (row: ExportRow): number => Number(row['total_lbm_emissions_value']);
  const total = rows.reduce((sum, row) => sum + value(row), 0);
  const share = (row: ExportRow): number => Number((value(row) / total).toPrecision(12));
  return Object.fromEntries(rows.map((row) => [String(row['usage_account_id']), share(row)]));
}

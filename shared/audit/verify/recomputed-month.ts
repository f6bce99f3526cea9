import { CarbonError } from '../../base/carbon-error';
import type { LoadedMonth } from '../../compute/allocation/month-inputs';
import type { InputFiles } from '../../estate/input-files';
import type { TableReader } from '../../estate/read-table';
import type { Breakdown } from '../../exports/breakdown';
import type { Manifest } from '../../exports/manifest';
import { isBillTable } from '../../usage/bills/bill-tables';
import { MODEL_VERSIONS } from './exact/categories';
import type { ExactSettings, MethodTables, StaticTables } from './exact/estate-tables';
import { monthUnits, type MonthUnits } from './exact/naive-method';
import { type ExpectedRows, expectedRows } from './expected-rows';
import { readMethodTables } from './method-tables';
import { INTERNAL, sumUsage } from './usage-sums';

/** Inputs, as fingerprints name them, that the exact method knows. */
const KNOWN_INPUTS: readonly string[] = [
  ...['clusters', 'sites', 'electricity', 'grid_factors', 'contracts', 'fuel_use', 'services'],
  ...['internal_accounts', 'racks', 'rack_use', 'service_use', 'cluster_emissions', 'service_emissions'],
  ...['usage', 'focus', 'cur', 'focus_services', 'currency_rates', 'accounts', 'method', 'settings'],
  ...['product_detail', 'split', 'rack_embodied', 'assets', 'fera_factors', 'gwp'],
];

/** A month computed a second time. */
export interface RecomputedMonth {
  readonly ledgerKg: MonthUnits['ledgerKg'];
  readonly expected: ExpectedRows;
  readonly usageLines: number;
  /** Facts that are taken from the run's own reading. */
  readonly exceptions: readonly string[];
}

/** Returns why the exact method cannot compute a published month; undefined where it can. */
export function reasonNotToRecompute({ inputs, modelVersion, productDetail }: Manifest): string | undefined {
  const unknown = Object.keys(inputs).filter((name) => !KNOWN_INPUTS.includes(name));
  if (unknown.length > 0) return `the exact method does not know the input ${unknown.join(', ')}`;
  if (!MODEL_VERSIONS.some((version) => version === modelVersion)) {
    return `the exact method does not know model version ${modelVersion}`;
  }
  if (!['all', 'ccft'].includes(productDetail)) {
    return `the exact method does not know the product detail ${productDetail}`;
  }
  return undefined;
}

/** A published month and its inputs. */
export interface RecomputeRequest {
  readonly files: InputFiles;
  readonly statics: StaticTables;
  readonly loaded: LoadedMonth;
  readonly manifest: Manifest;
  readonly breakdown: Breakdown | undefined;
}

/**
 * Computes a month a second time, in exact arithmetic: usage is summed in the engine, and all steps from meters to the kg
 * per unit of driver are computed in fractions. The rows are a relation of the reader's session.
 */
export async function recomputeMonth(
  reader: TableReader,
  { files, statics, loaded, manifest, breakdown }: RecomputeRequest,
): Promise<RecomputedMonth> {
  const { usagePeriod: month, modelVersion, productDetail } = manifest;
  const version = MODEL_VERSIONS.find((known) => known === modelVersion);
  if (version === undefined)
    throw new CarbonError('state', `the exact method does not know model version ${modelVersion}`);
  const isBills = isBillTable(loaded.usage.table);
  const known = isBills ? { ...statics, services: withOther(statics.services) } : statics;
  const tables = await readMethodTables(reader, files, known, month);
  const sums = await sumUsage(reader.session, loaded, known, { version, breakdown });
  const at = { tables: withSummedAccounts(tables), month, version, settings: settingsOf(loaded) };
  const { perUnit, ledgerKg } = monthUnits(at, sums.totals);
  const expected = await expectedRows(reader.session, tables, { perUnit, sums }, (code) =>
    productOf(code, productDetail),
  );
  const exceptions = isBills ? [readByTheRun(loaded)] : [];
  return { ledgerKg, expected, usageLines: sums.lines, exceptions };
}

/** The drivers of all internal accounts are summed under one id. */
function withSummedAccounts(tables: MethodTables): MethodTables {
  return { ...tables, internal_accounts: [{ account_id: INTERNAL }] };
}

function readByTheRun({ usage }: LoadedMonth): string {
  return `which lines of ${usage.table}/ are usage, of which service and Region, and who pays, is as the run reads them; their sums and all later steps are recomputed`;
}

/** A bill may have services that the estate does not list: those count as Other, by revenue. */
function withOther(services: StaticTables['services']): StaticTables['services'] {
  if (services.some((row) => row.product_code === 'Other')) return services;
  return [...services, { product_code: 'Other', service_name: 'Other', basis: 'economic' }];
}

/** Products that AWS's tool names; it shows all others as Other. */
const CCFT_PRODUCTS: readonly string[] = ['AmazonEC2', 'AmazonS3', 'AmazonCloudFront'];

function productOf(code: string, productDetail: string): string {
  return productDetail === 'all' || CCFT_PRODUCTS.includes(code) ? code : 'Other';
}

/** The estate's settings that v3.0.0 reads. */
function settingsOf({ settings }: LoadedMonth): ExactSettings {
  return {
    earlyRetirement: settings.embodied?.early_retirement ?? 'continue',
    scope1Estimate: settings.scope_1_estimate ?? 'growth',
  };
}

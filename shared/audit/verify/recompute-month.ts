import { defined } from '../../base/defined';
import type { LoadedMonth } from '../../compute/allocation/month-inputs';
import type { InputFiles } from '../../estate/input-files';
import type { TableReader } from '../../estate/read-table';
import type { Breakdown } from '../../exports/breakdown';
import type { Manifest } from '../../exports/manifest';
import { isBillTable } from '../../usage/bills/bill-tables';
import type { ModelVersion } from './exact/categories';
import type { MethodTables, StaticTables } from './exact/estate-tables';
import { exactMonth, type NaiveMonth } from './exact/naive-method';
import { driversOfNet } from './exact/step-5-drivers';
import { readMethodTables } from './method-tables';
import { sumUsage } from './net-usage';

/** Inputs, as fingerprints name them, that the exact method knows. */
const KNOWN_INPUTS: readonly string[] = [
  ...['clusters', 'sites', 'electricity', 'grid_factors', 'contracts', 'fuel_use', 'services'],
  ...[
    'internal_accounts',
    'racks',
    'rack_use',
    'service_use',
    'cluster_emissions',
    'service_emissions',
    'usage',
    'focus',
    'cur',
    'focus_services',
  ],
  ...['currency_rates', 'accounts', 'method', 'settings', 'product_detail', 'split'],
];

const KNOWN_VERSIONS: readonly ModelVersion[] = ['v1.0.0', 'v2.0.0'];

/** A month computed a second time. */
export interface RecomputedMonth {
  readonly exact: NaiveMonth;
  readonly tables: MethodTables;
  readonly usageLines: number;
  readonly exceptions: readonly string[];
}

/** Why the exact method cannot compute a published month; undefined where it can. */
export function reasonNotToRecompute({ inputs, modelVersion, productDetail }: Manifest): string | undefined {
  const unknown = Object.keys(inputs).filter((name) => !KNOWN_INPUTS.includes(name));
  if (unknown.length > 0) return `the exact method does not know the input ${unknown.join(', ')}`;
  if (!KNOWN_VERSIONS.some((version) => version === modelVersion)) {
    return `the exact method does not know model version ${modelVersion}`;
  }
  if (!['all', 'ccft'].includes(productDetail)) return `the product detail ${productDetail} is not known`;
  return undefined;
}

/** Computes a month in fractions, from files that are read again. */
export async function recomputeMonth(
  reader: TableReader,
  files: InputFiles,
  statics: StaticTables,
  loaded: LoadedMonth,
  { usagePeriod: month, modelVersion, productDetail }: Manifest,
  breakdown?: Breakdown,
): Promise<RecomputedMonth> {
  const version = KNOWN_VERSIONS.find((known) => known === modelVersion);
  if (version === undefined) throw new Error(`no exact method for ${modelVersion}`);
  const fromBills = isBillTable(loaded.usage.table);
  const known = fromBills ? { ...statics, services: withOther(statics.services) } : statics;
  const tables = await readMethodTables(reader, files, known, month);
  const { net, lines, partsOf } = await sumUsage(reader, loaded, known, breakdown);
  const drivers = driversOfNet(tables, net, version);
  const exact = exactMonth(tables, month, version, drivers, {
    productOf: (code) => productOf(code, productDetail),
    ...defined({ partsOf }),
  });
  return {
    exact,
    tables,
    usageLines: lines,
    exceptions: fromBills
      ? [
          `which lines of ${loaded.usage.table}/ are usage, of which service and Region, and who pays, is as the run reads them; their sums and all that follows are recomputed`,
        ]
      : [],
  };
}

/** Bills name services that an estate may not have: those count as Other, by revenue. */
function withOther(services: StaticTables['services']): StaticTables['services'] {
  if (services.some((row) => row.product_code === 'Other')) return services;
  return [...services, { product_code: 'Other', service_name: 'Other', basis: 'economic' }];
}

/** Products that AWS's tool names; it shows all others as Other. */
const CCFT_PRODUCTS: readonly string[] = ['AmazonEC2', 'AmazonS3', 'AmazonCloudFront'];

function productOf(code: string, productDetail: string): string {
  return productDetail === 'all' || CCFT_PRODUCTS.includes(code) ? code : 'Other';
}

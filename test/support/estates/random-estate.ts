import type { Row } from '../../../shared/audit/verify/exact/estate-tables';
import type { AccountsFile, EstateTables } from './estate-tables';
import { Random } from './random';
import { drawEmissionTables } from './random-emissions';
import { drawPlan, type Plan } from './random-plan';
import { drawRackTables } from './random-racks';
import { drawTotals } from './random-totals';
import { drawUsage } from './random-usage';

/** What a test may ask of a random estate. */
export type RandomEstateOptions = {
  /** The months (YYYY-MM) with racks and usage. @default ['2024-12', '2025-01', '2025-02'] */
  readonly months?: readonly string[];
  /** Usage rows per month, about. @default - drawn between 30 and 120 */
  readonly usageRows?: number;
  /** Whether some clusters have totals from elsewhere. @default false */
  readonly totals?: boolean;
};

/**
 * Draws a valid estate in which every rule of docs/methodology.md may apply. The same seed and options draw the
 * same estate everywhere.
 *
 * Every month of it can be calculated under every version: by construction one cluster always serves, every grid has
 * a factor, no dependencies are closed and no net quantity is below 0.
 *
 * @example
 * const tables = randomEstate(42);
 * writeEstate(tables, directory, { shuffleSeed: 1, filesPerMonth: 3, gzip: true });
 */
export function randomEstate(seed: number, options: RandomEstateOptions = {}): EstateTables {
  const random = new Random(seed);
  const plan = drawPlan(random, options.months ?? ['2024-12', '2025-01', '2025-02'], options.usageRows);
  return {
    clusters: plan.clusters.map((cluster) => clusterRow(cluster)),
    ...drawEmissionTables(random, plan),
    services: plan.services.map((service) => serviceRow(service.code, service.basis)),
    internal_accounts: plan.internal.map((account) => ({ account_id: account })),
    ...drawRackTables(random, plan),
    ...(options.totals === true ? drawTotals(seed, plan) : { cluster_emissions: {}, service_emissions: {} }),
    usage: drawUsage(random, plan),
    accounts: accountsFile(random, plan),
  };
}

/** The cluster without its fate, which is not a column. */
function clusterRow(cluster: Plan['clusters'][number]): Row<'clusters'> {
  const { cluster_id, kind, region_code, location, opened_on } = cluster;
  return { cluster_id, kind, region_code, location, opened_on };
}

function serviceRow(code: string, basis: string): Row<'services'> {
  return { product_code: code, service_name: `The service called "${code}", in full`, basis };
}

/** All accounts but the unlisted ones, in the organization of a management account with leading zeros. */
function accountsFile(random: Random, plan: Plan): AccountsFile {
  const management = '000000000042';
  const members = [...plan.customers, ...plan.internal].filter((id) => !plan.unlisted.includes(id));
  return {
    Accounts: [...new Set([management, ...members])].map((id, at) => ({
      Id: id,
      Arn: `arn:aws:organizations::${management}:account/o-abcdefghij/${id}`,
      Name: `Team ${String(at)}, "Zürich"`,
      Email: `account-${String(at)}@example.com`,
      State: random.pick(['ACTIVE', 'ACTIVE', 'SUSPENDED', 'CLOSED']),
      JoinedMethod: 'CREATED',
      JoinedTimestamp: '2021-01-01T00:00:00+00:00',
    })),
  };
}

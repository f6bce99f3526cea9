import type { LoadedMonth } from '../../compute/allocation/month-inputs';
import { usageOfMonth } from '../../compute/allocation/usage-of-month';
import type { AccountId } from '../../base/account-id';
import { type Kg, sumKg } from '../../base/mass';
import type { Progress } from '../../base/progress';
import type { Figure } from '../../exports/emissions';
import type { ProductDetail } from '../../exports/export-settings';
import type { Category } from '../../method/categories';
import type { ModelVersion } from '../../method/model-version';
import { allocateMonth } from '../../method/month-allocation';
import type { ServiceShare } from '../../method/service-shares';
import { type DuckSession, numberIn } from '../../sql/duck-session';
import type { Drivers } from '../../usage/driver-sql';
import { type LoadedPairs, loadPairs, type ServicePair } from '../../usage/service-pairs';
import { sumDrivers } from '../../usage/usage-drivers';
import { accountLines, type UsageLines } from './account-lines';
import { explainPath, type PathRequest } from './explain-path';
import { explainCluster } from './explain-cluster';
import { explainRacks } from './explain-scope-3';
import { type Explanation, explanation, scaled } from './explanation';
import type { InputPlaces } from './input-places';
import type { SourceContext } from './source-context';

/** The account and the rows that are explained. */
export interface AccountQuestion {
  readonly version: ModelVersion;
  readonly accountId: AccountId;
  readonly categories: readonly Category[];
  readonly productDetail: ProductDetail;
  /** Only this product_code. */
  readonly productCode?: string;
  /** Only this region_code. */
  readonly regionCode?: string;
  /** Counts the rows; called with the name of each. */
  readonly progress: Progress<string>;
}

/** A row of the export in one category, explained in two ways that add up to the same number. */
export interface ExplainedRow {
  readonly regionCode: string;
  readonly productCode: string;
  readonly kg: Kg;
  /** By the racks and services that it came through. */
  readonly path: Explanation;
  /** By meters, fuel, factors and contracts. */
  readonly source: Explanation;
}

/** An account's rows in one category, explained. */
export interface ExplainedCategory {
  readonly category: Figure | Category;
  readonly rows: readonly ExplainedRow[];
}

/**
 * Computes a month again and explains an account's rows. Every level adds up to the one above.
 *
 * @returns by category, rows ordered by region_code and product_code; no rows when the account has no usage
 */
export async function explainAccount(
  session: DuckSession,
  month: LoadedMonth,
  places: InputPlaces,
  question: AccountQuestion,
): Promise<ExplainedCategory[]> {
  const { estate } = month;
  const pairs = await loadPairs(session, estate, question.productDetail);
  const usage = await usageOfMonth(session, month);
  const { drivers, totals } = await sumDrivers(session, usage, pairs);
  const allocation = allocateMonth(estate, question.version, totals);
  const context = { estate, allocation, places };
  const linesOf = await accountLines(session, usage.source, question.accountId);
  const explained = question.categories.map((category) => ({ category, rows: new Array<ExplainedRow>() }));
  const asked = pairs.rowKeys.filter(
    ({ regionCode, productCode }) =>
      (question.regionCode ?? regionCode) === regionCode &&
      (question.productCode ?? productCode) === productCode,
  );
  question.progress.planned(asked.length);
  for (const { rowId, regionCode, productCode } of asked) {
    const used = await driversOf(session, drivers, pairs, { accountId: question.accountId, rowId });
    const found = used.flatMap(({ pair, amount }): UsedPair[] => {
      const share = allocation.shares.find(
        ({ clusterId, productCode: code }) =>
          clusterId === pair.cluster.clusterId && code === pair.service.productCode,
      );
      return share === undefined ? [] : [{ pair, amount, share, lines: linesOf(pair) }];
    });
    for (const { category, rows } of found.length === 0 ? [] : explained) {
      const parts: ExplainedPair[] = [];
      for (const pair of found) parts.push(await explainPair(context, pair, question.version, category));
      rows.push(rowOf(regionCode, productCode, parts));
    }
    question.progress.finished(`${productCode} in ${regionCode}`);
  }
  return explained;
}

function rowOf(regionCode: string, productCode: string, parts: readonly ExplainedPair[]): ExplainedRow {
  const label = `${productCode} in ${regionCode}`;
  const kg = sumKg(parts.map((part) => part.path.kg));
  const path = explanation(label, kg, { parts: parts.map((part) => part.path) });
  const source = explanation(label, kg, { parts: parts.map((part) => part.source) });
  return { regionCode, productCode, kg, path, source };
}

interface UsedPair {
  readonly pair: ServicePair;
  readonly amount: number;
  readonly share: ServiceShare;
  readonly lines: UsageLines;
}

interface ExplainedPair {
  readonly path: Explanation;
  readonly source: Explanation;
}

async function explainPair(
  context: SourceContext,
  { pair, amount, share, lines }: UsedPair,
  version: ModelVersion,
  category: Category,
): Promise<ExplainedPair> {
  const { clusterId } = pair.cluster;
  const accountShare = amount / share.driver;
  const kg = share.kg[category] * accountShare;
  const facts = {
    driver: pair.service.basis === 'physical' ? 'usage_quantity' : 'usage_revenue',
    driver_of_account: amount,
    driver_of_all: share.driver,
    share_of_account: accountShare,
    service_kg: share.kg[category],
    usage_lines: lines.count,
  };
  const label = `${pair.service.productCode} in ${clusterId}`;
  const parts = await explainPath(context, { share, category, accountShare, version });
  const sources = kg === 0 ? [] : await explainSources(context, { share, accountShare, category });
  return {
    path: explanation(label, kg, { facts, parts, inputs: lines.places }),
    source: explanation(label, kg, { parts: sources }),
  };
}

/**
 * Explains an account's part of a service by its sources: what its cluster emitted, and the embodied carbon of single racks.
 * Both take their part of unclaimed services.
 */
async function explainSources(
  context: SourceContext,
  { share, accountShare, category }: Pick<PathRequest, 'share' | 'accountShare' | 'category'>,
): Promise<Explanation[]> {
  const { serving, weights, rackFlows } = context.allocation;
  const { clusterId, productCode } = share;
  const kg = share.kg[category] * accountShare;
  const cluster = await explainCluster(context, clusterId, category);
  const ofRacks = rackFlows.get(clusterId)?.left.get(productCode)?.[category] ?? 0;
  const weight = weights.get(clusterId)?.weight.get(productCode) ?? 0;
  const ofCluster = (serving.kg.get(clusterId)?.[category] ?? 0) * weight;
  // Where all of it was spread from unclaimed services, their racks are not followed.
  const racksKg = ofCluster + ofRacks === 0 ? 0 : (kg * ofRacks) / (ofCluster + ofRacks);
  const share_of_cluster = cluster.kg === 0 ? 0 : (kg - racksKg) / cluster.kg;
  const racks = racksKg === 0 ? [] : await explainRacks(context, share, category);
  return [
    ...(share_of_cluster === 0
      ? []
      : [{ ...scaled(cluster, share_of_cluster), facts: { share_of_cluster } }]),
    ...racks.map((rack) => scaled(rack, racksKg / ofRacks)),
  ];
}

async function driversOf(
  session: DuckSession,
  drivers: Drivers,
  { pairs, table }: LoadedPairs,
  { accountId, rowId }: { readonly accountId: AccountId; readonly rowId: number },
): Promise<{ pair: ServicePair; amount: number }[]> {
  const rows = await session.rows(
    `SELECT d.pair_id, d.amount FROM ${drivers.table} d JOIN ${table.table} p ON p.pair_id = d.pair_id
     WHERE d.account_number = CAST($1 AS BIGINT) AND p.row_id = CAST($2 AS INTEGER) AND d.amount > 0 ORDER BY d.pair_id`,
    [accountId, String(rowId)],
  );
  return rows.flatMap((row) => {
    const pair = pairs.find(({ pairId }) => pairId === numberIn(row, 'pair_id'));
    return pair === undefined ? [] : [{ pair, amount: numberIn(row, 'amount') }];
  });
}

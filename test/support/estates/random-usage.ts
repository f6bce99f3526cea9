import type { Row } from '../../../shared/audit/verify/exact/estate-tables';
import type { EstateTables } from './estate-tables';
import type { Random } from './random';
import { ANCHOR_SERVICE, type Plan, SWALLOWED_SERVICE } from './random-plan';

type Amounts = { readonly usage_quantity: string; readonly usage_revenue: string };

/** Draws what step 5 reads: usage in each service's unit and in currency. No account's net quantity is below 0. */
export function drawUsage(random: Random, plan: Plan): EstateTables['usage'] {
  const months = plan.months.map((month): [string, Row<'usage'>[]] => {
    const rows = [anchorRow(random, plan)];
    while (rows.length < plan.usageRows) rows.push(...drawRows(random, plan));
    random.shuffle(rows);
    return [month, rows];
  });
  return Object.fromEntries(months);
}

/** A customer always uses the anchor service in the first cluster, so that one cluster serves. */
function anchorRow(random: Random, plan: Plan): Row<'usage'> {
  return {
    usage_account_id: plan.customers[0] ?? '',
    cluster_id: plan.clusters[0]?.cluster_id ?? '',
    product_code: ANCHOR_SERVICE,
    usage_quantity: random.decimal(0.001, 1_000, 9),
    usage_revenue: '',
  };
}

/** The rows of one account, cluster and service that belong together, such as a charge and its refund. */
function drawRows(random: Random, plan: Plan): Row<'usage'>[] {
  const cluster = random.pick(plan.clusters.filter(({ fate }) => fate !== 'no usage'));
  const used = plan.services.filter((service) => service.used).map((service) => service.code);
  const edgeCode = random.pick(['AmazonCloudFront', 'AmazonCloudFront', random.pick(used)]);
  const code = cluster.kind === 'edge' ? edgeCode : random.pick(used);
  const key = {
    usage_account_id: random.pick([...plan.customers, ...plan.internal]),
    cluster_id: cluster.cluster_id,
    product_code: cluster.fate === 'only service wholly consumed' ? SWALLOWED_SERVICE : code,
  };
  return drawAmounts(random).map((amounts) => ({ ...key, ...amounts }));
}

function drawAmounts(random: Random): Amounts[] {
  if (random.chance(0.08)) return pairUp(drawGroup(random), []);
  if (random.chance(0.08)) return pairUp([], drawGroup(random));
  if (random.chance(0.03)) return pairUp(['1'], [`-${random.decimal(5_000, 90_000, 2)}`]);
  return [{ usage_quantity: drawQuantity(random), usage_revenue: drawRevenue(random) }];
}

/**
 * Amounts whose sum in doubles is not their sum: 0.1 + 0.2 - 0.3 is exactly nothing, and 1,000,000,000.01 less
 * 1,000,000,000 is exactly 0.01.
 */
function drawGroup(random: Random): string[] {
  return random.pick([
    ['0.1', '0.2', '-0.3'],
    ['0.7', '0.2', '0.1', '-1'],
    ['1000000000.01', '-1000000000'],
    ['12.345678901', '-12.3456789'],
  ]);
}

function pairUp(quantities: readonly string[], revenues: readonly string[]): Amounts[] {
  return Array.from({ length: Math.max(quantities.length, revenues.length) }, (_, at) => ({
    usage_quantity: quantities[at] ?? '',
    usage_revenue: revenues[at] ?? '',
  }));
}

/** Quantities from 1e-9 to 1e12, with at most nine places. */
function drawQuantity(random: Random): string {
  return random.pick([
    '',
    '0',
    '0.000000001',
    '1000000000000',
    random.decimal(0, 0.000001, 9),
    random.decimal(0, 1_000_000, 9),
    random.decimal(0, 1_000_000, 9),
    random.decimal(1e9, 1e12, 3),
    random.decimal(1, 5_000, 0),
  ]);
}

/** Revenue with refunds among the charges. */
function drawRevenue(random: Random): string {
  return random.pick([
    '',
    '0',
    random.decimal(0, 4_000, 6),
    random.decimal(0, 4_000, 6),
    random.decimal(0, 4_000, 2),
    random.decimal(0, 0.01, 9),
    `-${random.decimal(0.01, 30, 6)}`,
  ]);
}

import type { ModelVersion } from './categories';
import type { MethodTables, Row } from './estate-tables';
import { addTo, decimal, type Fraction, isPositive, sum, ZERO } from './rational';

/**
 * The drivers of step 5, all above 0: per cluster and service the driver of each account, in the service's unit or in
 * currency.
 */
export type Drivers = ReadonlyMap<string, ReadonlyMap<string, Fraction>>;

/** Step 5, first half: each account's driver per cluster and service, its usage rows summed before anything else. */
export function driversOf(tables: MethodTables, month: string, version: ModelVersion): Drivers {
  const drivers = new Map<string, Map<string, Fraction>>();
  for (const [key, rows] of usageByKey(tables, month)) {
    const [account = '', cluster = '', code = ''] = key.split('|');
    const basis = basisOf(tables, code);
    // v1 does not separate the operator's own use of services that are shared out by revenue.
    if (version === 'v1.0.0' && basis === 'economic' && isInternal(tables, account)) continue;
    const values = rows.map((row) => (basis === 'economic' ? row.usage_revenue : row.usage_quantity));
    const amount = sum(values.map(decimal));
    // Net revenue below 0, from refunds and cancellations, counts as 0; a net quantity must not be below 0.
    if (basis === 'physical' && amount.compare(ZERO) < 0) {
      throw new Error(
        `the usage quantity of ${account}, ${cluster}, ${code} is below 0: ${amount.toString()}`,
      );
    }
    if (!isPositive(amount)) continue;
    const accounts = drivers.get(driverKey(cluster, code)) ?? new Map<string, Fraction>();
    addTo(accounts, account, amount);
    drivers.set(driverKey(cluster, code), accounts);
  }
  return drivers;
}

/** The drivers of one service in one cluster, by account. */
export function driversFor(drivers: Drivers, clusterId: string, code: string): ReadonlyMap<string, Fraction> {
  return drivers.get(driverKey(clusterId, code)) ?? new Map<string, Fraction>();
}

/** D(c,s): the drivers of all accounts together. */
export function driverTotal(drivers: Drivers, clusterId: string, code: string): Fraction {
  return sum(driversFor(drivers, clusterId, code).values());
}

/** Whether the account is one of the operator's own. */
export function isInternal(tables: MethodTables, account: string): boolean {
  return tables.internal_accounts.some((row) => row.account_id === account);
}

/** The usage rows of each 'account|cluster|service'. */
function usageByKey(tables: MethodTables, month: string): Map<string, Row<'usage'>[]> {
  const groups = new Map<string, Row<'usage'>[]>();
  for (const row of tables.usage[month] ?? []) {
    const key = `${row.usage_account_id}|${row.cluster_id}|${row.product_code}`;
    const group = groups.get(key) ?? [];
    group.push(row);
    groups.set(key, group);
  }
  return groups;
}

function basisOf(tables: Pick<MethodTables, 'services'>, code: string): string {
  const service = tables.services.find((row) => row.product_code === code);
  if (service === undefined) throw new Error(`the usage names ${code}, which is not a service`);
  return service.basis;
}

/** Key of a service in a cluster in {@link Drivers}. */
export function driverKey(clusterId: string, code: string): string {
  return JSON.stringify([clusterId, code]);
}

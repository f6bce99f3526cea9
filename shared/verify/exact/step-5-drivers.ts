import type { ModelVersion } from './categories';
import type { MethodTables, Row } from './estate-tables';
import { type Fraction, addTo, decimal, isPositive, sum, ZERO } from './rational';

/**
 * The drivers of step 5, all above 0: per 'cluster|service' the driver of each account, in the service's unit or in
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
    const driver = basis === 'economic' ? revenue(rows) : quantity(key, rows);
    if (!isPositive(driver)) continue;
    const accounts = drivers.get(`${cluster}|${code}`) ?? new Map<string, Fraction>();
    addTo(accounts, account, driver);
    drivers.set(`${cluster}|${code}`, accounts);
  }
  return drivers;
}

/** The drivers of one service in one cluster, by account. */
export function driversFor(drivers: Drivers, clusterId: string, code: string): ReadonlyMap<string, Fraction> {
  return drivers.get(`${clusterId}|${code}`) ?? new Map<string, Fraction>();
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

function basisOf(tables: MethodTables, code: string): string {
  const service = tables.services.find((row) => row.product_code === code);
  if (service === undefined) throw new Error(`the usage names ${code}, which is not a service`);
  return service.basis;
}

/** Net revenue, with what refunds and cancellations push below 0 counted as 0. */
function revenue(rows: readonly Row<'usage'>[]): Fraction {
  const net = sum(rows.map((row) => decimal(row.usage_revenue)));
  return isPositive(net) ? net : ZERO;
}

/** Net quantity, which must not be below 0. */
function quantity(key: string, rows: readonly Row<'usage'>[]): Fraction {
  const net = sum(rows.map((row) => decimal(row.usage_quantity)));
  if (net.compare(ZERO) < 0) throw new Error(`the usage quantity of ${key} is below 0: ${net.toString()}`);
  return net;
}

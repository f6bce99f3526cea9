import { asKg, type Kg } from '../base/mass';
import {
  add,
  anyPositive,
  type KgByCategory,
  byCategory,
  CATEGORIES,
  type Category,
  scale,
  sumByCategory,
  ZERO,
} from './categories';
import type { DriverTotal } from './drivers';
import { MethodError } from './method-error';
import type { ModelVersion } from './model-version';
import type { Service } from './month-estate';

/** One service in one serving cluster: its emissions for accounts, and the driver by which they are divided. */
export interface ServiceShare {
  readonly clusterId: string;
  readonly productCode: string;
  /** n(c,s), kgCO2e, with its part of unclaimed services where the version allocates them. */
  readonly kg: KgByCategory;
  /** D(c,s): the driver total that the kg are divided by. */
  readonly driver: number;
  /** kgCO2e of internal accounts, which stay with the operator. */
  readonly internalKg: KgByCategory;
}

/** Step 5 of the method for one serving cluster, up to the accounts. */
export interface ClusterServices {
  readonly shares: readonly ServiceShare[];
  /** Services with emissions and no driver, by product_code. */
  readonly unclaimed: readonly string[];
  /** kgCO2e of unclaimed services that stay with the operator. */
  readonly retainedUnclaimedKg: KgByCategory;
}

/** Returns true where internal accounts share a service's emissions: always, except for economic services before v2. */
export function countsInternal(service: Service, version: ModelVersion): boolean {
  return service.basis === 'physical' || version.separatesInternalUse;
}

/** Returns D(c,s) by the rules of the version. */
export function countedDriver(
  total: DriverTotal | undefined,
  service: Service,
  version: ModelVersion,
): number {
  if (total === undefined) return 0;
  return countsInternal(service, version) ? total.customers + total.internal : total.customers;
}

/** Services of one serving cluster before they meet their drivers. */
export interface ClusterPart {
  readonly clusterId: string;
  /** n(c,s) by product_code, kgCO2e. */
  readonly serviceKg: ReadonlyMap<string, KgByCategory>;
  /** W(c,s) by product_code; none where the services' totals are given. */
  readonly weight: ReadonlyMap<string, number>;
  /** Driver totals by product_code. */
  readonly drivers: ReadonlyMap<string, DriverTotal>;
}

/**
 * Attaches n(c,s) to the drivers of a cluster. Emissions of unclaimed services are treated like unused capacity: they are
 * allocated to the claimed services in proportion to theirs, per category, and where theirs are 0 in proportion to their
 * weights (v2 and later), or stay with the operator (v1).
 *
 * @param services all services, in a fixed order
 * @throws MethodError naming a category of unclaimed emissions in which no claimed service has emissions
 */
export function shareServices(
  { clusterId, serviceKg, drivers, weight }: ClusterPart,
  services: readonly Service[],
  version: ModelVersion,
): ClusterServices {
  const kgOf = ({ productCode }: Service): KgByCategory => serviceKg.get(productCode) ?? ZERO;
  const driverOf = (service: Service): number =>
    countedDriver(drivers.get(service.productCode), service, version);
  const claimed = services.filter((service) => driverOf(service) > 0);
  const unclaimed = services.filter((service) => driverOf(service) === 0 && anyPositive(kgOf(service)));
  const unclaimedCodes = unclaimed.map(({ productCode }) => productCode);
  const unclaimedKg = sumByCategory(unclaimed.map(kgOf));
  const handedOn = version.allocatesUnusedCapacity ? unclaimedKg : ZERO;
  const claimedKg = sumByCategory(claimed.map(kgOf));
  const weightOf = ({ productCode }: Service): number => weight.get(productCode) ?? 0;
  const claimedWeight = claimed.reduce((sum, service) => sum + weightOf(service), 0);
  if (claimedWeight === 0) assertClaimed(clusterId, { claimedKg, handedOn, unclaimed: unclaimedCodes });
  const uplift = upliftOf(claimedKg, handedOn);
  const allocatedKg = (service: Service, category: Category): Kg =>
    asKg(
      claimedKg[category] > 0 || !(handedOn[category] > 0)
        ? kgOf(service)[category] * uplift[category]
        : handedOn[category] * (weightOf(service) / claimedWeight),
    );
  return {
    shares: claimed.map((service) => {
      const { productCode } = service;
      const kg = byCategory((category) => allocatedKg(service, category));
      const driver = driverOf(service);
      const internal = countsInternal(service, version) ? (drivers.get(productCode)?.internal ?? 0) : 0;
      return { clusterId, productCode, kg, driver, internalKg: scale(kg, internal / driver) };
    }),
    unclaimed: unclaimedCodes,
    retainedUnclaimedKg: version.allocatesUnusedCapacity ? ZERO : unclaimedKg,
  };
}

function assertClaimed(
  clusterId: string,
  {
    claimedKg,
    handedOn,
    unclaimed,
  }: {
    readonly claimedKg: KgByCategory;
    readonly handedOn: KgByCategory;
    readonly unclaimed: readonly string[];
  },
): void {
  const stuck = CATEGORIES.filter((category) => handedOn[category] > 0 && !(claimedKg[category] > 0));
  if (stuck.length === 0) return;
  throw new MethodError(
    `no account used ${unclaimed.join(', ')} in ${clusterId}, and no service that was used has emissions of ${stuck.join(', ')} to take theirs in proportion`,
  );
}

/** The factor by which claimed services take over the emissions of unclaimed ones, per category. */
function upliftOf(claimedKg: KgByCategory, handedOnKg: KgByCategory): Readonly<Record<Category, number>> {
  const withHandedOn = add(claimedKg, handedOnKg);
  return byCategory((category) =>
    claimedKg[category] > 0 ? withHandedOn[category] / claimedKg[category] : 1,
  );
}

import {
  add,
  anyPositive,
  type ByCategory,
  byCategory,
  CATEGORIES,
  scale,
  sumByCategory,
  ZERO,
} from './categories';
import type { DriverTotal } from './drivers';
import { MethodError } from './method-error';
import type { ModelVersion } from './model-version';
import type { Service } from './month-estate';

/** One service in one serving cluster: what it holds for accounts, and the driver it is shared by. */
export interface ServiceShare {
  readonly clusterId: string;
  readonly productCode: string;
  /** n(c,s), kgCO2e, with unclaimed services' part where the version hands it on. */
  readonly kg: ByCategory;
  /** D(c,s): the driver total that the kg are divided by. */
  readonly driver: number;
  /** kgCO2e that fall on internal accounts and stay with the operator. */
  readonly internalKg: ByCategory;
}

/** Step 5 of method.md for one serving cluster, up to the accounts. */
export interface ClusterServices {
  readonly shares: readonly ServiceShare[];
  /** Services with emissions and no driver, by product_code. */
  readonly unclaimed: readonly string[];
  /** kgCO2e of unclaimed services that stay with the operator. */
  readonly retainedUnclaimedKg: ByCategory;
}

/** True where internal accounts take part in a service: always, but for economic services before v2. */
export function countsInternal(service: Service, version: ModelVersion): boolean {
  return service.basis === 'physical' || version.separatesInternalUse;
}

/** D(c,s) as the version counts it. */
export function countedDriver(
  total: DriverTotal | undefined,
  service: Service,
  version: ModelVersion,
): number {
  if (total === undefined) return 0;
  return countsInternal(service, version) ? total.customers + total.internal : total.customers;
}

/**
 * Attaches n(c,s) to the drivers of a cluster. What nobody claims is treated as unused capacity is: it goes to the
 * claimed services in proportion to theirs, per category (v2), or stays with the operator (v1).
 *
 * @param serviceKg n(c,s) of the cluster by product_code, kgCO2e
 * @param drivers driver totals of the cluster by product_code
 * @param services all services, in a fixed order
 * @throws MethodError naming a category in which nothing that is claimed could take what is not
 */
export function shareServices(
  clusterId: string,
  serviceKg: ReadonlyMap<string, ByCategory>,
  drivers: ReadonlyMap<string, DriverTotal>,
  services: readonly Service[],
  version: ModelVersion,
): ClusterServices {
  const kgOf = ({ productCode }: Service): ByCategory => serviceKg.get(productCode) ?? ZERO;
  const driverOf = (service: Service): number =>
    countedDriver(drivers.get(service.productCode), service, version);
  const claimed = services.filter((service) => driverOf(service) > 0);
  const unclaimed = services.filter((service) => driverOf(service) === 0 && anyPositive(kgOf(service)));
  const unclaimedKg = sumByCategory(unclaimed.map(kgOf));
  const handedOn = version.allocatesUnusedCapacity ? unclaimedKg : ZERO;
  const claimedKg = sumByCategory(claimed.map(kgOf));
  const stuck = CATEGORIES.filter((category) => handedOn[category] > 0 && !(claimedKg[category] > 0));
  if (stuck.length > 0) {
    throw new MethodError(
      `nobody used ${unclaimed.map(({ productCode }) => productCode).join(', ')} in ${clusterId}, and no service that was used has emissions of ${stuck.join(', ')} to take theirs in proportion`,
    );
  }
  const uplift = upliftOf(claimedKg, handedOn);
  return {
    shares: claimed.map((service) => {
      const own = kgOf(service);
      const kg = byCategory((category) => own[category] * uplift[category]);
      const driver = driverOf(service);
      const internal = countsInternal(service, version)
        ? (drivers.get(service.productCode)?.internal ?? 0)
        : 0;
      return {
        clusterId,
        productCode: service.productCode,
        kg,
        driver,
        internalKg: scale(kg, internal / driver),
      };
    }),
    unclaimed: unclaimed.map(({ productCode }) => productCode),
    retainedUnclaimedKg: version.allocatesUnusedCapacity ? ZERO : unclaimedKg,
  };
}

function upliftOf(claimedKg: ByCategory, handedOnKg: ByCategory): ByCategory {
  const withHandedOn = add(claimedKg, handedOnKg);
  return byCategory((category) =>
    claimedKg[category] > 0 ? withHandedOn[category] / claimedKg[category] : 1,
  );
}

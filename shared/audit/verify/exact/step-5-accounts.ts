import type { ModelVersion } from './categories';
import { type Fraction, isPositive, isZero, ONE, sum, ZERO } from './rational';
import { type Drivers, driverTotal } from './step-5-drivers';

/** Emissions of one cluster's services after step 5, in one category. */
export type AccountEmissions = {
  /** kg per unit of driver of every service that has a driver, by product_code; also where it is 0. */
  readonly perUnit: ReadonlyMap<string, Fraction>;
  /** Emissions of services without a driver, in kg; 0 in v2. */
  readonly unclaimed: Fraction;
};

/** The services of one cluster before step 5. */
export type ClusterServices = {
  readonly clusterId: string;
  /** n(c,s) in kg by product_code. */
  readonly services: ReadonlyMap<string, Fraction>;
  /** W(c,s) by product_code; undefined where the services' totals are given. */
  readonly weights: ReadonlyMap<string, Fraction> | undefined;
};

/**
 * Step 5, second half: divides n(c,s) in kg over the accounts, by driver. Versions from 2 on spread the emissions of
 * unclaimed services over the claimed ones, in proportion to theirs, or to their weights where theirs are 0; version 1
 * retains them.
 */
export function servicesToAccounts(
  { clusterId, services, weights }: ClusterServices,
  version: ModelVersion,
  drivers: Drivers,
): AccountEmissions {
  const isClaimed = (code: string): boolean => isPositive(driverTotal(drivers, clusterId, code));
  const claimed = [...services].filter(([code]) => isClaimed(code));
  const claimedTotal = sum(claimed.map(([, kg]) => kg));
  const unclaimed = sum(services.values()).sub(claimedTotal);
  const spreads = version !== 'v1.0.0' && isPositive(unclaimed);
  const weightOf = (code: string): Fraction => weights?.get(code) ?? ZERO;
  const claimedWeight = sum(claimed.map(([code]) => weightOf(code)));
  if (spreads && isZero(claimedTotal) && isZero(claimedWeight)) {
    throw new Error(
      `cluster ${clusterId}: no used service has emissions that unclaimed emissions could be spread by`,
    );
  }
  const kgOf = (code: string, kg: Fraction): Fraction => {
    if (!spreads) return kg;
    if (isZero(claimedTotal)) return unclaimed.mul(weightOf(code)).div(claimedWeight);
    return kg.mul(ONE.add(unclaimed.div(claimedTotal)));
  };
  const perUnit = claimed.map(([code, kg]): [string, Fraction] => [
    code,
    kgOf(code, kg).div(driverTotal(drivers, clusterId, code)),
  ]);
  return { perUnit: new Map(perUnit), unclaimed: spreads ? ZERO : unclaimed };
}

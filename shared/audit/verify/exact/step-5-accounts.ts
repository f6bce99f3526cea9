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

/**
 * Step 5, second half: divides n(c,s) in kg over the accounts, by driver. Version 2 spreads the emissions of unclaimed
 * services over the claimed ones; version 1 retains them.
 */
export function servicesToAccounts(
  services: ReadonlyMap<string, Fraction>,
  clusterId: string,
  version: ModelVersion,
  drivers: Drivers,
): AccountEmissions {
  const isClaimed = (code: string): boolean => isPositive(driverTotal(drivers, clusterId, code));
  const claimed = [...services].filter(([code]) => isClaimed(code));
  const claimedTotal = sum(claimed.map(([, kg]) => kg));
  const unclaimed = sum(services.values()).sub(claimedTotal);
  if (version === 'v2.0.0' && isZero(claimedTotal) && isPositive(unclaimed)) {
    throw new Error(
      `cluster ${clusterId}: no used service has emissions that unclaimed emissions could be spread by`,
    );
  }
  const spread = version === 'v2.0.0' && !isZero(claimedTotal);
  const factor = spread ? ONE.add(unclaimed.div(claimedTotal)) : ONE;
  const perUnit = claimed.map(([code, kg]): [string, Fraction] => [
    code,
    kg.mul(factor).div(driverTotal(drivers, clusterId, code)),
  ]);
  return { perUnit: new Map(perUnit), unclaimed: spread ? ZERO : unclaimed };
}

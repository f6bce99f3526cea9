import type { ModelVersion } from './categories';
import { type Fraction, addTo, isPositive, isZero, ONE, sum, ZERO } from './rational';
import { driversFor, driverTotal, type Drivers } from './step-5-drivers';

/** What step 5 makes of one cluster's services in one category, in kg. */
export type AccountEmissions = {
  /** Per 'account|service', also where the emission is 0. */
  readonly accounts: ReadonlyMap<string, Fraction>;
  /** What no account's driver claimed; 0 in v2. */
  readonly unclaimed: Fraction;
};

/**
 * Step 5, second half: n(c,s) in kg over the accounts, by driver. What services have that nobody used is spread over
 * the claimed ones by v2, and kept by v1.
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
  const spread = version === 'v2.0.0' && !isZero(claimedTotal);
  const factor = spread ? ONE.add(unclaimed.div(claimedTotal)) : ONE;

  const accounts = new Map<string, Fraction>();
  for (const [code, kg] of claimed) {
    const total = driverTotal(drivers, clusterId, code);
    for (const [account, driver] of driversFor(drivers, clusterId, code)) {
      addTo(accounts, `${account}|${code}`, kg.mul(factor).mul(driver).div(total));
    }
  }
  return { accounts, unclaimed: spread ? ZERO : unclaimed };
}

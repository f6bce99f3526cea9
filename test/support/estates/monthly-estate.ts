import type { EstateTables } from './estate-tables';
import { contract, fuelUse, gridFactor, rack, rackUse, serviceUse, tinyEstate, usage } from './tiny-estate';

/** Months of a monthly estate: the last one of v1.0.0 and two of v2.0.0. */
export const MONTHS = ['2024-12', '2025-01', '2025-02'] as const;

const MANAGEMENT = '000000000042';

/** An account as `aws organizations list-accounts` prints it. */
export function listedAccount(id: string, name = `Team ${id}`): EstateTables['accounts']['Accounts'][number] {
  return {
    Id: id,
    Arn: `arn:aws:organizations::${MANAGEMENT}:account/o-abcdefghij/${id}`,
    Name: name,
    Email: `${id}@example.com`,
    State: 'ACTIVE',
    JoinedMethod: 'CREATED',
    JoinedTimestamp: '2021-01-01T00:00:00+00:00',
  };
}

/** The tiny estate over several months, with every table in use: two customers and one internal account. */
export function monthlyEstate(
  months: readonly string[] = MONTHS,
  changes: Partial<EstateTables> = {},
): EstateTables {
  const everyMonth = <T>(rows: () => T[]): Record<string, T[]> =>
    Object.fromEntries(months.map((month) => [month, rows()]));
  return tinyEstate({
    grid_factors: [gridFactor('2023', '0.5', ''), gridFactor('2025', '0.4', '0.6')],
    fuel_use: [fuelUse('2024', '366'), fuelUse('2025', '365')],
    electricity: months.map((month) => ({
      site_id: 's1',
      usage_period: month,
      mwh: '1',
      basis: 'metered',
    })),
    contracts: [contract({ id: 'k1', kind: 'ppa', period: '2025', mwh: '3.65', kgPerKwh: '0.1' })],
    racks: everyMonth(() => [rack('r1', 'server', '10'), rack('r2', 'overhead', '2')]),
    rack_use: everyMonth(() => [rackUse('r1', 'A', '0.5'), rackUse('r1', 'B', '0.25')]),
    service_use: everyMonth(() => [serviceUse('A', 'B', '0.1')]),
    usage: everyMonth(() => [
      usage('000000000001', 'A', '3', '1.5'),
      usage('000000000002', 'A', '1', ''),
      usage('000000000002', 'B', '', '2.5'),
      usage('000000000009', 'A', '1', ''),
    ]),
    accounts: {
      Accounts: [MANAGEMENT, '000000000001', '000000000002', '000000000009'].map((id) => listedAccount(id)),
    },
    ...changes,
  });
}

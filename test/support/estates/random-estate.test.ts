import type { Row } from '../../../shared/audit/verify/exact/estate-tables';
import { BASE_CATEGORIES } from '../../../shared/audit/verify/exact/categories';
import { naiveMonth } from '../../../shared/audit/verify/exact/naive-method';
import { addTo, decimal, type Fraction, isPositive, ONE } from '../../../shared/audit/verify/exact/rational';
import { nonEmpty } from '../non-empty';
import { repetitions } from '../repetitions';
import { FEATURES } from './estate-features';
import type { EstateTables } from './estate-tables';
import { randomEstate } from './random-estate';

const SEEDS = Array.from({ length: 60 }, (_, seed) => seed);
const ESTATES = SEEDS.map((seed) => randomEstate(seed));
const MONTHS = ['2024-12', '2025-01', '2025-02'];

describe('random estates', () => {
  it('are the same for the same seed, and differ between seeds', () => {
    expect(randomEstate(7)).toEqual(ESTATES[7]);
    expect(randomEstate(8)).not.toEqual(ESTATES[7]);
  });

  it.each(FEATURES)('come with $feature', ({ isIn }) => {
    // Act
    const count = ESTATES.filter(isIn).length;
    // Assess
    expect(count).toBeGreaterThan(0);
  });

  it.each(SEEDS)('follow the rules of the input tables (seed %i)', (seed) => {
    // Prepare
    const tables = randomEstate(seed);
    for (const month of MONTHS) {
      const { racks, rackUse, serviceUse } = monthOf(tables, month);
      // Act
      const ofRack = totals(rackUse.map((row) => [row.rack_id, row.share]));
      const ofProvider = totals(
        serviceUse.map((row) => [`${row.cluster_id}|${row.provider_code}`, row.share]),
      );
      // Assess
      expect([...ofRack.values(), ...ofProvider.values()].filter((share) => share.compare(ONE) > 0)).toEqual(
        [],
      );
      expectDistinct(racks.map((row) => row.rack_id));
      expectDistinct(rackUse.map((row) => `${row.rack_id}|${row.product_code}`));
      expectDistinct(serviceUse.map((row) => `${row.cluster_id}|${row.provider_code}|${row.consumer_code}`));
      expect([...ofRack.keys()].filter((id) => !racks.some((row) => row.rack_id === id))).toEqual([]);
    }
    expectDistinct(tables.clusters.map((row) => row.cluster_id));
    expectDistinct(tables.sites.map((row) => row.site_id));
    expectDistinct(tables.contracts.map((row) => row.contract_id));
    expectDistinct(tables.grid_factors.map((row) => `${row.grid_id}|${row.year}`));
    expectDistinct(tables.services.map((row) => row.product_code));
    expectDistinct(tables.accounts.Accounts.map((account) => account.Id));
  });

  it('can all be calculated, with rows and emissions in nearly all', () => {
    // Act
    const results = ESTATES.slice(0, repetitions(20)).flatMap((tables) =>
      MONTHS.flatMap((month) => [naiveMonth(tables, month, 'v1.0.0'), naiveMonth(tables, month, 'v2.0.0')]),
    );
    // Assess
    expect(nonEmpty(results).every(({ rows }) => rows.size > 0)).toBe(true);
    for (const category of BASE_CATEGORIES) {
      const emitting = results.filter(({ ledgerKg }) => isPositive(ledgerKg[category].exported));
      expect(emitting.length).toBeGreaterThan(results.length * 0.8);
    }
  });

  it('take the months and the number of usage rows that a test asks for', () => {
    // Act
    const tables = randomEstate(1, { months: ['2026-02', '2026-03'], usageRows: 500 });
    // Assess
    expect(Object.keys(tables.usage)).toEqual(['2026-02', '2026-03']);
    expect(tables.usage['2026-02']?.length).toBeGreaterThanOrEqual(500);
    expect(naiveMonth(tables, '2026-03', 'v2.0.0').rows.size).toBeGreaterThan(0);
  });
});

function monthOf(
  tables: EstateTables,
  month: string,
): { racks: Row<'racks'>[]; rackUse: Row<'rack_use'>[]; serviceUse: Row<'service_use'>[] } {
  return {
    racks: tables.racks[month] ?? [],
    rackUse: tables.rack_use[month] ?? [],
    serviceUse: tables.service_use[month] ?? [],
  };
}

function totals(shares: readonly (readonly [string, string])[]): Map<string, Fraction> {
  const sums = new Map<string, Fraction>();
  for (const [key, share] of shares) addTo(sums, key, decimal(share));
  return sums;
}

function expectDistinct(keys: readonly string[]): void {
  expect(new Set(keys).size).toBe(keys.length);
}

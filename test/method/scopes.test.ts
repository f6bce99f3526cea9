import { defined } from '../../shared/base/defined';
import { asKg } from '../../shared/base/mass';
import { asMonth } from '../../shared/base/month';
import type { Contract, FuelEntry } from '../../shared/method/month-estate';
import { scopeOne, selectFuelRecord } from '../../shared/method/scope-1';
import { scopeTwoByGrid } from '../../shared/method/scope-2';

/** Fuel that weighs `kg` kgCO2e in a period. */
const fuel = (period: string, kg: number): FuelEntry => ({
  siteId: 's',
  period,
  fuel: 'oil',
  quantity: kg,
  unit: 'kg',
  kg: asKg(kg),
});

describe('scope 1', () => {
  test.each([
    ['nothing at all', '2025-01', [], { basis: 'none', kg: 0 }],
    ['only the future', '2024-12', [fuel('2025', 365)], { basis: 'none', kg: 0 }],
    ["a year's part by days", '2025-02', [fuel('2025', 365)], { basis: 'actual', kg: 28 }],
    ["a leap year's part by days", '2024-02', [fuel('2024', 366)], { basis: 'actual', kg: 29 }],
    [
      'month and year together',
      '2025-01',
      [fuel('2025', 365), fuel('2025-01', 9)],
      { basis: 'actual', kg: 40 },
    ],
    [
      'a year that has other months: actual, and 0',
      '2025-01',
      [fuel('2025-02', 9), fuel('2024', 366)],
      { basis: 'actual', kg: 0 },
    ],
    ['the latest year, with no growth known', '2025-01', [fuel('2024', 365)], { basis: 'estimated', kg: 31 }],
    [
      'growth as it was',
      '2025-01',
      [fuel('2024', 365), fuel('2023', 292)],
      { basis: 'estimated', kg: 31 * 1.25 },
    ],
    [
      'growth over two years, squared',
      '2026-01',
      [fuel('2024', 365), fuel('2023', 292)],
      { basis: 'estimated', kg: 31 * 1.25 ** 2 },
    ],
    ['growth of at most 2', '2025-01', [fuel('2024', 365), fuel('2023', 1)], { basis: 'estimated', kg: 62 }],
    [
      'growth of at least 0.5',
      '2025-01',
      [fuel('2024', 365), fuel('2023', 3650)],
      { basis: 'estimated', kg: 15.5 },
    ],
    [
      'growth of 1 after a year of nothing',
      '2025-01',
      [fuel('2024', 365), fuel('2023', 0)],
      { basis: 'estimated', kg: 31 },
    ],
    [
      'growth of 1 after a gap',
      '2025-01',
      [fuel('2024', 365), fuel('2022', 1)],
      { basis: 'estimated', kg: 31 },
    ],
    [
      'a latest year of nothing',
      '2025-01',
      [fuel('2024', 0), fuel('2023', 365)],
      { basis: 'estimated', kg: 0 },
    ],
    ['an estimate of a leap year', '2028-02', [fuel('2027', 366)], { basis: 'estimated', kg: 29 }],
  ])('of %s in %s', (_, month, entries, { basis, kg }) => {
    const result = scopeOne(
      selectFuelRecord({ clusterId: 'c', family: 'generator' }, entries, asMonth(month)),
      asMonth(month),
    );
    expect(result.basis).toBe(basis);
    expect(result.kg).toBeCloseTo(kg, 12);
  });
});

describe('market-based scope 2', () => {
  const contract = (contractId: string, kind: Contract['kind'], mwh: number, kgPerKwh: number): Contract => ({
    contractId,
    kind,
    gridId: 'g',
    period: '2025-01',
    mwh,
    kgPerKwh,
  });

  const ONE_SITE = {
    sites: [{ siteId: 's', clusterId: 'c', gridId: 'g' }],
    electricity: [{ siteId: 's', mwh: 10, basis: 'metered' }],
  };
  const FACTOR = { gridId: 'g', year: 2024, locationBasedKgPerKwh: 0.5, source: '' };

  /** 10 MWh on a grid of 0.5 kg per kWh, 0.9 beyond contracts. */
  const marketKg = (
    contracts: readonly Contract[],
    month = '2025-01',
    residual: number | undefined = 0.9,
  ): number =>
    scopeTwoByGrid({
      ...ONE_SITE,
      month: asMonth(month),
      gridFactors: [{ ...FACTOR, ...defined({ residualMixKgPerKwh: residual }) }],
      contracts,
    })[0]?.marketBasedKg ?? NaN;

  test.each([
    { what: 'no contract: the residual mix', contracts: [], kg: 9_000 },
    {
      what: 'certificates before the rest, with any ids',
      contracts: [
        contract('a', 'supplier', 10, 0.3),
        contract('b', 'ppa', 10, 0.2),
        contract('c', 'certificate', 10, 0.1),
      ],
      kg: 1_000,
    },
    {
      what: 'agreements before suppliers',
      contracts: [contract('a', 'supplier', 10, 0.3), contract('b', 'ppa', 4, 0)],
      kg: 1_800,
    },
    {
      what: 'by id as text within a kind',
      contracts: [contract('k9', 'ppa', 10, 0.2), contract('k10', 'ppa', 10, 0.1)],
      kg: 1_000,
    },
    { what: 'never more than the load', contracts: [contract('a', 'ppa', 1_000, 0)], kg: 0 },
    { what: 'the rest at the residual mix', contracts: [contract('a', 'ppa', 4, 0)], kg: 5_400 },
    {
      what: "a year's contract by days",
      contracts: [{ ...contract('a', 'ppa', 36.5, 0), period: '2025' }],
      kg: 6_210,
    },
  ])('$what', ({ contracts, kg }) => {
    expect(marketKg(contracts)).toBeCloseTo(kg, 9);
  });

  test('a year of 366 days has 366 days', () => {
    expect(marketKg([{ ...contract('a', 'ppa', 36.6, 0), period: '2024' }], '2024-02')).toBeCloseTo(
      (10 - 2.9) * 900,
      9,
    );
  });

  test('the location-based factor replaces a residual mix that is not published, and 0 is published', () => {
    const [grid] = scopeTwoByGrid({
      ...ONE_SITE,
      month: asMonth('2025-01'),
      gridFactors: [FACTOR],
      contracts: [],
    });
    expect(grid?.marketBasedKg).toBe(5_000);
    expect(marketKg([], '2025-01', 0)).toBe(0);
  });
});

import { clusterEmissions } from '../../../../shared/audit/verify/exact/step-1-clusters';
import {
  type ModelVersion,
  naiveMonth,
  type PerCategory,
} from '../../../../shared/audit/verify/exact/naive-method';
import { perCategory } from '../../../../shared/audit/verify/exact/categories';
import type { ExactMonth } from '../../../../shared/audit/verify/exact/estate-tables';
import { isZero, ZERO } from '../../../../shared/audit/verify/exact/rational';
import type { EstateTables } from '../../../support/estates/estate-tables';
import {
  cluster,
  contract,
  fuelUse,
  gridFactor,
  MONTH,
  rack,
  rackUse,
  serviceUse,
  tinyEstate,
  usage,
} from '../../../support/estates/tiny-estate';

const at = (tables: EstateTables): ExactMonth => ({ tables, month: MONTH, version: 'v2.0.0' });

/** kg of the estate's only cluster. */
function emitted(tables: EstateTables): PerCategory {
  return clusterEmissions(at(tables)).get('c1') ?? perCategory(() => ZERO);
}

/** Location-based kg per row, and what was retained, without the zeros. */
function calculated(tables: EstateTables, version: ModelVersion): Record<string, string> {
  const { rows, ledgerKg } = naiveMonth(tables, MONTH, version);
  return {
    ...Object.fromEntries([...rows].map(([key, row]) => [key, row.scope_2_lbm.toFraction()])),
    ...Object.fromEntries(
      Object.entries(ledgerKg.scope_2_lbm)
        .filter(([name, kg]) => name.startsWith('retained') && !isZero(kg))
        .map(([name, kg]) => [name, kg.toFraction()]),
    ),
  };
}

describe('step 1: fuel', () => {
  // 366 / 31 turns what a year has into what December 2024 has.
  it.each([
    { what: 'no entry ever', fuel: [], kg: '0' },
    { what: 'only entries of the future', fuel: [fuelUse('2025', '31')], kg: '0' },
    { what: "a month's entry", fuel: [fuelUse('2024-12', '7')], kg: '7' },
    { what: "another month's entry", fuel: [fuelUse('2024-11', '7'), fuelUse('2023', '366')], kg: '0' },
    { what: "a year's entry", fuel: [fuelUse('2024', '366')], kg: '31' },
    { what: 'both add up', fuel: [fuelUse('2024', '366'), fuelUse('2024-12', '7')], kg: '38' },
    { what: 'growth of 1 without a year before', fuel: [fuelUse('2023', '366')], kg: '31' },
    { what: 'growth of 1 after nothing', fuel: [fuelUse('2023', '366'), fuelUse('2022', '0')], kg: '31' },
    { what: 'growth as it was', fuel: [fuelUse('2023', '366'), fuelUse('2022-05', '244')], kg: '93/2' },
    { what: 'growth of at most 2', fuel: [fuelUse('2023', '366'), fuelUse('2022', '1')], kg: '62' },
    { what: 'growth of at least 0.5', fuel: [fuelUse('2023', '366'), fuelUse('2022', '9999')], kg: '31/2' },
    { what: 'growth over two years', fuel: [fuelUse('2022', '366'), fuelUse('2021', '1')], kg: '124' },
    { what: 'a gap before the latest year', fuel: [fuelUse('2023', '366'), fuelUse('2021', '1')], kg: '31' },
  ])('$what', ({ fuel, kg }) => {
    // Prepare
    const tables = tinyEstate({ fuel_use: fuel });
    // Act
    const result = emitted(tables);
    // Assess
    expect(result.scope_1.toFraction()).toBe(kg);
  });
});

describe('step 1: electricity', () => {
  it.each([
    {
      what: "the year's factor",
      factors: [gridFactor('2022', '1', ''), gridFactor('2024', '0.2', '')],
      kg: '200',
    },
    {
      what: 'the latest earlier one',
      factors: [gridFactor('2022', '1', ''), gridFactor('2023', '2', '')],
      kg: '2000',
    },
    {
      what: 'never a later one',
      factors: [gridFactor('2022', '1', ''), gridFactor('2025', '2', '')],
      kg: '1000',
    },
  ])('takes $what', ({ factors, kg }) => {
    expect(emitted(tinyEstate({ grid_factors: factors })).scope_2_lbm.toFraction()).toBe(kg);
  });

  it.each([
    { what: 'the location-based factor for a blank residual mix', residual: '', contracts: [], kg: '500' },
    { what: 'a residual mix of 0', residual: '0', contracts: [], kg: '0' },
    {
      what: 'certificates before agreements before suppliers',
      residual: '0.9',
      contracts: [
        contract({ id: 'a', kind: 'supplier', period: '2024-12', mwh: '0.5', kgPerKwh: '0.3' }),
        contract({ id: 'b', kind: 'ppa', period: '2024-12', mwh: '0.5', kgPerKwh: '0.2' }),
        contract({ id: 'c', kind: 'certificate', period: '2024-12', mwh: '0.2', kgPerKwh: '0.1' }),
      ],
      // 0.2 MWh at 0.1, 0.5 at 0.2 and the last 0.3 at 0.3
      kg: '210',
    },
    {
      what: 'ids as text within a kind, and nothing beyond the load',
      residual: '0.9',
      contracts: [
        contract({ id: 'k9', kind: 'ppa', period: '2024-12', mwh: '100', kgPerKwh: '0.2' }),
        contract({ id: 'k10', kind: 'ppa', period: '2024-12', mwh: '0.6', kgPerKwh: '0.1' }),
      ],
      kg: '140',
    },
    {
      what: "the month's part of a year's contract",
      residual: '0.9',
      contracts: [
        contract({ id: 'k', kind: 'ppa', period: '2024', mwh: '3.66', kgPerKwh: '0' }),
        contract({ id: 'j', kind: 'ppa', period: '2024-11', mwh: '9', kgPerKwh: '0' }),
      ],
      kg: '621',
    },
  ])('market-based: $what', ({ residual, contracts, kg }) => {
    // Prepare
    const tables = tinyEstate({ contracts, grid_factors: [gridFactor('2022', '0.5', residual)] });
    // Act
    const result = emitted(tables);
    // Assess
    expect(result.scope_2_mbm.toFraction()).toBe(kg);
  });

  it("spreads a grid's contracts over its sites by energy", () => {
    // Prepare
    const tables = tinyEstate({
      clusters: [cluster('c1'), cluster('c2')],
      sites: ['c1', 'c2'].map((id) => ({ site_id: `s-${id}`, cluster_id: id, grid_id: 'g1' })),
      electricity: [
        { site_id: 's-c1', usage_period: MONTH, mwh: '1', basis: 'metered' },
        { site_id: 's-c2', usage_period: MONTH, mwh: '3', basis: 'metered' },
      ],
      contracts: [contract({ id: 'k', kind: 'ppa', period: MONTH, mwh: '2', kgPerKwh: '0' })],
    });
    // Act
    const result = clusterEmissions(at(tables));
    // Assess
    expect(result.get('c1')?.scope_2_mbm.toFraction()).toBe('250');
    expect(result.get('c2')?.scope_2_mbm.toFraction()).toBe('750');
  });
});

describe('steps 2 to 6', () => {
  const customer = '000000000001|c1|A';

  it.each([
    {
      what: 'unused capacity',
      changes: {},
      v1: { [customer]: '250', retained_unused: '250' },
      v2: { [customer]: '500' },
    },
    {
      what: 'network racks',
      changes: { racks: { [MONTH]: [rack('r1', 'server', '10'), rack('r2', 'overhead', '30')] } },
      v1: { [customer]: '125/2', retained_unused: '125/2', retained_overhead: '375' },
      v2: { [customer]: '500' },
    },
    {
      what: 'idle racks, in proportion to what the used ones gave',
      changes: {
        racks: {
          [MONTH]: [rack('r1', 'server', '10'), rack('r2', 'server', '10'), rack('r3', 'server', '20')],
        },
        rack_use: {
          [MONTH]: [rackUse('r1', 'A', '0.2'), rackUse('r2', 'A', '0.3'), rackUse('r2', 'B', '0.3')],
        },
        usage: {
          [MONTH]: [usage('000000000001', 'A', '1', ''), usage('000000000001', 'B', '', '5')],
        },
      },
      v1: { [customer]: '125/2', '000000000001|c1|B': '75/2', retained_unused: '400' },
      v2: { [customer]: '375', '000000000001|c1|B': '125' },
    },
    {
      what: 'a cluster that is not open, pooled by power or kept',
      changes: {
        clusters: [cluster('c1'), cluster('c2', '2025-01-01')],
        sites: [{ site_id: 's1', cluster_id: 'c2', grid_id: 'g1' }],
      },
      v1: { [customer]: '0', retained_overhead: '500' },
      v2: { [customer]: '500' },
    },
    {
      what: 'services that use each other',
      changes: {
        service_use: { [MONTH]: [serviceUse('A', 'B', '0.5'), serviceUse('B', 'A', '0.5')] },
        rack_use: { [MONTH]: [rackUse('r1', 'A', '1')] },
        usage: {
          [MONTH]: [usage('000000000001', 'A', '1', ''), usage('000000000001', 'B', '', '5')],
        },
      },
      // A has 4/3 and B 2/3 of the direct 500 in total; half of each is left.
      v1: { [customer]: '1000/3', '000000000001|c1|B': '500/3' },
      v2: { [customer]: '1000/3', '000000000001|c1|B': '500/3' },
    },
    {
      what: "a cluster's own dependencies, which replace those of all clusters provider by provider",
      changes: {
        service_use: { [MONTH]: [serviceUse('A', 'B', '0.9'), serviceUse('A', 'A', '0.5', 'c1')] },
        rack_use: { [MONTH]: [rackUse('r1', 'A', '1')] },
      },
      v1: { [customer]: '500' },
      v2: { [customer]: '500' },
    },
    {
      what: 'a wholly consumed service, which still has a row of 0',
      changes: {
        service_use: { [MONTH]: [serviceUse('A', 'B', '1')] },
        rack_use: { [MONTH]: [rackUse('r1', 'A', '1')] },
        usage: {
          [MONTH]: [usage('000000000001', 'A', '1', ''), usage('000000000001', 'B', '', '5')],
        },
      },
      v1: { [customer]: '0', '000000000001|c1|B': '500' },
      v2: { [customer]: '0', '000000000001|c1|B': '500' },
    },
    {
      what: 'an unclaimed service',
      changes: { rack_use: { [MONTH]: [rackUse('r1', 'A', '0.4'), rackUse('r1', 'B', '0.6')] } },
      v1: { [customer]: '200', retained_unclaimed: '300' },
      v2: { [customer]: '500' },
    },
    {
      what: 'internal use of a service shared out by revenue',
      changes: {
        rack_use: { [MONTH]: [rackUse('r1', 'B', '1')] },
        usage: {
          [MONTH]: [usage('000000000001', 'B', '', '1'), usage('000000000009', 'B', '', '3')],
        },
      },
      v1: { '000000000001|c1|B': '500' },
      v2: { '000000000001|c1|B': '125', retained_internal: '375' },
    },
    {
      what: 'internal use of a service shared out by quantity',
      changes: {
        rack_use: { [MONTH]: [rackUse('r1', 'A', '1')] },
        usage: {
          [MONTH]: [usage('000000000001', 'A', '1', ''), usage('000000000009', 'A', '3', '')],
        },
      },
      v1: { [customer]: '125', retained_internal: '375' },
      v2: { [customer]: '125', retained_internal: '375' },
    },
    {
      what: 'refunds, which are summed first and then count as at least 0',
      changes: {
        rack_use: { [MONTH]: [rackUse('r1', 'B', '1')] },
        usage: {
          [MONTH]: [
            usage('000000000001', 'B', '', '10'),
            usage('000000000001', 'B', '', '-4'),
            usage('000000000002', 'B', '', '2'),
            usage('000000000003', 'B', '', '-50'),
            usage('000000000004', 'B', '', '0.1'),
            usage('000000000004', 'B', '', '0.2'),
            usage('000000000004', 'B', '', '-0.3'),
          ],
        },
      },
      v1: { '000000000001|c1|B': '375', '000000000002|c1|B': '125' },
      v2: { '000000000001|c1|B': '375', '000000000002|c1|B': '125' },
    },
  ])('$what', ({ changes, v1, v2 }) => {
    // Prepare
    const tables = tinyEstate(changes);
    // Act
    const underV1 = calculated(tables, 'v1.0.0');
    const underV2 = calculated(tables, 'v2.0.0');
    // Assess
    expect(underV1).toEqual(v1);
    expect(underV2).toEqual(v2);
  });

  it('adds the rows of edge clusters up under global', () => {
    // Prepare
    const edge = { ...cluster('c1'), kind: 'edge', region_code: 'global' };
    const tables = tinyEstate({
      clusters: [edge, { ...edge, cluster_id: 'c2' }],
      racks: { [MONTH]: [rack('r1', 'server', '10'), { ...rack('r2', 'server', '30'), cluster_id: 'c2' }] },
      rack_use: { [MONTH]: [rackUse('r1', 'A', '1'), rackUse('r2', 'A', '1')] },
      sites: ['c1', 'c2'].map((id) => ({ site_id: `s-${id}`, cluster_id: id, grid_id: 'g1' })),
      electricity: ['c1', 'c2'].map((id) => ({
        site_id: `s-${id}`,
        usage_period: MONTH,
        mwh: '1',
        basis: 'metered',
      })),
      usage: {
        [MONTH]: [
          usage('000000000001', 'A', '1', ''),
          { ...usage('000000000001', 'A', '1', ''), cluster_id: 'c2' },
          { ...usage('000000000002', 'A', '3', ''), cluster_id: 'c2' },
        ],
      },
    });
    // Act
    const result = calculated(tables, 'v2.0.0');
    // Assess
    expect(result).toEqual({ '000000000001|global|A': '625', '000000000002|global|A': '375' });
  });
});

describe('what the method refuses', () => {
  it.each([
    {
      what: 'emissions that no cluster can pass on',
      changes: { clusters: [cluster('c1', '2025-01-01')] },
      message: '2024-12: found emissions, and no cluster serves',
    },
    {
      what: 'services that only ever use each other',
      changes: { service_use: { [MONTH]: [serviceUse('A', 'B', '1'), serviceUse('B', 'A', '1')] } },
      message: 'in cluster c1 these services only ever use each other: A, B',
    },
    {
      what: 'a grid without a factor',
      changes: { grid_factors: [gridFactor('2025', '0.5', '')] },
      message: 'no factor for grid g1 in 2024 or earlier',
    },
    {
      what: 'a net quantity below 0',
      changes: {
        usage: {
          [MONTH]: [usage('000000000001', 'A', '1', ''), usage('000000000001', 'A', '-1.5', '')],
        },
      },
      message: 'the usage quantity of 000000000001, c1, A is below 0: -0.5',
    },
    { what: 'a month without usage', changes: { usage: {} }, message: 'there is no usage for 2024-12' },
    { what: 'a month without racks', changes: { racks: {} }, message: 'there are no racks for 2024-12' },
  ])('$what', ({ changes, message }) => {
    // Prepare
    const tables = tinyEstate(changes);
    // Act and assess
    expect(() => naiveMonth(tables, MONTH, 'v1.0.0')).toThrow(message);
    expect(() => naiveMonth(tables, MONTH, 'v2.0.0')).toThrow(message);
  });

  it('accepts a month without emissions and without serving clusters', () => {
    // Prepare
    const tables = tinyEstate({ electricity: [], clusters: [cluster('c1', '2025-01-01')] });
    // Act
    const result = calculated(tables, 'v2.0.0');
    // Assess
    expect(result).toEqual({});
  });
});

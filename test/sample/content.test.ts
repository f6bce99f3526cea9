import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { nonEmpty } from '../support/non-empty';
import { column, generate, monthsOf, readMonth, readTable, type Row, sumBy } from './estate';

const REFERENCE = join(__dirname, '..', '..', 'sample', 'reference');
const INPUTS = join(__dirname, '..', '..', 'shared', 'usage', 'bills');

interface ListedAccount {
  readonly Id: string;
  readonly Arn: string;
  readonly Email: string;
  readonly Name: string;
  readonly State: string;
  readonly JoinedTimestamp: string;
}

let dir = '';
let clusters: Row[] = [];
let services: Row[] = [];
let sites: Row[] = [];
let accounts: ListedAccount[] = [];
let internal: string[] = [];
const usage = new Map<string, Row[]>();

beforeAll(async () => {
  ({ dir } = await generate());
  clusters = readTable(dir, 'clusters.csv');
  services = readTable(dir, 'services.csv');
  sites = readTable(dir, 'sites.csv');
  internal = [...column(readTable(dir, 'internal_accounts.csv'), 'account_id')];
  const listed = JSON.parse(readFileSync(join(dir, 'accounts.json'), 'utf8')) as {
    Accounts: ListedAccount[];
  };
  accounts = listed.Accounts;
  for (const month of monthsOf(dir, 'usage')) usage.set(month, readMonth(dir, 'usage', month));
});

const real = (): Row[] =>
  readTable(REFERENCE, 'focus_1_0_sample.csv').filter((row) => row['ProviderName'] === 'AWS');
const allMonths = (): string[] => monthsOf(dir, 'racks');
const openBy = (cluster: Row, month: string): boolean => (cluster['opened_on'] ?? '').slice(0, 7) <= month;

describe('the sample has what the requirement asks for', () => {
  it('covers the 38 months to 2026-10', () => {
    expect(allMonths()).toHaveLength(38);
    expect([allMonths()[0], allMonths().at(-1)]).toEqual(['2023-09', '2026-10']);
    for (const table of ['rack_use', 'service_use']) expect(monthsOf(dir, table)).toEqual(allMonths());
    expect([...monthsOf(dir, 'usage'), ...monthsOf(dir, 'focus')].sort()).toEqual(allMonths());
  });

  it('has Regions, edge clusters, services and accounts enough', () => {
    expect(clusters.filter((row) => row['kind'] === 'region').length).toBeGreaterThanOrEqual(12);
    expect(clusters.filter((row) => row['kind'] === 'edge').length).toBeGreaterThanOrEqual(2);
    expect(services.length).toBeGreaterThanOrEqual(25);
    expect(accounts.length).toBeGreaterThanOrEqual(60);
    expect(internal.length).toBeGreaterThanOrEqual(2);
    expect(new Set(accounts.map(({ State }) => State))).toEqual(
      new Set(['ACTIVE', 'SUSPENDED', 'PENDING_CLOSURE', 'CLOSED']),
    );
  });

  it('has a Region that opens within the months, with racks and no usage before', () => {
    const opening = clusters.filter((row) => (row['opened_on'] ?? '') > '2023-09');
    expect(column(opening, 'cluster_id')).toEqual(new Set(['ca-west-1', 'eu-south-1']));
    const powered = column(readMonth(dir, 'racks', '2025-03'), 'cluster_id');
    expect(powered).toContain('eu-south-1');
    // It opens on 18 June 2025, and customers come in July.
    expect(column(usage.get('2025-06') ?? [], 'cluster_id')).not.toContain('eu-south-1');
    expect(column(usage.get('2025-07') ?? [], 'cluster_id')).toContain('eu-south-1');
  });

  it('has dependency cycles', () => {
    const pairs = new Set(
      readMonth(dir, 'service_use', '2025-01').map(
        (row) => `${row['provider_code']}>${row['consumer_code']}`,
      ),
    );
    for (const pair of ['AmazonEC2>AmazonS3', 'AmazonS3>AmazonEC2', 'AWSLambda>AmazonCloudWatch']) {
      expect(pairs).toContain(pair);
    }
    expect(pairs).toContain('AmazonCloudWatch>AWSLambda');
  });

  it('has contracts of all kinds, by month and by year, and one that exceeds the load', () => {
    const contracts = readTable(dir, 'contracts.csv');
    expect(column(contracts, 'kind')).toEqual(new Set(['certificate', 'ppa', 'supplier']));
    expect(new Set(contracts.map((row) => (row['period'] ?? '').length))).toEqual(new Set([4, 7]));
    const grids = new Map(sites.map((row) => [row['site_id'], row['grid_id']]));
    const sweden = readTable(dir, 'electricity.csv')
      .filter(
        (row) => grids.get(row['site_id']) === 'sweden' && (row['usage_period'] ?? '').startsWith('2025'),
      )
      .reduce((sum, row) => sum + Number(row['mwh']), 0);
    const bought = contracts.find((row) => row['grid_id'] === 'sweden' && row['period'] === '2025');
    expect(Number(bought?.['mwh'])).toBeGreaterThan(sweden);
  });

  it('has clusters with fuel by year, by month, and without fuel for the current year', () => {
    const clusterOf = new Map(sites.map((row) => [row['site_id'], row['cluster_id']]));
    const fuel = readTable(dir, 'fuel_use.csv');
    const having = (prefix: string, length: number): Set<string | undefined> =>
      new Set(
        fuel
          .filter((row) => (row['period'] ?? '').startsWith(prefix) && row['period']?.length === length)
          .map((row) => clusterOf.get(row['site_id'])),
      );
    expect(having('2022', 4).size).toBe(clusters.length);
    expect(having('2025', 4).size + having('2025', 7).size).toBe(clusters.length);
    expect(having('2025', 7).size).toBeGreaterThan(3);
    expect(having('2026', 7).size).toBeGreaterThan(0);
    expect(having('2026', 7).size).toBeLessThan(clusters.length / 2);
  });

  it('has refunds of economic services, an unused service, idle racks, and CloudFront in Regions', () => {
    const economic = column(
      services.filter((row) => row['basis'] === 'economic'),
      'product_code',
    );
    const rows = [...usage.values()].flat();
    const refunds = rows.filter((row) => Number(row['usage_revenue']) < 0);
    expect(refunds.length).toBeGreaterThan(100);
    expect(nonEmpty(refunds).every((row) => economic.has(row['product_code'] ?? ''))).toBe(true);
    expect(column(rows, 'product_code')).not.toContain('AmazonWorkSpaces');
    expect(column(readMonth(dir, 'rack_use', '2025-01'), 'product_code')).toContain('AmazonWorkSpaces');
    const regional = rows.filter(
      (row) => row['product_code'] === 'AmazonCloudFront' && !row['cluster_id']?.startsWith('cf-'),
    );
    expect(regional.length).toBeGreaterThan(0);
  });

  it('has accounts that come and go', () => {
    const seen = (month: string): Set<string> => column(usage.get(month) ?? [], 'usage_account_id');
    expect(seen('2023-09').size).toBeLessThan(seen('2025-01').size);
    const closed = accounts.filter(({ State }) => State === 'CLOSED').map(({ Id }) => Id);
    for (const id of nonEmpty(closed)) expect(seen('2026-10')).not.toContain(id);
    expect(closed.some((id) => seen('2024-12').has(id))).toBe(true);
    for (const id of nonEmpty(internal)) expect(seen('2025-01')).toContain(id);
  });

  it('has several services in several Regions for every active account', () => {
    const month = usage.get('2026-10') ?? [];
    for (const { Id } of nonEmpty(accounts.filter(({ State }) => State === 'ACTIVE'))) {
      const rows = month.filter((row) => row['usage_account_id'] === Id);
      expect(column(rows, 'product_code').size).toBeGreaterThanOrEqual(5);
      expect(column(rows, 'cluster_id').size).toBeGreaterThanOrEqual(2);
    }
  });

  it('follows the proportions of the real month: the largest account and Region are the real ones', () => {
    const largest = (sums: Map<string, number>): string | undefined =>
      [...sums].sort(([, a], [, b]) => b - a)[0]?.[0];
    const rows = usage.get('2024-10') ?? [];
    const cost = (key: string): string | undefined =>
      largest(
        sumBy(
          real().filter((row) => row['ChargeCategory'] === 'Usage'),
          (row) => row[key] ?? '',
          'ListCost',
        ),
      );
    expect(largest(sumBy(rows, (row) => row['usage_account_id'] ?? '', 'usage_revenue'))).toBe(
      cost('SubAccountId')?.padStart(12, '0'),
    );
    expect(largest(sumBy(rows, (row) => row['cluster_id'] ?? '', 'usage_revenue'))).toBe(cost('RegionId'));
  });

  it('is small enough for a repository and labels itself', () => {
    const readme = readFileSync(join(dir, 'README.md'), 'utf8');
    for (const rows of nonEmpty(usage.values())) {
      expect(rows.length).toBeGreaterThan(1_500);
      expect(rows.length).toBeLessThan(4_000);
    }
    for (const label of ['made up', 'CC BY 4.0', 'Apache-2.0', 'public domain', 'CC0', 'FinOps Foundation']) {
      expect(readme).toContain(label);
    }
  });
});

describe('the tables fit together', () => {
  it('names known clusters, sites, grids and fuels, each once', () => {
    const ids = column(clusters, 'cluster_id');
    expect(ids.size).toBe(clusters.length);
    expect(column(sites, 'cluster_id')).toEqual(ids);
    expect(column(sites, 'site_id').size).toBe(sites.length);
    const grids = column(readTable(dir, 'grid_factors.csv'), 'grid_id');
    expect(column(sites, 'grid_id')).toEqual(grids);
    for (const row of nonEmpty(readTable(dir, 'contracts.csv'))) expect(grids).toContain(row['grid_id']);
    const units = new Map(readTable(dir, 'fuel_factors.csv').map((row) => [row['fuel'], row['unit']]));
    const siteIds = column(sites, 'site_id');
    for (const row of nonEmpty(readTable(dir, 'fuel_use.csv'))) {
      expect(siteIds).toContain(row['site_id']);
      expect(row['unit']).toBe(units.get(row['fuel']));
    }
    const electricity = readTable(dir, 'electricity.csv');
    const siteMonths = new Set(electricity.map((row) => `${row['site_id']}/${row['usage_period']}`));
    expect(siteMonths.size).toBe(sites.length * 38);
    expect(nonEmpty(electricity).every((row) => Number(row['mwh']) > 0)).toBe(true);
  });

  it('has racks with known clusters, and uses of known server racks that add up to at most 1', () => {
    const ids = column(clusters, 'cluster_id');
    const codes = column(services, 'product_code');
    for (const month of nonEmpty(allMonths())) {
      const racks = readMonth(dir, 'racks', month);
      const uses = readMonth(dir, 'rack_use', month);
      const servers = column(
        racks.filter((row) => row['kind'] === 'server'),
        'rack_id',
      );
      expect(column(racks, 'rack_id').size).toBe(racks.length);
      expect(racks.filter((row) => !ids.has(row['cluster_id'] ?? ''))).toEqual([]);
      expect(
        uses.filter((row) => !servers.has(row['rack_id'] ?? '') || !codes.has(row['product_code'] ?? '')),
      ).toEqual([]);
      expect(new Set(uses.map((row) => `${row['rack_id']}/${row['product_code']}`)).size).toBe(uses.length);
      expect(Math.max(...sumBy(uses, (row) => row['rack_id'] ?? '', 'share').values())).toBeLessThanOrEqual(
        1,
      );
      expect(servers.size).toBeGreaterThan(column(uses, 'rack_id').size);
    }
  });

  it('has dependencies between known services that leave something of every provider', () => {
    const codes = column(services, 'product_code');
    for (const month of nonEmpty(allMonths())) {
      const rows = readMonth(dir, 'service_use', month);
      const key = (row: Row): string => `${row['cluster_id']}/${row['provider_code']}`;
      expect(
        rows.filter(
          (row) => !codes.has(row['provider_code'] ?? '') || !codes.has(row['consumer_code'] ?? ''),
        ),
      ).toEqual([]);
      expect(new Set(rows.map((row) => `${key(row)}/${row['consumer_code']}`)).size).toBe(rows.length);
      expect(Math.max(...sumBy(rows, key, 'share').values())).toBeLessThan(1);
    }
  });

  it('has usage of known accounts, services and open clusters, never net negative where it is physical', () => {
    const ids = new Set(accounts.map(({ Id }) => Id));
    const codes = column(services, 'product_code');
    for (const [month, rows] of nonEmpty(usage)) {
      const open = column(
        clusters.filter((row) => openBy(row, month)),
        'cluster_id',
      );
      const unknown = rows.filter(
        (row) =>
          !ids.has(row['usage_account_id'] ?? '') ||
          !open.has(row['cluster_id'] ?? '') ||
          !codes.has(row['product_code'] ?? ''),
      );
      expect(unknown).toEqual([]);
      expect(nonEmpty(rows).every((row) => Number(row['usage_quantity']) >= 0)).toBe(true);
    }
  });

  it('has a cluster that serves in every month: EC2 on its racks, and hours of EC2 used', () => {
    for (const month of nonEmpty(allMonths())) {
      const powered = new Set(
        readMonth(dir, 'rack_use', month)
          .filter((row) => row['product_code'] === 'AmazonEC2')
          .map((row) => (row['rack_id'] ?? '').replace(/-r\d+[ab]$/, '')),
      );
      const used = column(
        (usage.get(month) ?? []).filter(
          (row) => row['product_code'] === 'AmazonEC2' && Number(row['usage_quantity']) > 0,
        ),
        'cluster_id',
      );
      const billed = column(
        readMonth(dir, 'focus', month).filter(
          (row) => row['ServiceName'] === 'Amazon Elastic Compute Cloud' && row['ConsumedUnit'] === 'Hours',
        ),
        'RegionId',
      );
      expect([...used, ...billed].filter((cluster) => powered.has(cluster)).length).toBeGreaterThan(5);
    }
  });

  it('lists accounts as AWS Organizations does', () => {
    expect(new Set(accounts.map(({ Id }) => Id)).size).toBe(accounts.length);
    for (const account of nonEmpty(accounts)) {
      expect(account.Id).toMatch(/^\d{12}$/);
      expect(account.Arn).toBe(
        `arn:aws:organizations::${accounts[0]?.Id ?? ''}:account/o-sampleestate/${account.Id}`,
      );
      expect(account.Email).toMatch(/@example\.com$/);
      expect(account.JoinedTimestamp <= '2026-11').toBe(true);
    }
    for (const id of nonEmpty(internal)) expect(accounts.map(({ Id }) => Id)).toContain(id);
  });

  it('finds an account, a cluster and a service for every real row', () => {
    const ids = new Map(accounts.map(({ Id, Name }) => [Id, Name]));
    const regions = column(clusters, 'region_code');
    const codes = column(services, 'product_code');
    const map = new Map(readTable(INPUTS, 'focus-services.csv').map((row) => [row['service_name'], row]));
    for (const row of nonEmpty(real())) {
      expect(ids.get((row['SubAccountId'] ?? '').padStart(12, '0'))).toBe(row['SubAccountName']);
      expect(regions).toContain(row['RegionId']);
      expect(codes).toContain(map.get(row['ServiceName'])?.['product_code']);
    }
    expect(JSON.parse(readFileSync(join(dir, 'settings.json'), 'utf8'))).toEqual({ pad_account_ids: true });
  });
});

import { csvField } from '../shared/base/csv-field';
import { type Month, yearOf } from '../shared/base/month';

/** A table of the starting estate: what it is for, its columns in words, and its rows. */
interface StartingTable {
  readonly name: string;
  /** Whether the table has one folder per month. */
  readonly isMonthly?: boolean;
  readonly purpose: string;
  /** Columns with their meaning, in the order of the file. */
  readonly columns: Readonly<Record<string, string>>;
  readonly rows: (month: Month) => readonly (readonly (string | number)[])[];
}

const PAYER = '111111111111';
const SHOP = '222222222222';

const CLUSTERS = ['frankfurt', 'dublin', 'edge'] as const;

/** Columns of embodied carbon, the same for racks and assets. */
function embodiedColumns(serviceMonths: number): StartingTable['columns'] {
  return {
    in_service_on: 'YYYY-MM-DD',
    embodied_kg: 'kg CO2e from cradle to gate, spread over the service life by days',
    transport_kg: 'kg CO2e from the factory to the data center; blank: 0',
    service_months: `service life; blank: ${String(serviceMonths)}`,
    retired_on: 'YYYY-MM-DD, or blank',
    method: 'plca, extrapolated, category_average, eio or blank',
    source: 'where the numbers are from',
  };
}

const TABLES: readonly StartingTable[] = [
  {
    name: 'clusters',
    purpose: 'Places with racks: one row per Region, or per group of edge sites.',
    columns: {
      cluster_id: 'your name of the cluster',
      kind: 'region or edge',
      region_code: 'code in the export; global for edge',
      location: 'name in the export',
      opened_on: 'YYYY-MM-DD, or blank for long ago',
    },
    rows: () => [
      ['frankfurt', 'region', 'eu-central-1', 'Europe (Frankfurt)', ''],
      ['dublin', 'region', 'eu-west-1', 'Europe (Ireland)', ''],
      ['edge', 'edge', 'global', 'Global', ''],
    ],
  },
  {
    name: 'sites',
    purpose: 'Buildings of a cluster, and the grid that each draws from.',
    columns: { site_id: 'your name', cluster_id: 'in clusters.csv', grid_id: 'in grid_factors.csv' },
    rows: () => [
      ['frankfurt-1', 'frankfurt', 'germany'],
      ['dublin-1', 'dublin', 'ireland'],
      ['edge-1', 'edge', 'germany'],
    ],
  },
  {
    name: 'grid_factors',
    purpose:
      'Emissions of a grid, kg CO2e per kWh. The values are made up: replace them with published ones.',
    columns: {
      grid_id: 'your name of the grid',
      year: 'the latest year that is not after the month counts',
      location_based_kg_per_kwh: 'average of the grid',
      residual_mix_kg_per_kwh: 'what contracts left over; blank: the average counts',
      source: 'where the numbers are from',
    },
    rows: (month) => [
      ['germany', yearOf(month) - 1, 0.35, 0.55, 'made up'],
      ['ireland', yearOf(month) - 1, 0.28, '', 'made up'],
    ],
  },
  {
    name: 'electricity',
    purpose: 'Electricity of a site and month, MWh. Rows add up.',
    columns: {
      site_id: 'in sites.csv',
      usage_period: 'YYYY-MM',
      mwh: 'megawatt hours',
      basis: 'metered, invoiced or estimated',
    },
    rows: (month) => [
      ['frankfurt-1', month, 42, 'metered'],
      ['dublin-1', month, 27.5, 'invoiced'],
      ['edge-1', month, 3.2, 'estimated'],
    ],
  },
  {
    name: 'contracts',
    purpose: 'Certificates, power purchase agreements and supplier contracts, for the market-based method.',
    columns: {
      contract_id: 'your name',
      kind: 'certificate, ppa or supplier',
      grid_id: 'in grid_factors.csv',
      period: 'YYYY-MM or YYYY',
      mwh: 'megawatt hours of the period',
      kg_per_kwh: '0 for renewable electricity',
    },
    rows: (month) => [['wind-1', 'ppa', 'germany', month, 20, 0]],
  },
  {
    name: 'fuel_use',
    purpose: 'Fuel burnt at a site, for Scope 1.',
    columns: {
      site_id: 'in sites.csv',
      period: 'YYYY-MM or YYYY',
      fuel: 'in fuel_factors.csv',
      quantity: 'in the unit',
      unit: 'in fuel_factors.csv',
    },
    rows: (month) =>
      CLUSTERS.map((cluster, index) => [`${cluster}-1`, month, 'diesel', 40 - 15 * index, 'US gallon']),
  },
  {
    name: 'fuel_factors',
    purpose: 'Gases per unit of fuel, kg.',
    columns: {
      fuel: 'name',
      unit: 'name',
      co2_kg: 'carbon dioxide',
      ch4_kg: 'methane',
      n2o_kg: 'nitrous oxide',
      upstream_kg: 'kg CO2e of making and transporting the fuel, for Scope 3',
      source: 'where the numbers are from',
    },
    rows: () => [
      [
        ...['diesel', 'US gallon', 10.20648, 0.000414, 0.0000828, 2.3721],
        'US EPA GHG Emission Factors Hub; upstream: UK Government conversion factors 2025',
      ],
    ],
  },
  {
    name: 'gwp',
    purpose: 'Global warming potential of each gas over 100 years.',
    columns: { gas: 'co2, ch4, n2o', gwp100: 'kg CO2e per kg', source: 'where the numbers are from' },
    rows: () => [
      ['co2', 1, 'by definition'],
      ['ch4', 28, 'IPCC AR5'],
      ['n2o', 265, 'IPCC AR5'],
    ],
  },
  {
    name: 'rack_embodied',
    purpose:
      'Embodied carbon of racks, for Scope 3 (run --model v3.0.0). The values are made up. `factors rack` writes a row from the parts of a server.',
    columns: {
      rack_id: 'in racks',
      cluster_id: 'where a rack counts while no cluster of the month has it',
      ...embodiedColumns(72),
    },
    rows: (month) =>
      CLUSTERS.flatMap((cluster) =>
        [['r1', 21_900, 300] as const, ['r2', 4_400, 90] as const].map(([rack, embodiedKg, transportKg]) => [
          ...[`${cluster}-${rack}`, cluster, `${String(yearOf(month) - 2)}-07-01`, embodiedKg, transportKg],
          ...['', '', 'category_average', 'made up'],
        ]),
      ),
  },
  {
    name: 'assets',
    purpose: 'Embodied carbon of buildings and equipment, for Scope 3. The values are made up.',
    columns: {
      asset_id: 'your name',
      cluster_id: 'in clusters.csv; blank where site_id is filled',
      site_id: 'in sites.csv; blank where cluster_id is filled',
      kind: 'building or equipment',
      ...embodiedColumns(600),
    },
    rows: () => [
      ['frankfurt-hall', '', 'frankfurt-1', 'building', '2019-03-01', 180_000, '', '', '', 'eio', 'made up'],
      ['dublin-hall', '', 'dublin-1', 'building', '2020-10-01', 140_000, '', '', '', 'eio', 'made up'],
    ],
  },
  {
    name: 'fera_factors',
    purpose:
      'Fuel- and energy-related activities of a grid, for Scope 3: what is emitted before electricity is generated, and what is lost on the way.',
    columns: {
      grid_id: 'in grid_factors.csv',
      year: 'the latest year that is not after the month counts',
      upstream_kg_per_kwh: 'kg CO2e per kWh of making and transporting the fuels',
      td_loss_rate: 'energy lost of energy fed in, 0 to below 1',
      source: 'where the numbers are from',
    },
    rows: (month) => [
      ['germany', yearOf(month) - 1, 0.06, 0.05, 'made up'],
      ['ireland', yearOf(month) - 1, 0.05, 0.07, 'made up'],
    ],
  },
  {
    name: 'services',
    purpose: 'Services that are sold to accounts.',
    columns: {
      product_code: 'code in the export',
      service_name: 'name in words',
      basis: 'physical: by usage_quantity; economic: by usage_revenue',
    },
    rows: () => [
      ['AmazonEC2', 'Amazon Elastic Compute Cloud', 'physical'],
      ['AmazonS3', 'Amazon Simple Storage Service', 'physical'],
      ['AmazonCloudFront', 'Amazon CloudFront', 'economic'],
    ],
  },
  {
    name: 'internal_accounts',
    purpose: 'Accounts of the operator: their emissions stay with the operator. The table may have no rows.',
    columns: { account_id: '12 digits' },
    rows: () => [],
  },
  {
    name: 'racks',
    isMonthly: true,
    purpose: 'Racks of the month.',
    columns: {
      rack_id: 'your name',
      cluster_id: 'in clusters.csv',
      kind: 'server, or overhead such as network',
      power_kw: 'average power, kW',
    },
    rows: () =>
      CLUSTERS.flatMap((cluster) => [
        [`${cluster}-r1`, cluster, 'server', 12],
        [`${cluster}-r2`, cluster, 'overhead', 2.5],
      ]),
  },
  {
    name: 'rack_use',
    isMonthly: true,
    purpose: 'What uses each server rack. Shares add up to at most 1; the rest is unused.',
    columns: { rack_id: 'in racks', product_code: 'in services.csv', share: '0 to 1' },
    rows: () => [
      ['frankfurt-r1', 'AmazonEC2', 0.6],
      ['frankfurt-r1', 'AmazonS3', 0.3],
      ['dublin-r1', 'AmazonEC2', 0.5],
      ['dublin-r1', 'AmazonS3', 0.4],
      ['edge-r1', 'AmazonCloudFront', 0.8],
    ],
  },
  {
    name: 'service_use',
    isMonthly: true,
    purpose: 'Services that use other services. The table is optional.',
    columns: {
      cluster_id: 'in clusters.csv, or * for every cluster',
      provider_code: 'the service that is used',
      consumer_code: 'the service that uses it',
      share: 'part of the provider, 0 to 1',
    },
    rows: () => [['*', 'AmazonS3', 'AmazonEC2', 0.05]],
  },
  {
    name: 'usage',
    isMonthly: true,
    purpose:
      'What each account used. FOCUS or CUR 2.0 bills in focus/ or cur/ can replace this table (docs/user-guide.md).',
    columns: {
      usage_account_id: '12 digits',
      cluster_id: 'in clusters.csv',
      product_code: 'in services.csv',
      usage_quantity: 'in any unit of the service; blank counts as 0',
      usage_revenue: 'list price in one currency; blank counts as 0',
    },
    rows: () => [
      [PAYER, 'frankfurt', 'AmazonEC2', 300, 210],
      [PAYER, 'frankfurt', 'AmazonS3', 1_200, 40],
      [SHOP, 'frankfurt', 'AmazonEC2', 900, 640],
      [SHOP, 'dublin', 'AmazonEC2', 450, 330],
      [SHOP, 'dublin', 'AmazonS3', 5_000, 160],
      [SHOP, 'edge', 'AmazonCloudFront', '', 85],
    ],
  },
];

/**
 * Returns the files of a small estate that is valid and can be run, by path: three clusters, their racks, three services
 * and two accounts in one month. Its README explains every table and column.
 */
export function startingEstate(month: Month): ReadonlyMap<string, string> {
  const tables = TABLES.map((table): [string, string] => [pathOf(table, month), csvOf(table, month)]);
  return new Map([
    ['README.md', readme(month)],
    ['settings.json', '{}\n'],
    ['accounts.json', accountsJson()],
    ...tables,
  ]);
}

function pathOf({ name, isMonthly }: StartingTable, month: string): string {
  return isMonthly === true ? `${name}/usage_period=${month}/${name}.csv` : `${name}.csv`;
}

function csvOf({ columns, rows }: StartingTable, month: Month): string {
  const lines = [Object.keys(columns), ...rows(month)];
  return lines.map((line) => `${line.map((cell) => csvField(String(cell))).join(',')}\n`).join('');
}

function accountsJson(): string {
  const accounts = [
    [PAYER, 'management'],
    [SHOP, 'shop'],
  ] as const;
  const list = accounts.map(([id, name]) => ({
    Id: id,
    Arn: `arn:aws:organizations::${PAYER}:account/o-example/${id}`,
    Name: name,
    State: 'ACTIVE',
  }));
  return `${JSON.stringify({ Accounts: list }, undefined, 2)}\n`;
}

function readme(month: Month): string {
  const sections = TABLES.map((table) => {
    const lines = Object.entries(table.columns).map(([column, meaning]) => `- ${column}: ${meaning}`);
    return [`## ${pathOf(table, 'YYYY-MM')}`, '', table.purpose, '', ...lines].join('\n');
  });
  return (
    [
      `# A starting estate

All numbers are made up, for one month (${month}). Replace the tables with yours, one by one, and validate after each:

    carbon-exports validate --inputs .
    carbon-exports run --inputs . --out ../exports

Each later month needs its rows in electricity.csv and a folder usage_period=YYYY-MM in each monthly table.`,
      ...sections,
      `## accounts.json

The output of \`aws organizations list-accounts\`, or your own list in this form. The account inside the ARNs is the payer.`,
      `## settings.json

How the tables are read; it may be missing. The schema estate-settings.schema.json of the package lists every setting.`,
    ].join('\n\n') + '\n'
  );
}

import { NO_PROGRESS, type Progress } from '../shared/base/progress';
import { type Account, accountsJson, makeAccounts } from './accounts';
import type { ServiceFact } from './catalogue';
import { type Cluster, makeClusters } from './clusters';
import { contracts, electricity, fuelUse, gridFactors } from './energy';
import { REAL_FOCUS_MONTH } from './facts';
import { lineSource } from './lines';
import { monthIndex, monthOf } from './months';
import { planSample, type SampleOptions, type SamplePlan } from './options';
import { clusterRacks } from './racks';
import { sampleReadme } from './readme';
import { readReference, type Reference } from './reference';
import { assets, feraFactors, rackEmbodied, type RackLife, refrigerants, SCOPE_3_HEADERS } from './scope-3';
import { makeServices, serviceUse } from './services';
import { USAGE_HEADER, UsageWriter } from './usage';
import { EstateFolder } from './writer';

export type { SampleOptions } from './options';

/** What {@link writeSampleEstate} wrote. */
export interface SampleSummary {
  readonly outDir: string;
  /** `YYYY-MM` */
  readonly firstMonth: string;
  /** `YYYY-MM` */
  readonly lastMonth: string;
  readonly months: number;
  /** Regions and edge clusters. */
  readonly clusters: number;
  readonly sites: number;
  readonly services: number;
  readonly accounts: number;
  /** Rows of racks over all months. */
  readonly rackRows: number;
  /** Rows of usage over all months, without the real FOCUS rows. */
  readonly usageRows: number;
  /** Real FOCUS rows, 942 or 0. */
  readonly focusRows: number;
  readonly files: number;
  readonly bytes: number;
}

/** An estate in memory: everything but what is made month by month. */
interface Estate {
  readonly plan: SamplePlan;
  readonly reference: Reference;
  readonly clusters: readonly Cluster[];
  readonly services: readonly ServiceFact[];
  readonly accounts: readonly Account[];
}

const MONTH_TABLES = {
  racks: 'rack_id,cluster_id,kind,power_kw',
  rack_use: 'rack_id,product_code,share',
  service_use: 'cluster_id,provider_code,consumer_code,share',
} as const;

const path = (table: string, month: number): string => `${table}/usage_period=${monthOf(month)}/${table}.csv`;

/** A CSV field; only names of places hold a comma. */
const field = (text: string): string => (text.includes(',') ? `"${text}"` : text);

async function writeInventory(folder: EstateFolder, estate: Estate): Promise<void> {
  const { clusters, services, accounts, reference, plan } = estate;
  await folder.table(
    'clusters.csv',
    'cluster_id,kind,region_code,location,opened_on',
    clusters.map((c) => [c.clusterId, c.kind, c.regionCode, field(c.location), c.openedOn].join(',')),
  );
  await folder.table(
    'sites.csv',
    'site_id,cluster_id,grid_id',
    clusters.flatMap((c) => c.sites.map((site) => `${site.siteId},${c.clusterId},${site.gridId}`)),
  );
  await folder.table(
    'services.csv',
    'product_code,service_name,basis',
    services.map(({ code, name, basis }) => `${code},${field(name)},${basis}`),
  );
  await folder.table(
    'internal_accounts.csv',
    'account_id',
    accounts.filter(({ role }) => role === 'internal').map(({ id }) => id),
  );
  await folder.file('accounts.json', accountsJson(accounts));
  // The real FOCUS rows carry account ids of 11 digits: a spreadsheet ate the leading zeros.
  await folder.file('settings.json', '{ "pad_account_ids": true }\n');
  await folder.file('fuel_factors.csv', reference.fuelFactors);
  await folder.file('gwp.csv', reference.gwp);
  await folder.file('README.md', sampleReadme(plan, clusters, services, accounts));
}

/** Writes racks and what uses them; returns rows of racks, per cluster and month their power in kW, and the months of each rack. */
async function writeRacks(
  folder: EstateFolder,
  estate: Estate,
  progress: Progress<string>,
): Promise<{ rows: number; power: Map<Cluster, Map<number, number>>; lives: Map<string, RackLife> }> {
  const { plan, clusters, services } = estate;
  const codes = new Set(services.map(({ code }) => code));
  const power = new Map(clusters.map((cluster) => [cluster, new Map<number, number>()]));
  const lives = new Map<string, RackLife>();
  let rows = 0;
  for (const month of plan.months) {
    await folder.stream(path('racks', month), (racks) =>
      folder.stream(path('rack_use', month), async (uses) => {
        racks.add(`${MONTH_TABLES.racks}\n`);
        uses.add(`${MONTH_TABLES.rack_use}\n`);
        for (const cluster of clusters) {
          const made = clusterRacks(plan, cluster, codes, month);
          power.get(cluster)?.set(month, made.powerKw);
          rows += made.racks.length;
          addLives(lives, cluster, month, made.racks);
          for (const line of made.racks) if (racks.add(`${line}\n`)) await racks.flush();
          for (const line of made.uses) if (uses.add(`${line}\n`)) await uses.flush();
        }
      }),
    );
    const depends = serviceUse(plan.seed, clusters, services, month);
    await folder.table(path('service_use', month), MONTH_TABLES.service_use, depends);
    progress.finished(`racks of ${monthOf(month)}`);
  }
  return { rows, power, lives };
}

function addLives(
  lives: Map<string, RackLife>,
  cluster: Cluster,
  month: number,
  racks: readonly string[],
): void {
  for (const line of racks) {
    const rackId = line.slice(0, line.indexOf(','));
    const life = lives.get(rackId);
    if (life === undefined) lives.set(rackId, { cluster, first: month, last: month });
    else life.last = month;
  }
}

/** Writes what model version v3.0.0 reads; all of it is made up. */
async function writeScope3(
  folder: EstateFolder,
  { plan: { seed, months }, clusters, reference }: Estate,
  lives: ReadonlyMap<string, RackLife>,
): Promise<void> {
  const gridIds = new Set(clusters.flatMap(({ sites }) => sites.map(({ gridId }) => gridId)));
  const firstYear = Math.floor((months[0] ?? 0) / 12);
  await folder.table('rack_embodied.csv', SCOPE_3_HEADERS.rack_embodied, rackEmbodied(seed, lives, months));
  await folder.table('assets.csv', SCOPE_3_HEADERS.assets, assets(seed, clusters, months));
  await folder.table(
    'fera_factors.csv',
    SCOPE_3_HEADERS.fera_factors,
    feraFactors(reference, gridIds, firstYear),
  );
  await folder.table(
    'refrigerant_use.csv',
    SCOPE_3_HEADERS.refrigerant_use,
    refrigerants(seed, clusters, months),
  );
}

async function writeEnergy(
  folder: EstateFolder,
  estate: Estate,
  power: ReadonlyMap<Cluster, ReadonlyMap<number, number>>,
): Promise<void> {
  const { plan, clusters, reference } = estate;
  const powerKw = (cluster: Cluster, month: number): number => power.get(cluster)?.get(month) ?? 0;
  const { lines, load } = electricity(plan.seed, clusters, plan.months, powerKw);
  await folder.table('electricity.csv', 'site_id,usage_period,mwh,basis', lines);
  await folder.table(
    'contracts.csv',
    'contract_id,kind,grid_id,period,mwh,kg_per_kwh',
    contracts(plan.seed, load, plan.months),
  );
  await folder.table(
    'fuel_use.csv',
    'site_id,period,fuel,quantity,unit',
    fuelUse(plan.seed, clusters, plan.months),
  );
  const gridIds = new Set(clusters.flatMap(({ sites }) => sites.map(({ gridId }) => gridId)));
  const firstYear = Math.floor((plan.months[0] ?? 0) / 12);
  await folder.table(
    'grid_factors.csv',
    'grid_id,year,location_based_kg_per_kwh,residual_mix_kg_per_kwh,source',
    gridFactors(reference, gridIds, firstYear),
  );
}

/** Writes usage, or the real FOCUS rows in their month. */
async function writeUsage(
  folder: EstateFolder,
  estate: Estate,
  progress: Progress<string>,
): Promise<{ usageRows: number; focusRows: number }> {
  const { plan, clusters, services, accounts, reference } = estate;
  const { focus } = reference;
  const writer = new UsageWriter(lineSource(plan.seed, clusters, services, focus), accounts);
  let usageRows = 0;
  let focusRows = 0;
  for (const month of plan.months) {
    if (plan.focus && month === monthIndex(REAL_FOCUS_MONTH)) {
      await folder.file(`focus/usage_period=${REAL_FOCUS_MONTH}/focus_1_0_sample_aws.csv`, focus.text);
      focusRows += focus.rows;
    } else {
      usageRows += await folder.stream(path('usage', month), (table) => {
        table.add(`${USAGE_HEADER}\n`);
        return writer.write(table, month, plan.usageRowsPerMonth);
      });
    }
    progress.finished(`usage of ${monthOf(month)}`);
  }
  return { usageRows, focusRows };
}

/**
 * Writes a sample estate: real Regions, grid factors, power usage effectiveness and fuel factors, the real FOCUS rows
 * of September 2024, and made-up racks, dependencies, contracts and other months in the proportions of that real month.
 * The same options make the same bytes at any time and on any machine; memory does not grow with the usage rows.
 *
 * @param options where to, and how large
 * @param progress counts the months of the two large tables
 * @returns what was written
 * @throws RangeError when an option is out of bounds or the folder is not empty
 *
 * @example
 * await writeSampleEstate({ outDir: 'estate' }); // the sample: 38 months to 2026-10
 * await writeSampleEstate({ outDir: 'large', months: 1, usageRowsPerMonth: 20_000_000 }); // a benchmark
 */
export async function writeSampleEstate(
  options: SampleOptions,
  progress: Progress<string> = NO_PROGRESS,
): Promise<SampleSummary> {
  const plan = planSample(options);
  const folder = await EstateFolder.create(plan.outDir);
  const reference = readReference();
  const clusters = makeClusters(reference, plan.seed, plan.regions);
  const services = makeServices(plan.services);
  const accounts = makeAccounts(plan, reference.focus);
  const estate = { plan, reference, clusters, services, accounts };
  await writeInventory(folder, estate);
  progress.planned(2 * plan.months.length);
  const { rows: rackRows, power, lives } = await writeRacks(folder, estate, progress);
  await writeScope3(folder, estate, lives);
  await writeEnergy(folder, estate, power);
  const { usageRows, focusRows } = await writeUsage(folder, estate, progress);
  return {
    outDir: plan.outDir,
    firstMonth: monthOf(plan.months[0] ?? 0),
    lastMonth: monthOf(plan.months.at(-1) ?? 0),
    months: plan.months.length,
    clusters: clusters.length,
    sites: clusters.reduce((sum, { sites }) => sum + sites.length, 0),
    services: services.length,
    accounts: accounts.length,
    rackRows,
    usageRows,
    focusRows,
    files: folder.files,
    bytes: folder.bytes,
  };
}

import { readFileSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type SampleOptions, writeSampleEstate } from '../sample/generate';
import { withFolder } from './measure';
import { runBench } from './options';
import { commandCost, reportCost } from './process-cost';
import { giveAllDigits } from './usage-month';

/*
 * How a run from nothing grows with accounts, racks, services, clusters and months, and a run with nothing to do with the months
 * of its history; all else as in the sample.
 */

type Sizes = Omit<SampleOptions, 'outDir'> & {
  /** True where every service uses all others in three clusters. */
  readonly isDense?: boolean;
  /** True where a run with nothing to do is measured. */
  readonly isRerun?: boolean;
};

const GROWTH: readonly (readonly [what: string, sizes: readonly Sizes[]])[] = [
  [
    'accounts, 30 usage rows each',
    [1_000, 10_000, 100_000].map((accounts) => ({ accounts, usageRowsPerMonth: 30 * accounts })),
  ],
  ['racks of each cluster', [40, 400, 4_170].map((racksPerCluster) => ({ racksPerCluster }))],
  ['services', [50, 200, 500].map((services) => ({ services, regions: 3 }))],
  [
    'services that use all others in 3 clusters',
    [50, 200, 500].map((services) => ({ services, regions: 3, isDense: true })),
  ],
  ['Regions', [5, 10, 20].map((regions) => ({ regions }))],
  [
    'months, 1,000 accounts',
    [3, 12, 38].map((months) => ({ months, accounts: 1_000, usageRowsPerMonth: 30_000 })),
  ],
  [
    'months of history of 1,000 accounts, with nothing to do',
    [3, 12, 38].map((months) => ({ months, accounts: 1_000, usageRowsPerMonth: 30_000, isRerun: true })),
  ],
];

runBench(async () => {
  for (const [what, all] of GROWTH) {
    console.log(`\n${what}`);
    for (const sizes of all) await bench(sizes);
  }
});

async function bench({ isDense = false, isRerun = false, ...sizes }: Sizes): Promise<void> {
  await withFolder(async (folder) => {
    const [inputs, out] = [join(folder, 'inputs'), join(folder, 'out')];
    await writeSampleEstate({ months: 1, focus: false, ...sizes, outDir: inputs });
    await giveAllDigits(inputs);
    if (isDense) writeDenseUse(inputs);
    const run = ['run', '--inputs', inputs, '--out', out, '--as-of', '2026-11-20'];
    const fromNothing = await commandCost(run, () => rm(out, { recursive: true, force: true }));
    // The first run with nothing to do records the versions of the files.
    const cost = isRerun ? await commandCost(run) : fromNothing;
    reportCost(JSON.stringify(sizes), cost);
  });
}

/** Replaces the dependencies by those of every service on all others, in the first three clusters. */
function writeDenseUse(inputs: string): void {
  const idsIn = (table: string): string[] => {
    const lines = readFileSync(join(inputs, `${table}.csv`), 'utf8')
      .trim()
      .split('\n');
    return lines.slice(1).map((line) => line.split(',')[0] ?? '');
  };
  const services = idsIn('services');
  // Shares that differ, and that add up to less than 1.
  const share = (row: number): string => ((0.5 + Math.abs(Math.sin(row))) / (2 * services.length)).toFixed(8);
  const rows = ['cluster_id,provider_code,consumer_code,share'];
  for (const cluster of idsIn('clusters').slice(0, 3)) {
    for (const provider of services) {
      for (const consumer of services) {
        if (provider !== consumer) rows.push(`${cluster},${provider},${consumer},${share(rows.length)}`);
      }
    }
  }
  const month = join(inputs, 'service_use', 'usage_period=2026-10', 'service_use.csv');
  writeFileSync(month, `${rows.join('\n')}\n`);
}

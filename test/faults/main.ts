/*
 * `npm run faults [-- divisor [scenarios]]`: runs every scenario of faults many times and counts the lost files. A divisor
 * reduces the number of trials; names of scenarios, separated by commas, select those. docs/reliability.md quotes the table
 * that it prints.
 */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { textTable } from '../../cli/text-table';
import { canMount, diskFull, filesCutOff, readOnly } from './disk-faults';
import { type FaultFigures, FaultWorld } from './fault-world';
import { killedRuns, twoRunsAtOnce } from './killed-runs';
import { lockRounds } from './lock-rounds';
import { failingS3, killedOnS3, S3World } from './s3-faults';
import { clockJumps, failingStores } from './store-faults';

const SEED = 20_261_115;

/** A run on S3 takes longer than one in a folder; kills at later instants hit less often. */
const S3_WORK_MS = 4_000;

/** A scenario with its number of trials; undefined where this machine cannot run it. */
type Scenario = (world: FaultWorld, times: (count: number) => number) => Promise<FaultFigures | undefined>;

const SCENARIOS: Readonly<Record<string, Scenario>> = {
  killed: (world, times) => killedRuns(world, times(200), SEED),
  'two-runs': (world, times) => twoRunsAtOnce(world, times(20)),
  locks: (_, times) => lockRounds(times(2_000)),
  stores: (world, times) => failingStores(world, times(100), SEED),
  'cut-off': (world, times) => filesCutOff(world, sizes(times(20), 20, 1)),
  'disk-full': (world, times) => mountable(world, () => diskFull(world, sizes(times(20), 160, 8))),
  'read-only': (world, times) => mountable(world, () => readOnly(world, times(5))),
  clock: (world, times) => clockJumps(world, times(20), SEED),
  's3-killed': (world, times) => onS3(world, (s3) => killedOnS3(s3, times(40), SEED, S3_WORK_MS)),
  's3-failing': (world, times) => onS3(world, (s3) => failingS3(s3, times(10), SEED)),
};

/** Returns `count` sizes from the smallest to the largest. */
function sizes(count: number, most: number, least: number): number[] {
  return Array.from({ length: count }, (_, index) => least + Math.round((index * (most - least)) / count));
}

async function mountable(
  world: FaultWorld,
  work: () => Promise<FaultFigures>,
): Promise<FaultFigures | undefined> {
  if (canMount(join(world.folder(false), 'mount'))) return work();
  console.error('this user may not mount a file system: disk full and read-only were not tried');
  return undefined;
}

async function onS3(
  world: FaultWorld,
  work: (s3: S3World) => Promise<FaultFigures>,
): Promise<FaultFigures | undefined> {
  const moto = spawnSync('sh', ['-c', 'command -v moto_server'], { encoding: 'utf8' }).stdout.trim();
  if (moto === '') {
    console.error('moto_server is not installed (pip install "moto[server]"): S3 was not tried');
    return undefined;
  }
  const s3 = await S3World.open(world, moto);
  try {
    return await work(s3);
  } finally {
    await s3.close();
  }
}

async function main(divisor: number, names: readonly string[]): Promise<FaultFigures[]> {
  const times = (count: number): number => Math.max(1, Math.round(count / divisor));
  const world = await FaultWorld.open();
  const done: FaultFigures[] = [];
  try {
    for (const name of names) {
      const scenario = SCENARIOS[name];
      if (scenario === undefined)
        throw new Error(`found ${name}, expected one of ${Object.keys(SCENARIOS).join(', ')}`);
      const figures = await scenario(world, times);
      console.error(JSON.stringify(figures));
      if (figures !== undefined) done.push(figures);
    }
  } finally {
    world.close();
  }
  return done;
}

const NUMBERS = ['trials', 'faults', 'failedRuns', 'lost', 'wrong', 'stray'] as const;

const [, , divisor = '1', names = Object.keys(SCENARIOS).join(',')] = process.argv;

void main(Number(divisor), names.split(',')).then((figures) => {
  console.log(
    textTable<FaultFigures>(
      [
        { title: 'scenario', value: ({ scenario }) => scenario },
        ...NUMBERS.map((title) => ({
          title,
          align: 'right' as const,
          value: (row: FaultFigures) => String(row[title]),
        })),
      ],
      figures,
    ),
  );
  process.exitCode = figures.some(({ lost, wrong, stray }) => lost + wrong + stray > 0) ? 1 : 0;
});

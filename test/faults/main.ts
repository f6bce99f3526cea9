/*
 * `npm run faults [-- divisor]`: breaks runs in every way that is known, many times, and counts what was lost. With a
 * divisor, so many times fewer. The last table is what docs/reliability.md quotes.
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

/** A run against S3 takes longer than one in a folder; later instants hit less often. */
const S3_WORK_MS = 4_000;

async function main(divisor: number): Promise<FaultFigures[]> {
  const times = (count: number): number => Math.max(1, Math.round(count / divisor));
  const sizes = (count: number, first: number, step: number): number[] =>
    Array.from({ length: times(count) }, (_, index) => first + index * step * divisor);
  const world = await FaultWorld.open();
  const done: FaultFigures[] = [];
  const told = (figures: FaultFigures): void => {
    console.error(JSON.stringify(figures));
    done.push(figures);
  };
  try {
    told(await killedRuns(world, times(200), SEED));
    told(await twoRunsAtOnce(world, times(20)));
    told(await lockRounds(times(2_000)));
    told(await failingStores(world, times(100), SEED));
    told(await filesCutOff(world, sizes(20, 1, 1)));
    if (canMount(join(world.folder(false), 'mount'))) {
      told(await diskFull(world, sizes(20, 8, 8)));
      told(await readOnly(world, times(5)));
    } else console.error('no file system may be mounted here: disk full and read-only were not tried');
    told(await clockJumps(world, times(20), SEED));
    const moto = spawnSync('sh', ['-c', 'command -v moto_server'], { encoding: 'utf8' }).stdout.trim();
    if (moto === '') console.error('no moto_server here (pip install "moto[server]"): S3 was not tried');
    else {
      const s3 = await S3World.open(world, moto);
      try {
        told(await killedOnS3(s3, times(40), SEED, S3_WORK_MS));
        told(await failingS3(s3, times(10), SEED));
      } finally {
        await s3.close();
      }
    }
  } finally {
    world.close();
  }
  return done;
}

const NUMBERS = ['trials', 'faults', 'failedRuns', 'lost', 'wrong', 'stray'] as const;

void main(Number(process.argv[2] ?? '1')).then((figures) => {
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

import { join } from 'node:path';
import { writeSampleEstate } from '../sample/generate';
import { SAMPLE_AS_OF } from '../sample/sample-folder';
import { peakMegabytes, report, timed, withFolder } from './measure';
import { runFolder } from './run-folder';

/** The sample's 38 months from nothing, then a run with nothing to do. */
async function bench(): Promise<void> {
  await withFolder(async (folder) => {
    const inputs = join(folder, 'inputs');
    const out = join(folder, 'out');
    const made = await timed(() => writeSampleEstate({ outDir: inputs }));
    report('make the sample estate', made.seconds, `${String(made.value.usageRows)} usage rows`);
    const first = await timed(() => runFolder(inputs, out, SAMPLE_AS_OF));
    report(
      'first run: all months published',
      first.seconds,
      `${String(first.value.months.length)} months, ${(first.seconds / first.value.months.length).toFixed(3)} s each`,
    );
    const second = await timed(() => runFolder(inputs, out, SAMPLE_AS_OF));
    report(
      'second run: nothing to do',
      second.seconds,
      `${(first.seconds / second.seconds).toFixed(1)} times faster`,
    );
    console.log(`peak memory ${String(peakMegabytes())} MB`);
  });
}

bench().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});

import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { writeSampleEstate } from '../sample/generate';
import { SAMPLE_AS_OF } from '../sample/sample-folder';
import { withFolder } from './measure';
import { runBench } from './options';
import { commandCost, reportCost } from './process-cost';
import { giveAllDigits } from './usage-month';

/* How long the command takes to start, the sample's 38 months from nothing, and a run with nothing to do. */

runBench(() =>
  withFolder(async (folder) => {
    const [inputs, out] = [join(folder, 'inputs'), join(folder, 'out')];
    await writeSampleEstate({ outDir: inputs });
    await giveAllDigits(inputs);
    const run = ['run', '--inputs', inputs, '--out', out, '--as-of', SAMPLE_AS_OF];
    reportCost('--help', await commandCost(['--help']));
    const first = await commandCost(run, () => rm(out, { recursive: true, force: true }));
    reportCost('38 months from nothing', first, `${(first.cpuSeconds / 38).toFixed(3)} CPU s each`);
    // The first of them records the versions of the files.
    reportCost('the same again, with nothing to do', await commandCost(run));
    reportCost('status', await commandCost(['status', '--out', out]));
  }),
);

import type { Command } from 'commander';
import { isVerified, type Verification, type VerifiedMonth } from '../shared/audit/verify/verification';
import { verifyExport } from '../shared/audit/verify/verify-export';
import { EXIT } from '../shared/base/carbon-error';
import { defined } from '../shared/base/defined';
import { dayOf } from '../shared/base/instant';
import type { Month } from '../shared/base/month';
import { openInputs } from '../shared/estate/open-inputs';
import { assertFolder, assertPlaces, EXPORTS_FOLDER } from '../shared/runs/check-places';
import { openStore } from '../shared/stores/open-store';
import { chosenExport, EXPORT_NAME_HELP } from './chosen-export';
import { assuranceStatement, resultOf } from './assurance-statement';
import { month, positiveInteger } from './option-values';
import { NO_PROGRESS, progressOn, type Step } from './progress';
import { withScratch } from './with-scratch';
import { assertPackFolder, writePack } from './write-pack';

interface VerifyOptions {
  readonly inputs: string;
  readonly out: string;
  readonly exportName?: string;
  readonly month?: Month;
  readonly padAccountIds?: boolean;
  readonly pack?: string;
  readonly sample: number;
  readonly seed?: string;
  readonly json: boolean;
}

/** Defines the verb `verify`. */
export function defineVerify(verb: Command, finish: (exitCode: number) => void): void {
  verb
    .requiredOption('--inputs <location>', 'the estate that the export was computed from')
    .requiredOption('--out <location>', 'folder of the exports, or s3://bucket/prefix')
    .option('--export-name <name>', EXPORT_NAME_HELP)
    .option('--month <YYYY-MM>', 'only this month (default: all)', month)
    .option('--pad-account-ids', 'set it where the run had it')
    .option('--pack <folder>', 'write the files that a verifier asks for into a new folder')
    .option('--sample <n>', 'rows that the pack explains', positiveInteger, 10)
    .option('--seed <text>', 'decides which rows are drawn (default: the digest of the data files)')
    .option('--json', 'print the result as JSON', false)
    .action(async (options: VerifyOptions) => {
      await assertPlaces(options.inputs);
      await assertFolder(options.out, EXPORTS_FOLDER);
      if (options.pack !== undefined) await assertPackFolder(options.pack);
      const on = dayOf(new Date());
      const verification = await withScratch((scratch) => verify(options, on, scratch));
      console.log(
        options.json
          ? JSON.stringify({ verified: isVerified(verification), on, ...verification }, undefined, 2)
          : assuranceStatement(verification, { inputs: options.inputs, out: options.out, on }),
      );
      finish(exitCodeOf(verification));
    });
}

/** An export without a published month is most often a wrong --out or --export-name. */
function exitCodeOf(verification: Verification): number {
  if (verification.months.length === 0) return EXIT.usage;
  return isVerified(verification) ? EXIT.done : EXIT.failed;
}

async function verify(options: VerifyOptions, on: string, scratch: string): Promise<Verification> {
  const { padAccountIds, pack, sample, seed } = options;
  const overrides = defined({ padAccountIds });
  const exports = await openStore(options.out, scratch);
  const verification = await verifyExport({
    inputs: () => openInputs(options.inputs, scratch),
    exports,
    exportName: await chosenExport(exports, options.out, options.exportName),
    overrides,
    progress: options.json ? NO_PROGRESS : progressOn(process.stderr, stepOf),
    ...defined({ month: options.month }),
  });
  if (pack === undefined) return verification;
  const inputs = await openInputs(options.inputs, scratch);
  const places = { inputs: options.inputs, out: options.out };
  await writePack(pack, {
    ...{ verification, inputs, exports, overrides, places, on, sample },
    ...defined({ seed }),
  });
  return verification;
}

function stepOf(verified: VerifiedMonth): Step {
  const name = `${verified.month} ${verified.modelVersion}`;
  const result = resultOf(verified);
  return { name, line: `${name} ${result}`, isFailed: result !== 'verified' };
}

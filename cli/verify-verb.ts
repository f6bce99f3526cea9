import type { Command } from 'commander';
import { verifyExport, type VerifyOptions } from '../api/verify-export';
import { isVerified, type Verification, type VerifiedMonth } from '../shared/audit/verify/verification';
import { EXIT } from '../shared/base/carbon-error';
import { dayOf } from '../shared/base/instant';
import { NO_PROGRESS } from '../shared/base/progress';
import { assuranceStatement, resultOf } from './assurance-statement';
import { jsonReport } from './json-report';
import { EXPORT_NAME_HELP, month, positiveInteger } from './option-values';
import { progressOn, type Step } from './progress';

interface VerifyVerbOptions extends VerifyOptions {
  readonly quiet: boolean;
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
    .option('--quiet', 'no progress', false)
    .option('--json', 'print the result as JSON', false)
    .action(async ({ json: isJson, quiet: isQuiet, ...options }: VerifyVerbOptions) => {
      const progress = isJson || isQuiet ? NO_PROGRESS : progressOn(process.stderr, stepOf);
      const verification = await verifyExport({ ...options, progress });
      const on = dayOf(new Date());
      console.log(
        isJson
          ? jsonReport({ verified: isVerified(verification), on, ...verification })
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

function stepOf(verified: VerifiedMonth): Step {
  const name = `${verified.month} ${verified.modelVersion}`;
  const result = resultOf(verified);
  return { name, line: `${name} ${result}`, isFailed: result !== 'verified' };
}

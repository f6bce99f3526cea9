import type { Command } from 'commander';
import { isValid, validateEstate, type ValidateOptions } from '../api/validate-estate';
import { NO_PROGRESS } from '../shared/base/progress';
import { severeWarnings } from '../shared/base/warning';
import type { ValidatedMonth, ValidationReport } from '../shared/runs/validate-estate';
import { jsonReport } from './json-report';
import { modelVersion } from './option-values';
import { progressOn, type Step } from './progress';
import { problemLines } from './problem-lines';
import { warningLines } from './warning-lines';

interface ValidateVerbOptions extends ValidateOptions {
  readonly quiet: boolean;
  readonly verbose: boolean;
  readonly json: boolean;
}

/** Defines the verb `validate`. */
export function defineValidate(verb: Command, finish: (exitCode: number) => void): void {
  verb
    .requiredOption('--inputs <location>', 'folder of the estate, or s3://bucket/prefix')
    .option('--model <version>', 'model version for all months (default: by month)', modelVersion)
    .option('--pad-account-ids', 'restore the leading zeros that a spreadsheet removed from account ids')
    .option('--strict', 'count a month that has a warning that changes numbers as invalid', false)
    .option('--quiet', 'no progress; print only what failed', false)
    .option('--verbose', 'list all warnings and problems', false)
    .option('--json', 'print the report as JSON', false)
    .action(async (verbOptions: ValidateVerbOptions) => {
      const { json: isJson, verbose: isVerbose, quiet: isQuiet, ...options } = verbOptions;
      const progress = isJson || isQuiet ? NO_PROGRESS : progressOn(process.stderr, stepOf);
      const report = await validateEstate({ ...options, progress });
      if (isJson) console.log(jsonReport(report));
      else if (!isQuiet || !isValid(report)) console.log(inWords(report, isVerbose));
      finish(isValid(report) ? 0 : 1);
    });
}

function stepOf({ month, modelVersion, error }: ValidatedMonth): Step {
  const name = `${month} ${modelVersion}`;
  const isFailed = error !== undefined;
  return { name, line: `${name} ${isFailed ? 'invalid' : 'valid'}`, isFailed };
}

function inWords({ months, problems }: ValidationReport, isVerbose: boolean): string {
  const valid = months.filter(({ error }) => error === undefined);
  return [
    ...problems,
    ...months.flatMap(({ month, modelVersion, error, warnings }) => {
      const name = `${month} ${modelVersion}`;
      if (error !== undefined) return [`${name}:`, ...problemLines(error, isVerbose)];
      return [`${name}: ${severeWarnings(warnings).length > 0 ? 'valid with warnings' : 'valid'}`];
    }),
    `${String(valid.length)} of ${String(months.length)} months are valid.`,
    ...warningLines(months, isVerbose),
  ].join('\n');
}

import type { Command } from 'commander';
import { defined } from '../shared/base/defined';
import { severeWarnings } from '../shared/base/warning';
import { openInputs } from '../shared/estate/open-inputs';
import { readListAccountsFiles } from '../shared/organization/list-accounts-file';
import { assertNotEmpty, assertPlaces } from '../shared/runs/check-places';
import { validateEstate, type ValidationReport } from '../shared/runs/validate-estate';
import type { ModelVersion } from '../shared/method/model-version';
import { computedVersion } from './option-values';
import { warningLines } from './warning-lines';
import { withScratch } from './with-scratch';

interface ValidateOptions {
  readonly inputs: string;
  readonly model?: ModelVersion;
  readonly padAccountIds?: boolean;
  readonly strict: boolean;
  readonly verbose: boolean;
  readonly json: boolean;
}

/** Defines the verb `validate`. */
export function defineValidate(verb: Command, finish: (exitCode: number) => void): void {
  verb
    .requiredOption('--inputs <location>', 'folder of the estate, or s3://bucket/prefix')
    .option('--model <version>', 'model version for all months (default: by month)', computedVersion)
    .option('--pad-account-ids', 'restore the leading zeros that a spreadsheet removed from account ids')
    .option('--strict', 'count a month that has a warning that changes numbers as invalid', false)
    .option('--verbose', 'list all warnings', false)
    .option('--json', 'print the report as JSON', false)
    .action(async (options: ValidateOptions) => {
      const report = await withScratch((scratch) => validate(options, scratch));
      console.log(options.json ? JSON.stringify(report, undefined, 2) : inWords(report, options.verbose));
      const isValid = report.problems.length === 0 && report.months.every(({ error }) => error === undefined);
      finish(isValid ? 0 : 1);
    });
}

async function validate(
  { inputs: location, model, padAccountIds, strict: isStrict }: ValidateOptions,
  scratch: string,
): Promise<ValidationReport> {
  await assertPlaces(location);
  const inputs = await openInputs(location, scratch);
  await assertNotEmpty(location, inputs);
  return validateEstate({
    inputs,
    overrides: defined({ padAccountIds }),
    selection: defined({ model }),
    limits: {},
    isStrict,
    readOrganization: () => readListAccountsFiles(inputs, new Date(0).toISOString()),
  });
}

function inWords({ months, problems }: ValidationReport, isVerbose: boolean): string {
  const valid = months.filter(({ error }) => error === undefined);
  return [
    ...problems,
    ...months.flatMap(({ month, modelVersion, error, warnings }) => {
      const name = `${month} ${modelVersion}`;
      if (error !== undefined) return [`${name}:`, error];
      return [`${name}: ${severeWarnings(warnings).length > 0 ? 'valid with warnings' : 'valid'}`];
    }),
    `${String(valid.length)} of ${String(months.length)} months are valid.`,
    ...warningLines(months, isVerbose),
  ].join('\n');
}

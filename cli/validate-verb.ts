import type { Command } from 'commander';
import { openInputs } from '../shared/estate/open-inputs';
import { readListAccountsFiles } from '../shared/organization/list-accounts-file';
import { validateEstate, type ValidationReport } from '../shared/runs/validate-estate';
import { withScratch } from './with-scratch';

interface ValidateOptions {
  readonly inputs: string;
  readonly padAccountIds?: boolean;
  readonly json: boolean;
}

/** Adds the verb `validate`. */
export function addValidateVerb(program: Command, finish: (exitCode: number) => void): void {
  program
    .command('validate')
    .description('compute every month of an estate without publishing anything, and say what is wrong')
    .requiredOption('--inputs <location>', 'folder of the estate, or s3://bucket/prefix')
    .option('--pad-account-ids', 'restore leading zeros of account ids that a spreadsheet ate')
    .option('--json', 'print the report as JSON', false)
    .action(async (options: ValidateOptions) => {
      const report = await withScratch((scratch) => validate(options, scratch));
      console.log(options.json ? JSON.stringify(report, undefined, 2) : inWords(report));
      const isSound = report.problems.length === 0 && report.months.every(({ error }) => error === undefined);
      finish(isSound ? 0 : 1);
    });
}

async function validate(options: ValidateOptions, scratch: string): Promise<ValidationReport> {
  const inputs = await openInputs(options.inputs, scratch);
  return validateEstate({
    inputs,
    overrides: options.padAccountIds === undefined ? {} : { padAccountIds: options.padAccountIds },
    limits: {},
    readOrganization: () => readListAccountsFiles(inputs, new Date(0).toISOString()),
  });
}

function inWords({ months, problems }: ValidationReport): string {
  const failed = months.filter(({ error }) => error !== undefined);
  return [
    ...problems,
    ...months.flatMap(({ month, modelVersion, error, warnings }) =>
      error === undefined
        ? [
            `${month} ${modelVersion}: sound${warnings.length > 0 ? `, ${String(warnings.length)} notes` : ''}`,
          ]
        : [`${month} ${modelVersion}:`, error],
    ),
    `${String(months.length - failed.length)} of ${String(months.length)} months are sound.`,
  ].join('\n');
}

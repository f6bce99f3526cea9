import type { Command } from 'commander';
import { defined } from '../shared/base/defined';
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
    .description('compute every month of an estate, publish nothing, and list what is wrong')
    .requiredOption('--inputs <location>', 'folder of the estate, or s3://bucket/prefix')
    .option('--pad-account-ids', 'restore the leading zeros that a spreadsheet removed from account ids')
    .option('--json', 'print the report as JSON', false)
    .action(async (options: ValidateOptions) => {
      const report = await withScratch((scratch) => validate(options, scratch));
      console.log(options.json ? JSON.stringify(report, undefined, 2) : inWords(report));
      const isValid = report.problems.length === 0 && report.months.every(({ error }) => error === undefined);
      finish(isValid ? 0 : 1);
    });
}

async function validate(
  { inputs: location, padAccountIds }: ValidateOptions,
  scratch: string,
): Promise<ValidationReport> {
  const inputs = await openInputs(location, scratch);
  return validateEstate({
    inputs,
    overrides: defined({ padAccountIds }),
    limits: {},
    readOrganization: () => readListAccountsFiles(inputs, new Date(0).toISOString()),
  });
}

function inWords({ months, problems }: ValidationReport): string {
  const valid = months.filter(({ error }) => error === undefined);
  return [
    ...problems,
    ...months.flatMap(({ month, modelVersion, error, warnings }) => {
      const name = `${month} ${modelVersion}`;
      if (error !== undefined) return [`${name}:`, error];
      return [`${name}: valid${warnings.length > 0 ? `, ${String(warnings.length)} warnings` : ''}`];
    }),
    `${String(valid.length)} of ${String(months.length)} months are valid.`,
    ...(valid.some(({ warnings }) => warnings.length > 0) ? ['--json lists the warnings.'] : []),
  ].join('\n');
}

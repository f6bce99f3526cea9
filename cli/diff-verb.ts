import type { Command } from 'commander';
import { diffExports, type DiffOptions } from '../api/diff-exports';
import type { MonthDiff } from '../shared/audit/diff/diff-exports';
import { NO_PROGRESS } from '../shared/base/progress';
import { diffInWords } from './diff-table';
import { jsonReport } from './json-report';
import { EXPORT_NAME_HELP, modelVersionId, month, positiveInteger } from './option-values';
import { lateProgress } from './progress';

interface DiffVerbOptions extends DiffOptions {
  readonly limit: number;
  readonly quiet: boolean;
  readonly json: boolean;
}

/** Defines the verb `diff`. */
export function defineDiff(verb: Command, finish: (exitCode: number) => void): void {
  verb
    .requiredOption('--out <location>', 'folder of export A, and of B unless --out-b is set')
    .option('--out-b <location>', 'folder of export B')
    .option('--export-name <name>', `A: ${EXPORT_NAME_HELP}`)
    .option('--export-name-b <name>', 'name of export B (default: that of A)')
    .option('--model-a <version>', 'model version of A (default: the newest of each month)', modelVersionId)
    .option('--model-b <version>', 'model version of B (default: that of A)', modelVersionId)
    .option(
      '--execution-a <id>',
      'execution of A: present, previous (which the present one replaced) or an id (default: previous where no other option distinguishes A from B)',
    )
    .option('--execution-b <id>', 'execution of B (default: present)')
    .option('--inputs <location>', 'inputs of A; with --inputs-b, changed rows of the inputs are listed')
    .option('--inputs-b <location>', 'inputs of B')
    .option('--month <YYYY-MM>', 'only this month (default: all months that are in both)', month)
    .option('--limit <n>', 'accounts, services, Regions and rows shown', positiveInteger, 20)
    .option('--quiet', 'no progress', false)
    .option('--json', 'print everything as JSON', false)
    .action(async ({ json: isJson, quiet: isQuiet, limit, ...options }: DiffVerbOptions) => {
      const progress =
        isJson || isQuiet ? NO_PROGRESS : lateProgress<MonthDiff>('month', ({ month: of }) => of);
      const diff = await diffExports({ ...options, progress });
      console.log(isJson ? jsonReport(diff) : diffInWords(diff, limit));
      finish(0);
    });
}

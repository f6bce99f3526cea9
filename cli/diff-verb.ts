import type { Command } from 'commander';
import { diffExports, type DiffSide, type ExportDiff } from '../shared/audit/diff/diff-exports';
import { defined } from '../shared/base/defined';
import { openInputs } from '../shared/estate/open-inputs';
import { openStore } from '../shared/stores/open-store';
import { diffInWords } from './diff-table';
import { month, positiveInteger } from './option-values';
import { DEFAULT_EXPORT_NAME } from './run-verb';
import { UsageError } from './usage-error';
import { withScratch } from './with-scratch';

interface DiffOptions {
  readonly out: string;
  readonly outB?: string;
  readonly exportName: string;
  readonly exportNameB?: string;
  readonly modelA?: string;
  readonly modelB?: string;
  readonly executionA?: string;
  readonly executionB?: string;
  readonly inputs?: string;
  readonly inputsB?: string;
  readonly month?: string;
  readonly limit: number;
  readonly json: boolean;
}

/** Adds the verb `diff`. */
export function addDiffVerb(program: Command, finish: (exitCode: number) => void): void {
  program
    .command('diff')
    .description('compare A with B: two model versions, two exports, or two executions of a month')
    .requiredOption('--out <location>', 'what holds export A, and B unless --out-b is given')
    .option('--out-b <location>', 'what holds export B')
    .option('--export-name <name>', 'name of export A', DEFAULT_EXPORT_NAME)
    .option('--export-name-b <name>', 'name of export B (default: that of A)')
    .option('--model-a <version>', 'model version of A (default: by month; of AWS totals the newest)')
    .option('--model-b <version>', 'model version of B (default: that of A)')
    .option('--execution-a <id>', 'execution of A: present, previous (before the last restatement) or an id')
    .option('--execution-b <id>', 'execution of B (default: present)')
    .option('--inputs <location>', 'inputs of A: rows of the inputs that changed are named')
    .option('--inputs-b <location>', 'inputs of B')
    .option('--month <YYYY-MM>', 'only this month (default: all that both have)', month)
    .option('--limit <n>', 'accounts, services, Regions and rows shown (default: 20)', positiveInteger, 20)
    .option('--json', 'print everything as JSON', false)
    .action(async (options: DiffOptions) => {
      const diff = await withScratch((scratch) => diffOf(options, scratch));
      console.log(options.json ? JSON.stringify(diff, undefined, 2) : diffInWords(diff, options.limit));
      finish(0);
    });
}

async function diffOf(options: DiffOptions, scratch: string): Promise<ExportDiff> {
  const { inputs, inputsB, modelA, modelB, executionA, executionB } = options;
  if ((inputs === undefined) !== (inputsB === undefined)) {
    throw new UsageError('--inputs and --inputs-b go together: rows of one side alone tell nothing');
  }
  const before = await sideOf(scratch, options.out, options.exportName, {
    modelVersion: modelA,
    execution: executionA ?? defaultExecution(options),
    inputs,
  });
  const after = await sideOf(
    scratch,
    options.outB ?? options.out,
    options.exportNameB ?? options.exportName,
    {
      modelVersion: modelB ?? modelA,
      execution: executionB,
      inputs: inputsB,
    },
  );
  return diffExports({
    before,
    after,
    limits: {},
    ...defined({ month: options.month }),
  });
}

/** Where nothing else sets A apart from B, A is what B replaced. */
function defaultExecution({ outB, exportNameB, modelB, executionB }: DiffOptions): string | undefined {
  const apart = [outB, exportNameB, modelB, executionB].some((option) => option !== undefined);
  return apart ? undefined : 'previous';
}

async function sideOf(
  scratch: string,
  out: string,
  exportName: string,
  more: Readonly<Record<'modelVersion' | 'execution' | 'inputs', string | undefined>>,
): Promise<DiffSide> {
  const { modelVersion, execution, inputs } = more;
  return {
    exports: openStore(out, scratch),
    exportName,
    ...defined({ modelVersion, execution }),
    ...(inputs === undefined ? {} : { inputs: await openInputs(inputs, scratch) }),
  };
}

import type { ModelVersionId } from '../shared/base/model-version-id';
import type { Month } from '../shared/base/month';
import type { Command } from 'commander';
import { diffExports, type DiffSide, type ExportDiff } from '../shared/audit/diff/diff-exports';
import { CarbonError } from '../shared/base/carbon-error';
import { defined } from '../shared/base/defined';
import { openInputs } from '../shared/estate/open-inputs';
import { assertFolder, assertPlaces, EXPORTS_FOLDER } from '../shared/runs/check-places';
import { openStore } from '../shared/stores/open-store';
import { chosenExport, EXPORT_NAME_HELP } from './chosen-export';
import { diffInWords } from './diff-table';
import { modelVersionId, month, positiveInteger } from './option-values';
import { withScratch } from './with-scratch';

interface DiffOptions {
  readonly out: string;
  readonly outB?: string;
  readonly exportName?: string;
  readonly exportNameB?: string;
  readonly modelA?: ModelVersionId;
  readonly modelB?: ModelVersionId;
  readonly executionA?: string;
  readonly executionB?: string;
  readonly inputs?: string;
  readonly inputsB?: string;
  readonly month?: Month;
  readonly limit: number;
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
    .option('--execution-a <id>', 'execution of A: present, previous (before the last restatement) or an id')
    .option('--execution-b <id>', 'execution of B (default: present)')
    .option('--inputs <location>', 'inputs of A; with --inputs-b, changed rows of the inputs are listed')
    .option('--inputs-b <location>', 'inputs of B')
    .option('--month <YYYY-MM>', 'only this month (default: all months that are in both)', month)
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
    const found = inputs === undefined ? '--inputs-b' : '--inputs';
    throw new CarbonError('usage', `found ${found} alone; expected both --inputs and --inputs-b, or neither`);
  }
  const before = await sideOf(scratch, {
    out: options.out,
    exportName: options.exportName,
    modelVersion: modelA,
    execution: executionA ?? defaultExecution(options),
    inputs,
  });
  const after = await sideOf(scratch, {
    out: options.outB ?? options.out,
    exportName: options.exportNameB ?? options.exportName,
    modelVersion: modelB ?? modelA,
    execution: executionB,
    inputs: inputsB,
  });
  return diffExports({ before, after, ...defined({ month: options.month }) });
}

/** Where no option distinguishes A from B, A is the execution that B replaced. */
function defaultExecution({ outB, exportNameB, modelB, executionB }: DiffOptions): string | undefined {
  const isDistinct = [outB, exportNameB, modelB, executionB].some((option) => option !== undefined);
  return isDistinct ? undefined : 'previous';
}

interface SideOptions extends Readonly<Record<'execution' | 'inputs', string | undefined>> {
  readonly modelVersion: ModelVersionId | undefined;
  readonly out: string;
  readonly exportName: string | undefined;
}

async function sideOf(scratch: string, options: SideOptions): Promise<DiffSide> {
  const { out, exportName, modelVersion, execution } = options;
  await assertFolder(out, EXPORTS_FOLDER);
  if (options.inputs !== undefined) await assertPlaces(options.inputs);
  const inputs = options.inputs === undefined ? undefined : await openInputs(options.inputs, scratch);
  const exports = await openStore(out, scratch);
  const chosen = await chosenExport(exports, out, exportName);
  return { exports, exportName: chosen, ...defined({ modelVersion, execution, inputs }) };
}

import {
  diffExports as diffStores,
  type DiffSide,
  type ExportDiff,
  type MonthDiff,
} from '../shared/audit/diff/diff-exports';
import { CarbonError } from '../shared/base/carbon-error';
import { defined } from '../shared/base/defined';
import type { ModelVersionId } from '../shared/base/model-version-id';
import type { Progress } from '../shared/base/progress';
import { openInputs } from '../shared/estate/open-inputs';
import { assertFolder, assertPlaces, EXPORTS_FOLDER } from '../shared/runs/check-places';
import { openStore } from '../shared/stores/open-store';
import { chosenExport } from './chosen-export';
import { optionValue, VALUES } from './values';
import { withScratch } from './with-scratch';

/** The two sides of a comparison, A (before) and B (after). */
export interface DiffOptions {
  /** Folder of export A, and of B unless outB is set; or `s3://bucket/prefix`. */
  readonly out: string;
  /** @default - out */
  readonly outB?: string;
  /** Name of export A. @default - the only export, or carbon-emissions among several */
  readonly exportName?: string;
  /** Name of export B. @default - that of A */
  readonly exportNameB?: string;
  /** Model version of A. @default - the newest of each month */
  readonly modelA?: string;
  /** Model version of B. @default - that of A */
  readonly modelB?: string;
  /** Execution of A: `present`, `previous` or an id. @default - previous where nothing else distinguishes A from B */
  readonly executionA?: string;
  /** Execution of B. @default - present */
  readonly executionB?: string;
  /** Inputs of A; with inputsB, changed rows of the inputs are listed. @default - none are listed */
  readonly inputs?: string;
  /** Inputs of B. */
  readonly inputsB?: string;
  /** Only this month, `YYYY-MM`. @default - all months that are in both */
  readonly month?: string;
  /** Called with the number of months, then after each month. @default - no one is informed */
  readonly progress?: Progress<MonthDiff>;
}

/**
 * Compares two model versions, two exports, or two executions of a month.
 *
 * @throws CarbonError of kind usage for a wrong option or location, of kind state for a month that is not published
 */
export async function diffExports(options: DiffOptions): Promise<ExportDiff> {
  const { inputs, inputsB, executionA, executionB } = options;
  if ((inputs === undefined) !== (inputsB === undefined)) {
    const found = inputs === undefined ? '--inputs-b' : '--inputs';
    throw new CarbonError('usage', `found ${found} alone; expected both --inputs and --inputs-b, or neither`);
  }
  const modelA = optionValue('modelA', options.modelA, VALUES.modelVersionId);
  const modelB = optionValue('modelB', options.modelB, VALUES.modelVersionId) ?? modelA;
  const month = optionValue('month', options.month, VALUES.month);
  return withScratch(async (scratch) => {
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
      modelVersion: modelB,
      execution: executionB,
      inputs: inputsB,
    });
    return diffStores({ before, after, ...defined({ month, progress: options.progress }) });
  });
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

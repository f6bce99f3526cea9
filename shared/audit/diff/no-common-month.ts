import { CarbonError } from '../../base/carbon-error';
import type { Month } from '../../base/month';
import { monthsInWords } from '../../base/month-words';

/** A side of a comparison: what was looked for, and the months that have it. */
export interface SideMonths {
  readonly exportName: string;
  readonly modelVersion?: string;
  readonly execution?: string;
  readonly months: readonly Month[];
}

/** Returns the error where no month is on both sides: what each side is, which months it has, and what to do. */
export function noCommonMonth(a: SideMonths, b: SideMonths, month: Month | undefined): CarbonError {
  const expected = month === undefined ? 'a month that is in both' : `${month} in both`;
  return new CarbonError(
    'state',
    `A is ${sideText(a)}; B is ${sideText(b)}; expected ${expected}. ${adviceOf(a, b)}.`,
  );
}

function sideText({ exportName, modelVersion, execution = 'present', months }: SideMonths): string {
  const version = modelVersion === undefined ? '' : `, ${modelVersion}`;
  const isNamed = execution === 'present' || execution === 'previous';
  const which = isNamed ? `the ${execution} execution of each month` : `execution ${execution}`;
  return `${which} of ${exportName}${version}: found ${monthsInWords(months) || 'no month'}`;
}

function adviceOf(a: SideMonths, b: SideMonths): string {
  const { execution = 'present' } = [a, b].find(({ months }) => months.length === 0) ?? a;
  if (execution === 'previous') {
    return 'A month has a previous execution once it was published again with other numbers. To compare something else, set --model-a and --model-b, --out-b, or --export-name-b';
  }
  if (execution !== 'present') {
    return 'Set --execution-a or --execution-b to the executionId of a manifest below metadata/ or history/ of the export';
  }
  return 'To list the months and model versions of an export: carbon-exports status';
}

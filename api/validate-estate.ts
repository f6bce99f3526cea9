import { defined } from '../shared/base/defined';
import type { Progress } from '../shared/base/progress';
import { openInputs } from '../shared/estate/open-inputs';
import { readListAccountsFiles } from '../shared/organization/list-accounts-file';
import { assertNotEmpty, assertPlaces } from '../shared/runs/check-places';
import {
  type ValidatedMonth,
  validateEstate as validateInputs,
  type ValidationReport,
} from '../shared/runs/validate-estate';
import { optionValue, VALUES } from './values';
import { withScratch } from './with-scratch';

/** What is validated. */
export interface ValidateOptions {
  /** Folder of the estate, or `s3://bucket/prefix`. */
  readonly inputs: string;
  /** Model version of all months, such as `v2.0.0`. @default - the version that applies to each month */
  readonly model?: string;
  /** Restores the leading zeros that a spreadsheet removed from account ids. @default - as settings.json says */
  readonly padAccountIds?: boolean;
  /** Counts a month that has a warning that changes numbers as invalid. @default - false */
  readonly strict?: boolean;
  /** Called with the number of months, then after each month. @default - no one is informed */
  readonly progress?: Progress<ValidatedMonth>;
}

/**
 * Computes every month of an estate, publishes nothing, and reports what a run would report.
 *
 * @throws CarbonError of kind usage for a wrong location, of kind input when settings.json or the accounts are invalid
 */
export async function validateEstate(options: ValidateOptions): Promise<ValidationReport> {
  const { inputs: location, padAccountIds, strict: isStrict = false, progress } = options;
  const model = optionValue('model', options.model, VALUES.modelVersion);
  return withScratch(async (scratch) => {
    await assertPlaces(location);
    const inputs = await openInputs(location, scratch);
    await assertNotEmpty(location, inputs);
    return validateInputs({
      inputs,
      overrides: defined({ padAccountIds }),
      limits: {},
      selection: defined({ model }),
      isStrict,
      ...defined({ progress }),
      readOrganization: () => readListAccountsFiles(inputs, new Date(0).toISOString()),
    });
  });
}

/** Returns true where every month can be published. */
export function isValid({ problems, months }: ValidationReport): boolean {
  return problems.length === 0 && months.every(({ error }) => error === undefined);
}

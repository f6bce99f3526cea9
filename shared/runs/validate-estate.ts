import { reasonOf } from '../base/error-info';
import { describeProblem } from '../base/input-problem';
import type { ModelVersionId } from '../base/model-version-id';
import type { EstateOverrides } from '../compute/month/estate-overrides';
import type { MonthWork } from '../compute/month/month-work';
import { openEstate } from '../compute/month/open-estate';
import { knownOrganization, workOf } from '../compute/work-of';
import type { ExportSettings } from '../exports/export-settings';
import type { ExportMonth } from '../exports/layout';
import type { OrganizationSnapshot } from '../organization/account';
import { type DuckLimits, withSession } from '../sql/duck-session';
import type { InputStore } from '../stores/object-store';
import { TrackedCopies } from '../stores/tracked-copies';
import { availableMonths, exportsOf, versionProblems, versionsOf } from './month-versions';

/** What is validated. */
export interface ValidationRequest {
  readonly inputs: InputStore;
  readonly overrides: EstateOverrides;
  readonly limits: DuckLimits;
  /** Reads the present organization. */
  readonly readOrganization: () => Promise<OrganizationSnapshot>;
}

/** What a run would report of a month. */
export interface ValidatedMonth {
  readonly month: string;
  readonly modelVersion: ModelVersionId;
  readonly error?: string;
  readonly warnings: readonly string[];
}

/** The problems and warnings of an estate by month. */
export interface ValidationReport {
  readonly months: readonly ValidatedMonth[];
  /** Problems that belong to no month. */
  readonly problems: readonly string[];
}

/**
 * Computes every month of an estate with the code of a run, without publishing anything.
 *
 * @throws InputError when the estate's settings.json or its accounts are invalid
 */
export async function validateEstate(request: ValidationRequest): Promise<ValidationReport> {
  const { inputs, limits } = request;
  return withSession(limits, async (session) => {
    const copies = new TrackedCopies(inputs);
    const reader = { store: copies, session };
    const estate = await openEstate(reader, request.overrides);
    const { files } = estate;
    const { hasOwn, hasAws } = exportsOf(files);
    const organization = hasOwn || files.hasAccounts ? await request.readOrganization() : undefined;
    const accounts = knownOrganization(organization);
    const months: ValidatedMonth[] = [];
    for (const settings of [...(hasOwn ? [SETTINGS] : []), ...(hasAws ? [AWS_SETTINGS] : [])]) {
      for (const month of availableMonths(files, settings)) {
        for (const at of versionsOf(files, settings, month, {})) {
          const context = { reader, estate, settings, asOf: NO_TIME };
          months.push(await validated(at, () => workOf(at, context, accounts), limits));
          await copies.releaseAll();
        }
      }
    }
    const unplaced = files.strays.filter(({ concerns }) => concerns === undefined);
    const unordered = hasAws ? versionProblems(files, AWS_SETTINGS) : [];
    const without = months.length === 0 ? ['no month has usage: nothing can be computed'] : [];
    return { months, problems: [...unplaced.map(describeProblem), ...unordered, ...without] };
  });
}

const SETTINGS: ExportSettings = { exportName: 'validate', format: 'parquet', productDetail: 'all' };

const AWS_SETTINGS: ExportSettings = { ...SETTINGS, totals: 'aws' };

const NO_TIME = new Date(0);

async function validated(
  { month, modelVersion }: ExportMonth,
  work: () => Promise<MonthWork>,
  limits: DuckLimits,
): Promise<ValidatedMonth> {
  try {
    const loaded = await (await work()).load();
    const { warnings } = await withSession(limits, (session) => loaded.compute(session));
    return { month, modelVersion, warnings };
  } catch (error) {
    return { month, modelVersion, error: reasonOf(error), warnings: [] };
  }
}

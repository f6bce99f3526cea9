import { withSession } from '../engine/duck-session';
import type { DuckLimits } from '../engine/duck-session';
import { describeProblem } from '../inputs/input-problem';
import type { OrganizationSnapshot } from '../organization/account';
import type { ObjectStore } from '../stores/object-store';
import { TrackedCopies } from '../stores/tracked-copies';
import { usageMonths } from '../usage/usage-tables';
import { computeMonth } from './compute-month';
import type { EstateOverrides } from './estate-overrides';
import { reasonOf } from './export-month';
import { readMonthInputs } from './month-inputs';
import { openEstate } from './open-estate';
import { modelledMonth } from './plan-months';

/** What is to be validated. */
export interface ValidationRequest {
  readonly inputs: ObjectStore;
  readonly overrides: EstateOverrides;
  readonly limits: DuckLimits;
  /** Reads the organization as it is now. */
  readonly readOrganization: () => Promise<OrganizationSnapshot>;
}

/** What a month would say if it were run. */
export interface ValidatedMonth {
  readonly month: string;
  readonly modelVersion: string;
  readonly error?: string;
  readonly warnings: readonly string[];
}

/** What is wrong with an estate, month by month. */
export interface ValidationReport {
  readonly months: readonly ValidatedMonth[];
  /** Problems that belong to no month. */
  readonly problems: readonly string[];
}

/**
 * Computes every month of an estate without publishing anything, so that what a run would complain of is known
 * before it runs: the same code reads and computes.
 *
 * @throws InputError when the estate's settings.json or its accounts are not sound
 */
export async function validateEstate(request: ValidationRequest): Promise<ValidationReport> {
  const { inputs, limits } = request;
  return withSession(limits, async (session) => {
    const copies = new TrackedCopies(inputs);
    const reader = { store: copies, session };
    const estate = await openEstate(reader, request.overrides);
    const organization = await request.readOrganization();
    const months: ValidatedMonth[] = [];
    for (const month of usageMonths(estate.files)) {
      const { version, modelVersion } = modelledMonth(month, {});
      try {
        const monthInputs = await readMonthInputs(reader, estate, month, version, organization);
        const settings = { exportName: 'validate', format: 'parquet', productDetail: 'all' } as const;
        const loaded = await monthInputs.load();
        const { warnings } = await withSession(limits, (monthSession) =>
          computeMonth(monthSession, loaded, version, settings, new Date(0)),
        );
        months.push({ month, modelVersion, warnings });
      } catch (error) {
        months.push({ month, modelVersion, error: reasonOf(error), warnings: [] });
      } finally {
        await copies.releaseAll();
      }
    }
    const unplaced = estate.files.strays.filter(({ concerns }) => concerns === undefined);
    const without = months.length === 0 ? ['no month has usage: nothing can be computed'] : [];
    return { months, problems: [...unplaced.map(describeProblem), ...without] };
  });
}

import { append } from '../base/append';
import { defined } from '../base/defined';
import { reasonOf } from '../base/error-info';
import type { ModelVersionId } from '../base/model-version-id';
import { addMonths, type Month } from '../base/month';
import type { Progress } from '../base/progress';
import { type Warning, withoutItems } from '../base/warning';
import type { EstateOverrides } from '../compute/month/estate-overrides';
import type { MonthWork } from '../compute/month/month-work';
import { openEstate } from '../compute/month/open-estate';
import { knownOrganization, workOf } from '../compute/work-of';
import type { ExportSettings } from '../exports/export-settings';
import type { ExportMonth } from '../exports/layout';
import type { OrganizationSnapshot } from '../organization/account';
import type { DuckLimits } from '../sql/duck-instance';
import { withSession } from '../sql/duck-session';
import type { InputStore } from '../stores/object-store';
import { TrackedCopies } from '../stores/tracked-copies';
import { assertStrict } from './export-month';
import { awsMbmKg, changeWarnings, comparedVersion, type ComparedMonth } from './month-changes';
import { availableMonths, exportsOf, type MonthSelection, versionsOf } from './month-versions';
import { estateProblems } from './plan-run';

/** What is validated. */
export interface ValidationRequest {
  readonly inputs: InputStore;
  readonly overrides: EstateOverrides;
  readonly limits: DuckLimits;
  /** @default - the version that applies to each month */
  readonly selection?: Pick<MonthSelection, 'model'>;
  /** Makes warnings that change numbers errors. @default - false */
  readonly isStrict?: boolean;
  /** @default - no one is informed */
  readonly progress?: Progress<ValidatedMonth>;
  /** Reads the present organization. */
  readonly readOrganization: () => Promise<OrganizationSnapshot>;
}

/** What a run would report of a month. */
export interface ValidatedMonth {
  readonly month: Month;
  readonly modelVersion: ModelVersionId;
  readonly error?: string;
  readonly warnings: readonly Warning[];
}

/** The problems and warnings of an estate by month. */
export interface ValidationReport {
  readonly months: readonly ValidatedMonth[];
  /** Problems that belong to no month. */
  readonly problems: readonly string[];
}

/**
 * Computes every month of an estate with the code of a run, without publishing anything: it reports what a run would
 * report.
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
    const problems: string[] = [];
    for (const settings of [...(hasOwn ? [SETTINGS] : []), ...(hasAws ? [AWS_SETTINGS] : [])]) {
      append(problems, estateProblems(files, settings));
      const known: ComparedMonth[] = [];
      const all = availableMonths(files, settings).flatMap((each) =>
        versionsOf(files, settings, each, request.selection ?? {}),
      );
      request.progress?.planned(all.length);
      for (const at of all) {
        const context = { reader, estate, settings, asOf: NO_TIME };
        const validated = await validatedMonth(request, at, known, () => workOf(at, context, accounts));
        months.push(validated.month);
        request.progress?.finished(validated.month);
        if (validated.figures !== undefined) known.push(validated.figures);
        await copies.releaseAll();
      }
    }
    const without = months.length === 0 ? ['no month has usage: nothing can be computed'] : [];
    return { months, problems: [...new Set([...problems, ...without])] };
  });
}

const SETTINGS: ExportSettings = { exportName: 'validate', format: 'parquet', productDetail: 'all' };

const AWS_SETTINGS: ExportSettings = { ...SETTINGS, totals: 'aws' };

const NO_TIME = new Date(0);

interface Validated {
  readonly month: ValidatedMonth;
  /** Absent where the month failed. */
  readonly figures?: ComparedMonth;
}

async function validatedMonth(
  { limits, isStrict }: ValidationRequest,
  { month, modelVersion }: ExportMonth,
  known: readonly ComparedMonth[],
  work: () => Promise<MonthWork>,
): Promise<Validated> {
  try {
    const loaded = await (await work()).load();
    const computed = await withSession(limits, (session) => loaded.compute(session));
    assertStrict(isStrict, computed.warnings);
    const { ledger, usageLines, billCoverage, warnings, awsTotals } = computed;
    const figures = {
      ...{ month, modelVersion, ledger, usageLines, cost: billCoverage?.cost, warnings },
      ...defined({ awsMbmKg: awsTotals && awsMbmKg(awsTotals) }),
    };
    const earlier = known.filter((other) => other.month === addMonths(month, -1));
    const version = comparedVersion(
      modelVersion,
      earlier.map((other) => other.modelVersion),
    );
    const before = earlier.find((other) => other.modelVersion === version);
    const changes = before === undefined ? [] : changeWarnings(before, figures);
    return { month: { month, modelVersion, warnings: withoutItems([...warnings, ...changes]) }, figures };
  } catch (error) {
    return { month: { month, modelVersion, error: reasonOf(error), warnings: [] } };
  }
}

import type { Month } from '../calendar/month';
import type { DuckLimits, DuckSession } from '../engine/duck-session';
import { withSession } from '../engine/duck-session';
import { exportRecordKey } from '../exports/layout';
import { InputError } from '../inputs/input-problem';
import { describeProblem } from '../inputs/input-problem';
import type { OrganizationSnapshot } from '../organization/account';
import { keepSnapshot, readSnapshot, snapshotMonthFor, snapshotMonths } from '../organization/snapshots';
import type { ObjectStore } from '../stores/object-store';
import { PreconditionFailedError } from '../stores/object-store';
import { usageMonths } from '../usage/usage-files';
import { exportMonth, reasonOf } from './export-month';
import type { MonthOutcome } from './export-month';
import type { ExportSettings } from './export-settings';
import { readMonthInputs } from './month-inputs';
import { readState, writeState } from './month-state';
import { openEstate } from './open-estate';
import type { EstateOverrides } from './open-estate';
import { modelledMonth, monthsNotAvailable, selectMonths } from './plan-months';
import type { ModelledMonth, MonthSelection } from './plan-months';
import { withRunLock } from './run-lock';

/** What a run works on. */
export interface RunRequest {
  readonly inputs: ObjectStore;
  readonly exports: ObjectStore;
  readonly settings: ExportSettings;
  readonly selection: MonthSelection;
  readonly overrides?: EstateOverrides;
  /** The run's as-of instant: last_refresh_timestamp of what it publishes. */
  readonly asOf: Date;
  /** Wall clock, for the lock alone. */
  readonly now: Date;
  readonly limits: DuckLimits;
  /** Reads the organization as it is now. */
  readonly readOrganization: (asOf: string) => Promise<OrganizationSnapshot>;
}

/** Told what happens while it happens. */
export interface RunObserver {
  planned(months: number): void;
  finished(outcome: MonthOutcome): void;
}

/** What a run did. */
export interface RunReport {
  readonly exportName: string;
  readonly asOf: string;
  readonly months: readonly MonthOutcome[];
  /** Closed months that have no usage yet. */
  readonly notAvailable: readonly Month[];
  /** Things found in the inputs that belong to no month, and an organization that could not be read. */
  readonly problems: readonly string[];
}

/** The export was set up otherwise than it is asked for now. */
export class ExportMismatchError extends Error {
  override readonly name = 'ExportMismatchError';
}

/**
 * Brings an export up to date: every selected month that is new, failed before or has changed inputs is computed;
 * nothing else is touched. A month that fails does not stop the others.
 *
 * @throws ExportLockedError when another run holds the export
 * @throws ExportMismatchError when the export holds another file format
 * @throws InputError when the estate's settings.json is not sound
 */
export async function runExport(request: RunRequest, observer: RunObserver): Promise<RunReport> {
  const { exports, settings, now } = request;
  return withRunLock(exports, settings.exportName, now, async () => {
    await exports.sweep();
    try {
      await assertSameFormat(exports, settings);
      return await withSession(request.limits, (session) => runMonths(request, observer, session));
    } finally {
      await exports.sweep();
    }
  });
}

async function runMonths(
  request: RunRequest,
  observer: RunObserver,
  session: DuckSession,
): Promise<RunReport> {
  const { inputs, exports, settings, asOf, selection, limits } = request;
  const reader = { store: inputs, session };
  const estate = await openEstate(reader, request.overrides);
  const selected = selectMonths(usageMonths(estate.files), asOf, selection);
  const months = selected.map((month) => modelledMonth(month, selection));
  observer.planned(months.length);
  const organization = await organizationOf(request, session.scratch);
  await recordPending(request, months);
  const outcomes: MonthOutcome[] = [];
  for (const at of months) {
    const outcome = await exportMonth({ exports, settings, at, asOf, limits }, async () =>
      readMonthInputs(reader, estate, at.month, at.version, await organization.at(at.month)),
    );
    outcomes.push(outcome);
    observer.finished(outcome);
  }
  return {
    exportName: settings.exportName,
    asOf: asOf.toISOString(),
    months: outcomes,
    notAvailable: monthsNotAvailable(selected, asOf, selection),
    problems: [...estate.files.strays.map(describeProblem), ...organization.problems],
  };
}

/** One format per export: Athena reads every file below data/, so a second format would be read as the first. */
async function assertSameFormat(exports: ObjectStore, settings: ExportSettings): Promise<void> {
  const key = exportRecordKey(settings.exportName);
  const record = `${JSON.stringify({ exportName: settings.exportName, format: settings.format }, undefined, 1)}\n`;
  try {
    await exports.put(key, record, { ifNoneMatch: '*' });
  } catch (error) {
    if (!(error instanceof PreconditionFailedError)) throw error;
    const present = await exports.get(key);
    if (present?.body.toString('utf8') !== record) {
      throw new ExportMismatchError(
        `export ${settings.exportName} holds another file format than ${settings.format}: choose another export name (${exports.describe(key)})`,
      );
    }
  }
}

/** Months nobody has looked at yet are on record, so that a run that is killed shows what it still had to do. */
async function recordPending(request: RunRequest, months: readonly ModelledMonth[]): Promise<void> {
  const { exports, settings, asOf } = request;
  for (const { month, modelVersion } of months) {
    const present = await readState(exports, settings.exportName, { month, modelVersion });
    if (present !== undefined) continue;
    const state = { month, modelVersion, status: 'pending', asOf: asOf.toISOString() } as const;
    await writeState(exports, settings.exportName, state);
  }
}

interface OrganizationByMonth {
  /** The snapshot that tells about a month. Throws what kept the organization from being read when there is none. */
  at(month: Month): Promise<OrganizationSnapshot>;
  readonly problems: readonly string[];
}

async function organizationOf(request: RunRequest, scratch: string): Promise<OrganizationByMonth> {
  const { exports, asOf } = request;
  let failure: unknown;
  try {
    await keepSnapshot(exports, asOf, scratch, () => request.readOrganization(asOf.toISOString()));
  } catch (error) {
    failure = error;
  }
  const known = await snapshotMonths(exports);
  return {
    at: async (month) => {
      const snapshotMonth = snapshotMonthFor(month, known);
      const snapshot = snapshotMonth === undefined ? undefined : await readSnapshot(exports, snapshotMonth);
      if (snapshot !== undefined) return snapshot;
      throw failure instanceof Error ? failure : new InputError([]);
    },
    problems: failure === undefined ? [] : [`the organization could not be read: ${reasonOf(failure)}`],
  };
}

import { defined } from '../base/defined';
import { describeProblem } from '../base/input-problem';
import type { Month } from '../base/month';
import { severeWarnings } from '../base/warning';
import { InputFiles } from '../estate/input-files';
import { companionName } from '../exports/columns';
import type { ExportSettings } from '../exports/export-settings';
import { assertFixedSettings } from '../exports/fixed-settings';
import { dataKey, exportDataPrefix, type ExportMonth, exportPrefix, manifestKey } from '../exports/layout';
import { type MonthState, writeState } from '../exports/month-state';
import { MonthStates } from '../exports/month-states';
import type { ObjectStore, StoredObject } from '../stores/object-store';
import { type ListingRequest, MonthListing } from './month-listing';
import type { MonthOutcome } from './month-outcome';
import {
  availableMonths,
  DEFAULT_MONTHS,
  type MonthSelection,
  monthsNotAvailable,
  selectMonths,
  versionProblems,
  versionsOf,
} from './month-versions';

/** What a plan is made from. */
export interface PlanRequest extends ListingRequest {
  readonly selection: MonthSelection;
  /** The run's as-of instant. */
  readonly asOf: Date;
  /** Plans done months again that have a warning that changes numbers. @default - false */
  readonly isStrict?: boolean;
}

/** The months of a run. */
export interface RunPlan {
  /** Months to bring up to date, oldest first. */
  readonly months: readonly ExportMonth[];
  /** Months that are done and whose inputs were not written since. */
  readonly unchanged: readonly MonthOutcome[];
  /** Closed months that have no usage yet. */
  readonly notAvailable: readonly Month[];
  /** Problems of the inputs that belong to no month. */
  readonly problems: readonly string[];
  /** The inputs, listed before anything was read. */
  readonly listing: MonthListing;
  readonly files: InputFiles;
}

/** An export as a run finds it. */
export interface ListedExport {
  readonly objects: readonly StoredObject[];
  readonly states: MonthStates;
}

/** Lists an export and reads the states of its months. */
export async function listExport(exports: ObjectStore, exportName: string): Promise<ListedExport> {
  const objects = await exports.list(exportPrefix(exportName));
  return { objects, states: await MonthStates.read(exports, exportName, objects) };
}

/**
 * Selects the months of a run and separates those that are done, by listing alone: no input is read. New months are
 * recorded as pending, so that the state of a killed run shows what was left to do.
 *
 * @param before the export, listed while the run holds it
 * @throws ExportMismatchError when the export holds another file format
 */
export async function planRun(request: PlanRequest, before: ListedExport): Promise<RunPlan> {
  const { inputs, exports, settings, selection, asOf } = request;
  const { states } = before;
  await assertFixedSettings(exports, settings);
  const listing = await MonthListing.take(request);
  const files = await InputFiles.list(inputs, states.manifests);
  const available = availableMonths(files, settings);
  const months = selection.months ?? (settings.totals === 'aws' ? available.length : DEFAULT_MONTHS);
  const selected = selectMonths(available, asOf, { ...selection, months });
  const published = await publishedObjects(request, before);
  const planned: ExportMonth[] = [];
  const unchanged: MonthOutcome[] = [];
  for (const at of selected.flatMap((month) => versionsOf(files, settings, month, selection))) {
    const state = states.of(at);
    if (state === undefined) await recordPending(request, at);
    const isCurrent = state !== undefined && isOfListed(state, listing, states);
    const outcome = isCurrent ? outcomeOfDone(request, at, state, published) : undefined;
    if (outcome === undefined) planned.push(at);
    else unchanged.push(outcome);
  }
  return {
    months: planned,
    unchanged,
    notAvailable: monthsNotAvailable(selected, asOf, selection),
    problems: estateProblems(files, settings),
    ...{ listing, files },
  };
}

/** Returns true for a state that is of the inputs as they are listed now. */
function isOfListed(state: MonthState, listing: MonthListing, states: MonthStates): boolean {
  const digest = listing.digestOf(state);
  return digest === undefined
    ? states.isOfFiles(state, listing.fileDigestOf(state))
    : state.listing === digest;
}

/** Returns the problems of an estate's files that fail a run, whatever its months are. */
export function estateProblems(files: InputFiles, settings: ExportSettings): string[] {
  return [...files.strays.map(describeProblem), ...versionProblems(files, settings)];
}

/** Returns the sizes in bytes of all objects of an export and of the data files of its companion, by key. */
async function publishedObjects(
  { exports, settings: { exportName } }: PlanRequest,
  { objects, states }: ListedExport,
): Promise<Map<string, number>> {
  const hasCompanion = states.all().some(({ companion }) => companion !== undefined);
  const companions = hasCompanion ? await exports.list(exportDataPrefix(companionName(exportName))) : [];
  return new Map([...objects, ...companions].map(({ key, size }) => [key, size]));
}

/** Returns the outcome of a month that is done and still published, or undefined for other months. */
function outcomeOfDone(
  { settings, isStrict }: PlanRequest,
  at: ExportMonth,
  state: MonthState,
  published: ReadonlyMap<string, number>,
): MonthOutcome | undefined {
  const { exportName, format } = settings;
  if (state.status !== 'done') return undefined;
  if (published.get(dataKey(exportName, at, format)) !== state.file?.bytes) return undefined;
  if (!published.has(manifestKey(exportName, at))) return undefined;
  const { companion } = state;
  if (companion !== undefined && published.get(companion.key) !== companion.bytes) return undefined;
  const { summary, warnings } = state;
  if (isStrict === true && (warnings === undefined || severeWarnings(warnings).length > 0)) return undefined;
  return { exportName, ...at, status: 'unchanged', ...defined({ summary, warnings }) };
}

async function recordPending({ exports, settings, asOf }: PlanRequest, at: ExportMonth): Promise<void> {
  const { month, modelVersion } = at;
  const state = { month, modelVersion, status: 'pending', asOf: asOf.toISOString() } as const;
  await writeState(exports, settings.exportName, state);
}

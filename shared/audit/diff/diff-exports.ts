import { CarbonError } from '../../base/carbon-error';
import { defined } from '../../base/defined';
import { differences } from '../../base/fingerprint';
import { groupBy } from '../../base/group';
import { type ModelVersionId, newestVersion } from '../../base/model-version-id';
import type { Month } from '../../base/month';
import type { Progress } from '../../base/progress';
import { publishedFileCopy, replacedManifests } from '../../exports/history';
import type { ExportMonth } from '../../exports/layout';
import { isBrokenDown, type Manifest } from '../../exports/manifest';
import { pairedRows } from '../../exports/compare-data-files';
import { publishedMonths, readManifest } from '../../exports/published-months';
import { type DuckSession, withSession } from '../../sql/duck-session';
import type { InputStore, ObjectStore } from '../../stores/object-store';
import { changedTables } from './changed-inputs';
import type { ChangedTable } from './changed-lines';
import { type MovedFigures, movedFigures } from './moved-figures';
import { noCommonMonth } from './no-common-month';

/** One side of a comparison: an export, in a model version, as one execution published it. */
export interface DiffSide {
  readonly exports: ObjectStore;
  readonly exportName: string;
  /** @default - the newest published version of each month */
  readonly modelVersion?: ModelVersionId;
  /** An execution id, `present`, or `previous` for the one that the present one replaced. @default - present */
  readonly execution?: string;
  /** The inputs it was published from, to list changed rows. */
  readonly inputs?: InputStore;
}

/** What is compared. */
export interface DiffRequest {
  readonly before: DiffSide;
  readonly after: DiffSide;
  /** @default - every month that both sides have */
  readonly month?: Month;
  /** @default - no one is informed */
  readonly progress?: Progress<MonthDiff>;
}

/** One side of a compared month. */
export interface ComparedSide {
  readonly exportName: string;
  readonly modelVersion: ModelVersionId;
  readonly executionId: string;
  readonly asOf: string;
}

/** What changed in a month between two sides. */
export interface MonthDiff {
  readonly month: Month;
  readonly before: ComparedSide;
  readonly after: ComparedSide;
  /** Names of the inputs that differ, by the fingerprints in the manifests. */
  readonly because: readonly string[];
  readonly moved: MovedFigures;
  /** Rows of the inputs that differ; absent unless the inputs of both sides are set. */
  readonly inputRows?: readonly ChangedTable[];
}

/** Two sides compared. */
export interface ExportDiff {
  readonly months: readonly MonthDiff[];
  /** Months that only A, or only B, has. */
  readonly onlyBefore: readonly Month[];
  readonly onlyAfter: readonly Month[];
}

/**
 * Compares two model versions, two exports or two executions, month by month.
 *
 * @throws CarbonError when no month is on both sides, or a data file is lost
 */
export async function diffExports(request: DiffRequest): Promise<ExportDiff> {
  const { before, after, month, progress } = request;
  const [a, b] = [await manifestsOf(before, month), await manifestsOf(after, month)];
  const shared = [...a.keys()].filter((key) => b.has(key)).sort();
  if (shared.length === 0) {
    throw noCommonMonth({ ...before, months: [...a.keys()] }, { ...after, months: [...b.keys()] }, month);
  }
  progress?.planned(shared.length);
  const months = await withSession({}, async (session) => {
    const compared: MonthDiff[] = [];
    for (const key of shared) {
      const [left, right] = [a.get(key), b.get(key)];
      if (left === undefined || right === undefined) continue;
      const diff = await diffMonth(request, session, [left, right]);
      compared.push(diff);
      progress?.finished(diff);
    }
    return compared;
  });
  return {
    months,
    onlyBefore: [...a.keys()].filter((key) => !b.has(key)).sort(),
    onlyAfter: [...b.keys()].filter((key) => !a.has(key)).sort(),
  };
}

async function diffMonth(
  request: DiffRequest,
  session: DuckSession,
  [before, after]: readonly [Manifest, Manifest],
): Promise<MonthDiff> {
  const because = differences(before.inputs, after.inputs);
  const [a, b] = [await fileOf(request.before, before), await fileOf(request.after, after)];
  try {
    const moved = await movedFigures(
      pairedRows(session, {
        before: a.path,
        after: b.path,
        isBrokenDown: isBrokenDown(before) && isBrokenDown(after),
      }),
    );
    const inputRows = await inputRowsOf(request, [before, after], because);
    return {
      month: before.usagePeriod,
      before: sideOf(request.before, before),
      after: sideOf(request.after, after),
      ...{ because, moved },
      ...defined({ inputRows }),
    };
  } finally {
    await a.release();
    await b.release();
  }
}

/** Returns the changed rows of the inputs; undefined unless the inputs of both sides are set. */
async function inputRowsOf(
  { before: { inputs: left }, after: { inputs: right } }: DiffRequest,
  [before, after]: readonly [Manifest, Manifest],
  because: readonly string[],
): Promise<ChangedTable[] | undefined> {
  if (left === undefined || right === undefined) return undefined;
  return changedTables(
    { inputs: left, modelVersion: before.modelVersion },
    { inputs: right, modelVersion: after.modelVersion },
    before.usagePeriod,
    because,
  );
}

function sideOf({ exportName }: DiffSide, { modelVersion, executionId, asOf }: Manifest): ComparedSide {
  return { exportName, modelVersion, executionId, asOf };
}

async function fileOf(
  { exports, exportName }: DiffSide,
  manifest: Manifest,
): Promise<NonNullable<Awaited<ReturnType<typeof publishedFileCopy>>>> {
  const at = { month: manifest.usagePeriod, modelVersion: manifest.modelVersion };
  const copy = await publishedFileCopy(exports, exportName, at, manifest);
  if (copy !== undefined) return copy;
  throw new CarbonError(
    'state',
    `the data file of ${at.month} ${at.modelVersion}, execution ${manifest.executionId}, is neither published nor kept in history`,
  );
}

/** The manifests of a side by month. */
async function manifestsOf(side: DiffSide, month: Month | undefined): Promise<Map<Month, Manifest>> {
  const { exports, exportName, modelVersion } = side;
  const found = new Map<Month, Manifest>();
  const all = await publishedMonths(exports, exportName);
  const wanted = all.filter((at) => month === undefined || at.month === month);
  for (const [period, versions] of groupBy(wanted, (at) => at.month)) {
    const wantedVersion = modelVersion ?? newestVersion(versions.map((one) => one.modelVersion));
    const at = versions.find((one) => one.modelVersion === wantedVersion);
    const manifest = at === undefined ? undefined : await executionOf(side, at);
    if (manifest !== undefined) found.set(period, manifest);
  }
  return found;
}

async function executionOf(
  { exports, exportName, execution = 'present' }: DiffSide,
  at: ExportMonth,
): Promise<Manifest | undefined> {
  const present = await readManifest(exports, exportName, at);
  if (execution === 'present' || present?.executionId === execution) return present;
  const replaced = (await replacedManifests(exports, exportName, at)).filter(
    ({ executionId }) => executionId !== present?.executionId,
  );
  if (execution === 'previous') return replaced.at(-1);
  return replaced.find(({ executionId }) => executionId === execution);
}

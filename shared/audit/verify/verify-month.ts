import { defined } from '../../base/defined';
import { differences } from '../../base/fingerprint';
import type { ComputedWork } from '../../compute/allocation/computed-work';
import type { AwsWork } from '../../compute/aws-totals/aws-work';
import type { Estate } from '../../compute/month/open-estate';
import { workOf } from '../../compute/work-of';
import { type Breakdown, breakdownText } from '../../exports/breakdown';
import { type ExportSettings, PRODUCT_DETAILS } from '../../exports/export-settings';
import type { ExportMonth } from '../../exports/layout';
import type { Manifest } from '../../exports/manifest';
import { readManifest } from '../../exports/published-months';
import { StoredSnapshots } from '../../organization/stored-snapshots';
import { reasonOf } from '../../base/error-info';
import { type DuckSession, withSession } from '../../sql/duck-session';
import type { ObjectStore } from '../../stores/object-store';
import type { TrackedCopies } from '../../stores/tracked-copies';
import { isBillTable } from '../../usage/bills/bill-tables';
import { checkLedger } from './check-ledger';
import { checkFile, checkManifest, columnsOf } from './check-manifest';
import { type CheckedRows, checkRows, exportedKg } from './check-rows';
import { checkSplit } from './check-split';
import type { StaticTables } from './exact/estate-tables';
import type { ExpectedRows } from './expected-rows';
import { ProblemList } from './problem-list';
import { reasonNotToRecompute, type RecomputedMonth, recomputeMonth } from './recomputed-month';
import { type RowTexts, textsOf } from './row-texts';
import type { VerifiedMonth } from './verification';

/** An estate that was opened for a verification. */
export interface OpenInputs {
  readonly store: TrackedCopies;
  readonly estate: Estate;
  readonly statics: StaticTables;
}

/** The export and the estate that all months of a verification share. */
export interface VerifyContext {
  readonly exports: ObjectStore;
  readonly exportName: string;
  readonly breakdown: Breakdown | undefined;
  /** The estate, or why it cannot be read. */
  readonly inputs: OpenInputs | string;
}

/** Compares a published month with its inputs. A file that cannot be read is a difference of the month. */
export async function verifyMonth(context: VerifyContext, at: ExportMonth): Promise<VerifiedMonth> {
  const problems = new ProblemList();
  const found = await withSession({}, (session) => findingsOf(context, session, at, problems)).catch(
    (error: unknown): Findings => failed(problems, `cannot be read: ${reasonOf(error)}`),
  );
  const { manifest, rows = NO_ROWS, recomputed, ledgerDifference = 0, notRecomputed } = found;
  return {
    month: at.month,
    modelVersion: at.modelVersion,
    executionId: manifest?.executionId ?? '',
    ...rows,
    usageLines: recomputed?.usageLines ?? 0,
    largestLedgerDifference: ledgerDifference,
    exceptions: found.exceptions ?? recomputed?.exceptions ?? [],
    ...defined({ notRecomputed }),
    differences: problems.kept,
    differenceCount: problems.count,
  };
}

const NO_ROWS: CheckedRows = { rows: 0, accounts: 0, values: 0, largestDifference: 0 };

/** The findings of a month. */
interface Findings {
  readonly manifest?: Manifest;
  readonly rows?: CheckedRows;
  readonly recomputed?: RecomputedMonth;
  readonly ledgerDifference?: number;
  readonly notRecomputed?: string;
  readonly exceptions?: readonly string[];
}

function failed(problems: ProblemList, reason: string): Findings {
  problems.add(reason);
  return { notRecomputed: reason };
}

async function findingsOf(
  context: VerifyContext,
  session: DuckSession,
  at: ExportMonth,
  problems: ProblemList,
): Promise<Findings> {
  const { exports, exportName, breakdown } = context;
  const manifest = await readManifest(exports, exportName, at);
  if (manifest === undefined)
    return failed(problems, 'manifest: cannot be read, expected a manifest of this program');
  checkManifest(manifest, { exportName, at, breakdown }, problems);
  const { key } = manifest.file;
  const [file] = (await exports.list(key)).filter((object) => object.key === key);
  if (file === undefined) return { manifest, ...failed(problems, `${key}: the data file is missing`) };
  const copy = await exports.localCopy(key);
  try {
    const local = { path: copy.path, bytes: file.size };
    if (!(await checkFile(session, local, manifest, problems))) {
      return { manifest, notRecomputed: 'its data file cannot be read' };
    }
    const month: PublishedMonth = { at, manifest, path: copy.path };
    return manifest.awsTotals === undefined
      ? await verifyComputed(context, session, month, problems)
      : await verifySplit(context, session, month, problems);
  } finally {
    await copy.release();
  }
}

/** A published month whose data file is on the local disk. */
interface PublishedMonth {
  readonly at: ExportMonth;
  readonly manifest: Manifest;
  readonly path: string;
}

/** Splits AWS's totals a second time and compares. */
async function verifySplit(
  context: VerifyContext,
  session: DuckSession,
  { at, manifest, path }: PublishedMonth,
  problems: ProblemList,
): Promise<Findings> {
  try {
    const work = await unchangedWork(context, session, at, manifest);
    if (typeof work === 'string') return { manifest, ...failed(problems, work) };
    if (work.totals !== 'aws') throw new Error('computed totals have no split');
    const rows = await checkSplit(
      { path, manifest, inputs: work.inputs, ...defined({ breakdown: context.breakdown }) },
      problems,
    );
    return { manifest, rows, exceptions: [AS_THE_RUN_READS] };
  } catch (error) {
    return { manifest, ...failed(problems, notComputed(error)) };
  }
}

async function verifyComputed(
  context: VerifyContext,
  session: DuckSession,
  month: PublishedMonth,
  problems: ProblemList,
): Promise<Findings> {
  const { manifest, path } = month;
  const recomputed = await recompute(context, session, month).catch((error: unknown) => notComputed(error));
  const isRecomputed = typeof recomputed !== 'string';
  if (!isRecomputed) problems.add(recomputed);
  const columns = columnsOf(manifest);
  const expected = isRecomputed ? recomputed.expected : undefined;
  const check = { path, columns, texts: await textsOfMonth(context, month, columns), expected };
  const rows = await checkRows(session, check, problems);
  problems.expect(
    rows.rows === manifest.file.rows && rows.accounts === manifest.accounts,
    () =>
      `${manifest.file.key}: found ${String(rows.rows)} rows of ${String(rows.accounts)} accounts, expected ${String(manifest.file.rows)} of ${String(manifest.accounts)} by the manifest`,
  );
  await verifyCompanion(context, session, { ...month, expected }, problems);
  const kg = await exportedKg(session, check);
  const ledgerDifference = checkLedger(
    manifest,
    kg,
    isRecomputed ? recomputed.ledgerKg : undefined,
    problems,
  );
  return {
    ...{ manifest, rows, ledgerDifference },
    ...(isRecomputed ? { recomputed } : { notRecomputed: recomputed }),
  };
}

/** Checks the companion export of a month with Scope 3: its manifest, its file and its values. */
async function verifyCompanion(
  context: VerifyContext,
  session: DuckSession,
  {
    at,
    manifest: { companion, file: own },
    expected,
  }: PublishedMonth & { readonly expected: ExpectedRows | undefined },
  problems: ProblemList,
): Promise<void> {
  if (companion === undefined) return;
  const { exports } = context;
  const { exportName, file } = companion;
  const manifest = await readManifest(exports, exportName, at);
  const [stored] = (await exports.list(file.key)).filter((object) => object.key === file.key);
  if (manifest === undefined || stored === undefined) {
    problems.add(
      `${file.key}: found no ${stored === undefined ? 'data file' : 'manifest'}, expected that of the companion export`,
    );
    return;
  }
  checkManifest(manifest, { exportName, at, breakdown: undefined }, problems);
  problems.expect(
    manifest.file.sha256 === file.sha256,
    () => `${file.key}: found another file in its manifest than in that of ${context.exportName}`,
  );
  const copy = await exports.localCopy(file.key);
  try {
    if (!(await checkFile(session, { path: copy.path, bytes: stored.size }, manifest, problems))) return;
    const columns = columnsOf(manifest);
    const texts = await textsOfMonth(context, { at, manifest, path: copy.path }, columns);
    const rows = await checkRows(session, { path: copy.path, columns, texts, expected }, problems);
    problems.expect(
      rows.rows === own.rows,
      () => `${file.key}: found ${String(rows.rows)} rows, expected ${String(own.rows)} as in ${own.key}`,
    );
  } finally {
    await copy.release();
  }
}

/** The month computed a second time, or why it was not. */
async function recompute(
  context: VerifyContext,
  session: DuckSession,
  { at, manifest }: PublishedMonth,
): Promise<RecomputedMonth | string> {
  const reason = reasonNotToRecompute(manifest);
  if (reason !== undefined) return reason;
  const { inputs, breakdown } = context;
  if (typeof inputs === 'string') return inputs;
  const work = await unchangedWork(context, session, at, manifest);
  if (typeof work === 'string') return work;
  if (work.totals === 'aws') return "the totals are AWS's own";
  const { inputs: loaded } = await work.load();
  const { store, estate, statics } = inputs;
  return recomputeMonth({ store, session }, { files: estate.files, statics, loaded, manifest, breakdown });
}

/** The month's work; a text where its inputs cannot be read or changed since it was published. */
async function unchangedWork(
  { exports, exportName, breakdown, inputs }: VerifyContext,
  session: DuckSession,
  at: ExportMonth,
  manifest: Manifest,
): Promise<ComputedWork | AwsWork | string> {
  if (typeof inputs === 'string') return inputs;
  const settings: ExportSettings = {
    exportName,
    format: 'parquet',
    // The split of AWS's totals does not depend on the product detail.
    productDetail: PRODUCT_DETAILS.find((detail) => detail === manifest.productDetail) ?? 'all',
    ...defined({ breakdown, totals: manifest.awsTotals === undefined ? undefined : ('aws' as const) }),
  };
  const reader = { store: inputs.store, session };
  const context = { reader, estate: inputs.estate, settings, asOf: new Date(manifest.asOf) };
  const work = await workOf(at, context, new StoredSnapshots(exports));
  const changed = differences(manifest.inputs, work.fingerprint);
  return changed.length === 0 ? work : `inputs have changed since: ${changed.join(', ')}`;
}

async function textsOfMonth(
  { exports, breakdown, inputs }: VerifyContext,
  { at, manifest }: PublishedMonth,
  columns: readonly string[],
): Promise<RowTexts> {
  const splitBy = breakdown === undefined ? undefined : breakdownText(breakdown);
  // An estate without clusters has no Regions to compare with: the month's own problem says what is missing.
  const listed = typeof inputs === 'string' ? [] : inputs.statics.clusters;
  const clusters = listed.length === 0 ? undefined : listed;
  const payers = await payersOf(exports, at, manifest);
  return textsOf(manifest, { columns, splitBy, clusters, payers });
}

/** Payers by the organization's snapshot. Bills may name other payers, which are known only from the run's own reading. */
async function payersOf(
  exports: ObjectStore,
  at: ExportMonth,
  { inputs }: Manifest,
): Promise<RowTexts['payers']> {
  if (Object.keys(inputs).some(isBillTable)) return undefined;
  const { accounts, payerAccountId } = await new StoredSnapshots(exports).required(at.month);
  return {
    known: new Map(accounts.map((account) => [account.accountId, account.payerAccountId ?? payerAccountId])),
    other: payerAccountId,
  };
}

function notComputed(error: unknown): string {
  return `the month cannot be computed from the inputs: ${reasonOf(error)}`;
}

/** Facts that checking a split takes from the run. */
const AS_THE_RUN_READS =
  "AWS's rows, and which lines of the bills are usage of which service, Region, cost and part, are as the run reads them; the split, the rows and the ledger are recomputed";

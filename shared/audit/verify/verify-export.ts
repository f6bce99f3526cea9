import { version as programVersion } from '../../../package.json';
import { defined } from '../../base/defined';
import { reasonOf } from '../../base/error-info';
import { differences, hashOf } from '../../base/fingerprint';
import type { Month } from '../../base/month';
import type { ComputedWork } from '../../compute/allocation/computed-work';
import type { AwsWork } from '../../compute/aws-totals/aws-work';
import { CALCULATION_REVISION } from '../../compute/month/calculation-revision';
import type { EstateOverrides } from '../../compute/month/estate-overrides';
import { type Estate, openEstate } from '../../compute/month/open-estate';
import { snapshotsIn, workOf } from '../../compute/work-of';
import { breakdownText, type Breakdown } from '../../exports/breakdown';
import { breakdownOfExport } from '../../exports/export-record';
import { type ExportSettings, PRODUCT_DETAILS } from '../../exports/export-settings';
import { exportDataPrefix, type ExportMonth } from '../../exports/layout';
import { isBrokenDown, type Manifest } from '../../exports/manifest';
import { readStates } from '../../exports/month-state';
import { publishedMonths, readManifest } from '../../exports/published-months';
import type { OrganizationSnapshot } from '../../organization/account';
import { organizationFor } from '../../organization/organization-for';
import { type DuckLimits, type DuckSession, withSession } from '../../sql/duck-session';
import type { InputStore, ObjectStore } from '../../stores/object-store';
import { TrackedCopies } from '../../stores/tracked-copies';
import { isBillTable } from '../../usage/bills/bill-tables';
import { checkLedger } from './check-ledger';
import { checkFile, checkManifest } from './check-manifest';
import { type CheckedRows, checkRows } from './check-rows';
import { checkSplit } from './check-split';
import type { StaticTables } from './exact/estate-tables';
import { readStaticTables } from './method-tables';
import { ProblemList } from './problem-list';
import { publishedColumns, publishedRows } from './published-rows';
import { reasonNotToRecompute, type RecomputedMonth, recomputeMonth } from './recompute-month';
import type { Verification, VerifiedMonth } from './verification';

/** What is to be verified. */
export interface VerifyRequest {
  readonly inputs: InputStore;
  readonly exports: ObjectStore;
  readonly exportName: string;
  readonly overrides: EstateOverrides;
  readonly limits: DuckLimits;
  /** @default - every published month */
  readonly month?: Month;
  /** Told when a month is done. */
  readonly onVerified?: (month: VerifiedMonth) => void;
}

/**
 * Recomputes what an export has published from its inputs, in fractions and by code of its own, and compares: files with
 * their manifests, columns, keys, units, the ledger and every value.
 *
 * @throws InputError when the estate's tables at the root cannot be read
 */
export async function verifyExport(request: VerifyRequest): Promise<Verification> {
  const { exportName } = request;
  return withSession(request.limits, async (session) => {
    const copies = new TrackedCopies(request.inputs);
    const reader = { store: copies, session };
    try {
      const estate = await openEstate(reader, request.overrides);
      const statics = await readStaticTables(reader, estate.files, estate.settings.pad_account_ids);
      await copies.releaseAll();
      const problems = await strayProblems(request);
      const breakdown = await breakdownOfExport(request.exports, exportName);
      const months: VerifiedMonth[] = [];
      const wanted = await publishedMonths(request.exports, exportName);
      for (const at of wanted.filter(({ month }) => request.month === undefined || month === request.month)) {
        const verifier = new MonthVerifier({ ...request, breakdown }, session, copies, estate, statics, at);
        const verified = await verifier.verify();
        request.onVerified?.(verified);
        months.push(verified);
        await copies.releaseAll();
      }
      if (months.length === 0) problems.push(`export ${exportName} has no published month to verify`);
      const program = `carbon-exports ${programVersion}`;
      return { program, calculationRevision: CALCULATION_REVISION, exportName, months, problems };
    } finally {
      await copies.releaseAll();
    }
  });
}

/** Files below data/ that no manifest names, and months that are not done. */
async function strayProblems({ exports, exportName, month }: VerifyRequest): Promise<string[]> {
  const named = new Set<string>();
  for (const at of await publishedMonths(exports, exportName)) {
    const manifest = await readManifest(exports, exportName, at);
    if (manifest !== undefined) named.add(manifest.file.key);
  }
  const files = await exports.list(exportDataPrefix(exportName));
  const strays = files
    .filter(({ key }) => !named.has(key))
    .map(({ key }) => `${exports.describe(key)} lies below data/ and no manifest names it`);
  const states = await readStates(exports, exportName);
  const undone = states
    .filter((state) => state.status !== 'done' && (month === undefined || state.month === month))
    .map(
      (state) =>
        `${state.month} ${state.modelVersion} is ${state.status}${state.error === undefined ? '' : `: ${state.error}`}`,
    );
  return [...strays, ...undone];
}

class MonthVerifier {
  private readonly problems = new ProblemList();

  constructor(
    private readonly request: VerifyRequest & { readonly breakdown: Breakdown | undefined },
    private readonly session: DuckSession,
    private readonly inputs: InputStore,
    private readonly estate: Estate,
    private readonly statics: StaticTables,
    private readonly at: ExportMonth,
  ) {}

  async verify(): Promise<VerifiedMonth> {
    const { exports, exportName } = this.request;
    const manifest = await readManifest(exports, exportName, this.at);
    if (manifest === undefined) {
      this.problems.add('its manifest is none of this program');
      return this.verified({ notRecomputed: 'its manifest cannot be read' });
    }
    checkManifest(exports, exportName, this.at, manifest, this.problems);
    const isAws = manifest.awsTotals !== undefined;
    const { breakdown } = this.request;
    const told = breakdown === undefined ? undefined : hashOf(breakdown);
    this.problems.expect(
      manifest.inputs['split'] === told,
      () =>
        `the record of the export tells another breakdown (${breakdown === undefined ? 'none' : breakdownText(breakdown)})`,
    );
    const recomputed = isAws ? NOT_OF_OURS : await this.recompute(manifest);
    const [file] = (await exports.list(manifest.file.key)).filter(({ key }) => key === manifest.file.key);
    if (file === undefined) {
      this.problems.add(`${manifest.file.key} is not there`);
      return this.verified({ manifest, notRecomputed: 'its data file is not there' });
    }
    const copy = await exports.localCopy(manifest.file.key);
    try {
      const isReadable = await checkFile(this.session, copy.path, file.size, manifest, this.problems);
      if (!isReadable) return this.verified({ manifest, notRecomputed: 'its data file cannot be read' });
      if (isAws) return await this.verifySplit(copy.path, manifest);
      return await this.compare(copy.path, manifest, recomputed);
    } finally {
      await copy.release();
    }
  }

  /** A month of AWS's totals: its split is made once more. */
  private async verifySplit(path: string, manifest: Manifest): Promise<VerifiedMonth> {
    const { limits, breakdown } = this.request;
    try {
      const work = await this.unchangedWork(manifest);
      if (typeof work === 'string') {
        this.problems.add(work);
        return this.verified({ manifest, notRecomputed: work });
      }
      if (work.totals !== 'aws') throw new Error('a month of computed totals has no split');
      const rows = await checkSplit(
        { path, manifest, limits, inputs: work.inputs, ...defined({ breakdown }) },
        this.problems,
      );
      return this.verified({ manifest, rows, exceptions: [AS_THE_RUN_READS] });
    } catch (error) {
      const problem = `the month cannot be computed from the inputs: ${reasonOf(error)}`;
      this.problems.add(problem);
      return this.verified({ manifest, notRecomputed: problem });
    }
  }

  /** The month computed again, or why it was not. */
  private async recompute(manifest: Manifest): Promise<RecomputedMonth | string> {
    const reason = reasonNotToRecompute(manifest);
    if (reason !== undefined) return reason;
    const reader = { store: this.inputs, session: this.session };
    try {
      const work = await this.unchangedWork(manifest);
      if (typeof work === 'string') {
        this.problems.add(work);
        return work;
      }
      if (work.totals === 'aws') return NOT_OF_OURS;
      const { inputs } = await work.load();
      return await recomputeMonth(
        reader,
        this.estate.files,
        this.statics,
        inputs,
        manifest,
        this.request.breakdown,
      );
    } catch (error) {
      const problem = `the month cannot be computed from the inputs: ${reasonOf(error)}`;
      this.problems.add(problem);
      return problem;
    }
  }

  /** The month's work; a text where its inputs changed since it was published. */
  private async unchangedWork(manifest: Manifest): Promise<ComputedWork | AwsWork | string> {
    const { exports, exportName, breakdown } = this.request;
    const settings: ExportSettings = {
      exportName,
      format: 'parquet',
      // AWS's totals are split the same for every product detail.
      productDetail: PRODUCT_DETAILS.find((detail) => detail === manifest.productDetail) ?? 'all',
      ...defined({ breakdown, totals: manifest.awsTotals === undefined ? undefined : ('aws' as const) }),
    };
    const reader = { store: this.inputs, session: this.session };
    const context = { reader, estate: this.estate, settings, asOf: new Date(manifest.asOf) };
    const work = await workOf(this.at, context, snapshotsIn(exports));
    const changed = differences(manifest.inputs, work.fingerprint);
    return changed.length === 0 ? work : `inputs have changed since: ${changed.join(', ')}`;
  }

  private async compare(
    path: string,
    manifest: Manifest,
    recomputed: RecomputedMonth | string,
  ): Promise<VerifiedMonth> {
    const { breakdown } = this.request;
    const known = typeof recomputed === 'string' ? undefined : recomputed;
    const organization = await organizationFor(this.request.exports, this.at.month);
    const expected = {
      manifest,
      payerOf: payerOf(organization, manifest),
      tables: known?.tables ?? {
        ...this.statics,
        racks: {},
        rack_use: {},
        service_use: {},
        usage: {},
        cluster_emissions: {},
        service_emissions: {},
      },
      exact: known?.exact,
      ...(breakdown === undefined ? {} : { splitBy: breakdownText(breakdown) }),
    };
    const columns = publishedColumns(isBrokenDown(manifest));
    const rows = await checkRows(publishedRows(this.session, path, columns), expected, this.problems);
    this.problems.expect(
      rows.rows === manifest.file.rows && rows.accounts === manifest.accounts,
      () =>
        `the file has ${String(rows.rows)} rows of ${String(rows.accounts)} accounts, the manifest says ${String(manifest.file.rows)} of ${String(manifest.accounts)}`,
    );
    const ledgerDifference = checkLedger(manifest, rows.exportedKg, known?.exact, this.problems);
    return this.verified({
      manifest,
      rows,
      ledgerDifference,
      ...defined({ recomputed: known }),
      ...(typeof recomputed === 'string' ? { notRecomputed: recomputed } : {}),
    });
  }

  private verified(found: {
    readonly manifest?: Manifest;
    readonly rows?: Omit<CheckedRows, 'exportedKg'>;
    readonly recomputed?: RecomputedMonth;
    readonly ledgerDifference?: number;
    readonly notRecomputed?: string;
    readonly exceptions?: readonly string[];
  }): VerifiedMonth {
    const { manifest, rows = NO_ROWS, recomputed, ledgerDifference = 0, notRecomputed } = found;
    return {
      month: this.at.month,
      modelVersion: this.at.modelVersion,
      executionId: manifest?.executionId ?? '',
      rows: rows.rows,
      accounts: rows.accounts,
      values: rows.values,
      usageLines: recomputed?.usageLines ?? 0,
      largestDifference: rows.largestDifference,
      largestLedgerDifference: ledgerDifference,
      exceptions: found.exceptions ?? recomputed?.exceptions ?? [],
      ...defined({ notRecomputed }),
      differences: this.problems.kept,
      differenceCount: this.problems.count,
    };
  }
}

/** Bills may name payers of their own; who pays by a bill is as the run reads it. */
function payerOf(
  { payerAccountId, accounts }: OrganizationSnapshot,
  { inputs }: Manifest,
): (accountId: string) => string | undefined {
  if (Object.keys(inputs).some(isBillTable)) return () => undefined;
  const payers = new Map(accounts.map((account) => [account.accountId, account.payerAccountId]));
  return (accountId) => payers.get(accountId) ?? payerAccountId;
}

/** The exact method is for totals that are computed; a split is checked by itself. */
const NOT_OF_OURS = "the totals are AWS's own";

/** What checking a split takes for granted. */
const AS_THE_RUN_READS =
  "AWS's rows, and which lines of the bills are usage of which service, Region, cost and part, are as the run reads them; the split, the rows and the ledger are recomputed";

const NO_ROWS = { rows: 0, accounts: 0, values: 0, largestDifference: 0 };

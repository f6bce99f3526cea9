import type { BillCoverage } from '../bills/bill-coverage';
import type { AwsTotals } from '../aws-carbon/aws-totals';
import { writeDataFile, readFileTotals } from '../exports/data-file';
import type { FileTotals } from '../exports/data-file';
import { allocationStatement, duckSumOfArray } from '../engine/driver-sql';
import type { DuckSession } from '../engine/duck-session';
import { textIn, numberIn } from '../engine/duck-session';
import { InputError, replacedFile } from '../inputs/input-problem';
import { sha256Of } from '../inputs/read-table';
import { CATEGORIES, sumByCategory } from '../method/categories';
import { largestResidual, RESIDUAL_LIMIT } from '../method/ledger';
import type { Ledger } from '../method/ledger';
import { MethodError } from '../method/method-error';
import type { ModelVersion } from '../method/model-version';
import { allocateMonth, monthLedger } from '../method/month-allocation';
import type { MonthAllocation } from '../method/month-allocation';
import { monthWarnings } from '../method/month-warnings';
import { loadPairs, servicePairs } from '../usage/service-pairs';
import type { ServicePairs } from '../usage/service-pairs';
import { loadDrivers } from '../usage/usage-drivers';
import type { UsageFiles } from '../usage/usage-files';
import type { ExportSettings } from './export-settings';
import type { LoadedMonth } from './month-inputs';
import { splitText } from '../usage/usage-split';
import { ADJUST_STATEMENT, SPLIT_STATEMENT, UNBALANCED_ROWS } from '../engine/split-sql';
import { billReport } from './bill-report';
import { loadPayers } from './month-payers';
import { usageOfMonth } from './usage-of-month';

/** Accounts that are in the usage and in no snapshot of the organization. */
export interface UnknownAccounts {
  readonly count: number;
  /** The first hundred ids. */
  readonly accountIds: readonly string[];
}

/** A month's computed file and everything that is told about it. */
export interface ComputedMonth {
  readonly file: WrittenFile;
  readonly totals: FileTotals;
  readonly ledger: Ledger;
  /** cluster_ids whose Scope 1 is estimated. */
  readonly estimatedClusters: readonly string[];
  readonly usageLines: number;
  /** How the month's bills were taken; absent where its usage is not from bills. */
  readonly billCoverage?: BillCoverage;
  readonly unknownAccounts: UnknownAccounts;
  /** Where the totals are AWS's: their ledger. */
  readonly awsTotals?: AwsTotals;
  /** As a part of the emissions. @default - that of `ledger` */
  readonly largestResidual?: number;
  readonly warnings: readonly string[];
}

/** A data file in the session's scratch folder. */
export interface WrittenFile {
  readonly path: string;
  readonly sha256: string;
  /** Its last_refresh_timestamp. */
  readonly asOf: Date;
}

/** What is published of a month: its file's hash, and the last_refresh_timestamp that its rows have. */
export interface PublishedFile {
  readonly sha256: string;
  readonly asOf: Date;
}

/**
 * Computes one month and writes its data file into the session's scratch folder. Nothing is published here.
 *
 * @param published what is published of the month so far: rows that come out the same keep their refresh timestamp
 * @throws InputError when lines of usage are not sound, or an input was replaced while it was read
 * @throws MethodError when the inputs contradict each other, or the ledger does not balance
 */
export async function computeMonth(
  session: DuckSession,
  inputs: LoadedMonth,
  version: ModelVersion,
  settings: ExportSettings,
  asOf: Date,
  published?: PublishedFile,
): Promise<ComputedMonth> {
  const { estate } = inputs;
  const pairs = servicePairs(estate.clusters, estate.services, settings.productDetail);
  await loadPairs(session, pairs, estate.internalAccounts);
  const { split } = settings;
  const source = usageOfMonth(inputs, split);
  const { totals: drivers, lines } = await loadDrivers(session, source, pairs, inputs.engine);
  const allocation = allocateMonth(estate, version, drivers);
  await loadFactors(session, allocation, pairs);
  await session.run(`CREATE TEMP TABLE allocation AS ${allocationStatement(duckSumOfArray)}`);
  const { payerAccountId, warnings: payerWarnings } = await loadPayers(session, inputs, source);
  const constants = {
    month: estate.month,
    modelVersion: version.id,
    payerAccountId,
    asOf,
    ...(split === undefined ? {} : { splitBy: splitText(split) }),
  };
  if (split !== undefined) await splitAllocation(session);
  const file = await writeRefreshed(asOf, published, (refreshed) =>
    writeDataFile(session, { ...constants, asOf: refreshed }, settings.format),
  );
  const emitted = sumByCategory([...allocation.emissions.kg.values()]);
  const totals = await readFileTotals(session, file.path, emitted);
  const ledger = monthLedger(allocation, totals.kg);
  assertBalanced(ledger);
  const bills = await billReport(session, inputs);
  await assertUnchanged(inputs);
  return {
    file,
    totals,
    ledger,
    estimatedClusters: allocation.emissions.scopeOnes
      .filter(({ basis }) => basis === 'estimated')
      .map(({ clusterId }) => clusterId),
    usageLines: lines,
    ...(bills.coverage === undefined ? {} : { billCoverage: bills.coverage }),
    unknownAccounts: await unknownAccounts(session, inputs),
    warnings: [
      ...inputs.warnings,
      ...monthWarnings(estate, allocation, drivers),
      ...bills.warnings,
      ...payerWarnings,
    ],
  };
}

/** Splits the rows of `allocation` into `part`. */
async function splitAllocation(session: DuckSession): Promise<void> {
  await session.run(`CREATE TEMP TABLE part AS ${SPLIT_STATEMENT}`);
  await session.run(ADJUST_STATEMENT);
  const [row] = await session.rows(UNBALANCED_ROWS);
  const unbalanced = numberIn(row, 'n');
  if (unbalanced > 0) {
    throw new MethodError(`${String(unbalanced)} rows are not what their parts add up to`);
  }
}

/**
 * Writes the rows with the refresh timestamp they are published with and keeps that file if it is the published one;
 * else writes them as refreshed now. So an input that changes without moving a number, such as rows in another order,
 * rewrites no history.
 *
 * @param writeRows writes the rows with a refresh timestamp and gives the path of the file
 */
export async function writeRefreshed(
  asOf: Date,
  published: PublishedFile | undefined,
  writeRows: (asOf: Date) => Promise<string>,
): Promise<WrittenFile> {
  const write = async (refreshed: Date): Promise<WrittenFile> => {
    const path = await writeRows(refreshed);
    return { path, sha256: await sha256Of(path), asOf: refreshed };
  };
  const asPublished = published === undefined ? undefined : await write(published.asOf);
  return asPublished?.sha256 === published?.sha256 && asPublished !== undefined ? asPublished : write(asOf);
}

async function loadFactors(
  session: DuckSession,
  allocation: MonthAllocation,
  { pairs, rowKeys }: ServicePairs,
): Promise<void> {
  const pairOf = new Map(
    pairs.map((pair) => [JSON.stringify([pair.cluster.clusterId, pair.service.productCode]), pair]),
  );
  await session.load(
    'factor',
    [
      ['pair_id', 'INTEGER'],
      ['row_id', 'INTEGER'],
      ['adds_up', 'BOOLEAN'],
      ...CATEGORIES.map((category) => [`${category}_kg`, 'DOUBLE'] as const),
    ],
    allocation.shares.map((share) => {
      const pair = pairOf.get(JSON.stringify([share.clusterId, share.productCode]));
      if (pair === undefined) throw new Error(`no pair for ${share.productCode} in ${share.clusterId}`);
      const addsUp = rowKeys[pair.rowId]?.addsUp ?? false;
      const perUnit = CATEGORIES.map((category) => share.kg[category] / share.driver);
      return [pair.pairId, pair.rowId, addsUp, ...perUnit];
    }),
  );
  await session.load(
    'export_row',
    [
      ['row_id', 'INTEGER'],
      ['region_code', 'VARCHAR'],
      ['location', 'VARCHAR'],
      ['product_code', 'VARCHAR'],
    ],
    rowKeys.map(({ rowId, regionCode, location, productCode }) => [rowId, regionCode, location, productCode]),
  );
}

function assertBalanced(ledger: Ledger): void {
  const residual = largestResidual(ledger);
  if (!(residual <= RESIDUAL_LIMIT)) {
    throw new MethodError(
      `the ledger does not balance: its largest residual is ${String(residual)} of the emissions, above ${String(RESIDUAL_LIMIT)}`,
    );
  }
}

/** @throws InputError when a file of usage was replaced since it was scanned */
export function assertUnchanged({ usage }: LoadedMonth): Promise<void> {
  return assertFilesUnchanged(usage);
}

/**
 * The usage was scanned for its fingerprint and then read again: both must have seen the same content.
 *
 * @throws InputError when a file was replaced since
 */
export async function assertFilesUnchanged({ table, files }: UsageFiles): Promise<void> {
  for (const { file, copy } of files) {
    if (!(await copy.isCurrent())) throw new InputError([replacedFile(table, file)]);
  }
}

const SHOWN_ACCOUNTS = 100;

async function unknownAccounts(
  session: DuckSession,
  { organization }: LoadedMonth,
): Promise<UnknownAccounts> {
  await session.load(
    'known_account',
    [['account_number', 'BIGINT']],
    organization.accounts.map(({ accountId }) => [BigInt(accountId)]),
  );
  const unknown = `FROM (SELECT DISTINCT account_number FROM driver) d
    WHERE account_number NOT IN (SELECT account_number FROM known_account)`;
  const [total] = await session.rows(`SELECT COUNT(*) AS n ${unknown}`);
  const rows = await session.rows(
    `SELECT lpad(CAST(account_number AS VARCHAR), 12, '0') AS account_id ${unknown} ORDER BY 1 LIMIT ${String(SHOWN_ACCOUNTS)}`,
  );
  return { count: numberIn(total, 'n'), accountIds: rows.map((row) => textIn(row, 'account_id')) };
}

import { defined } from '../../base/defined';
import { SHOWN } from '../../base/shown';
import { breakdownText } from '../../exports/breakdown';
import { readFileTotals, writeDataFile } from '../../exports/data-file';
import type { ExportSettings } from '../../exports/export-settings';
import { CATEGORIES, sumByCategory } from '../../method/categories';
import { largestResidual, type Ledger, RESIDUAL_LIMIT } from '../../method/ledger';
import { MethodError } from '../../method/method-error';
import type { ModelVersion } from '../../method/model-version';
import { allocateMonth, type MonthAllocation, monthLedger } from '../../method/month-allocation';
import { monthWarnings } from '../../method/month-warnings';
import { duckSumOfArray } from '../../sql/dialect';
import { type DuckSession, numberIn, textIn } from '../../sql/duck-session';
import { loadPairs, type ServicePairs, servicePairs } from '../../usage/service-pairs';
import { loadDrivers } from '../../usage/usage-drivers';
import {
  assertFilesUnchanged,
  type ComputedMonth,
  type PublishedFile,
  type UnknownAccounts,
  writeRefreshed,
} from '../month/computed-month';
import { allocationStatement } from './allocation-sql';
import { billReport } from './bill-report';
import { ADJUST_STATEMENT, BREAKDOWN_STATEMENT, UNBALANCED_ROWS } from './breakdown-sql';
import type { LoadedMonth } from './month-inputs';
import { loadPayers } from './month-payers';
import { usageOfMonth } from './usage-of-month';

/** What a month is computed from, and how it is written. */
export interface ComputeRequest {
  readonly inputs: LoadedMonth;
  readonly version: ModelVersion;
  readonly settings: ExportSettings;
  /** last_refresh_timestamp of rows that are new or changed. */
  readonly asOf: Date;
  /** The month's published file: rows that come out the same keep their refresh timestamp. */
  readonly published?: PublishedFile;
}

/**
 * Computes one month and writes its data file into the session's scratch folder. Nothing is published here.
 *
 * @throws InputError when lines of usage are not sound, or an input was replaced while it was read
 * @throws MethodError when the inputs contradict each other, or the ledger does not balance
 */
export async function computeMonth(
  session: DuckSession,
  { inputs, version, settings, asOf, published }: ComputeRequest,
): Promise<ComputedMonth> {
  const { estate } = inputs;
  const pairs = servicePairs(estate.clusters, estate.services, settings.productDetail);
  await loadPairs(session, pairs, estate.internalAccounts);
  const { breakdown } = settings;
  const source = usageOfMonth(inputs, breakdown);
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
    ...(breakdown === undefined ? {} : { splitBy: breakdownText(breakdown) }),
  };
  if (breakdown !== undefined) await breakDownAllocation(session);
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
    ...defined({ billCoverage: bills.coverage }),
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
async function breakDownAllocation(session: DuckSession): Promise<void> {
  await session.run(`CREATE TEMP TABLE part AS ${BREAKDOWN_STATEMENT}`);
  await session.run(ADJUST_STATEMENT);
  const [row] = await session.rows(UNBALANCED_ROWS);
  const unbalanced = numberIn(row, 'n');
  if (unbalanced > 0) {
    throw new MethodError(`${String(unbalanced)} rows are not what their parts add up to`);
  }
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
    `SELECT lpad(CAST(account_number AS VARCHAR), 12, '0') AS account_id ${unknown} ORDER BY 1 LIMIT ${String(SHOWN.accounts)}`,
  );
  return { count: numberIn(total, 'n'), accountIds: rows.map((row) => textIn(row, 'account_id')) };
}

import { defined } from '../../base/defined';
import { sha256Of } from '../../estate/file-content';
import { EXPORT_ROW_COLUMNS, type MonthRows } from '../../exports/month-rows';
import { type FileTotals, readFileTotals } from '../../exports/read-data-file';
import { writeCompanionFile, writeDataFile } from '../../exports/write-data-file';
import type { ExportSettings } from '../../exports/export-settings';
import { type Category, sumByCategory } from '../../method/categories';
import { largestResidual, type Ledger, RESIDUAL_LIMIT } from '../../method/ledger';
import { MethodError } from '../../method/method-error';
import { categoriesOf, type ModelVersion } from '../../method/model-version';
import { allocateMonth, type MonthAllocation, monthLedger } from '../../method/month-allocation';
import { monthWarnings } from '../../method/month-warnings';
import { scope3Report } from '../../method/scope-3-report';
import type { DuckSession } from '../../sql/duck-session';
import { breakdownDetail } from '../../usage/bills/breakdown-value';
import { type KeySearch, missingKey } from '../../usage/known-keys';
import { type LoadedPairs, loadPairs, type ServicePairs } from '../../usage/service-pairs';
import { type MonthUsage, sumDrivers, type UsageDrivers } from '../../usage/usage-drivers';
import {
  assertFilesUnchanged,
  type ComputedMonth,
  type PublishedFile,
  type WrittenFile,
  writeRefreshed,
} from '../month/computed-month';
import { allocate, factorColumns, type Factors } from './allocation-sql';
import { type BillReport, billReport } from './bill-report';
import { breakDown } from './break-down';
import type { LoadedMonth } from './month-inputs';
import { type MonthPayers, monthPayers } from './month-payers';
import { unknownAccounts } from './unknown-accounts';
import { assertScope3Written } from './scope-3-totals';
import { usageOfMonth } from './usage-of-month';

/** What a month is computed from, and how it is written. */
export interface ComputeRequest {
  readonly inputs: LoadedMonth;
  readonly version: ModelVersion;
  readonly settings: ExportSettings;
  /** last_refresh_timestamp of rows that changed. */
  readonly asOf: Date;
  /** Where a key that the month's bills lack is looked for. */
  readonly keySearch: KeySearch;
  /** The published file, if any: unchanged rows keep their refresh timestamp. */
  readonly published?: PublishedFile;
}

/**
 * Computes one month and writes its data file into the session's scratch folder. It publishes nothing.
 *
 * @throws InputError when lines of usage are invalid, or an input was replaced while it was read
 * @throws MethodError when the inputs contradict each other, or the ledger does not balance
 */
export async function computeMonth(
  session: DuckSession,
  computation: ComputeRequest,
): Promise<ComputedMonth> {
  const { inputs, version, settings } = computation;
  const { estate } = inputs;
  const pairs = await loadPairs(session, estate, settings.productDetail);
  const usage = await usageOfMonth(session, inputs, breakdownDetail(settings.breakdown));
  const sums = await sumDrivers(session, usage, pairs, inputs.engine);
  const missing = await missingKey(session, computation.keySearch, {
    ...{ breakdown: settings.breakdown, bills: usage.bills?.lines.bills, sums: sums.billSums },
  });
  const allocation = allocateMonth(estate, version, sums.totals);
  const payers = await monthPayers(session, inputs, usage);
  const categories = categoriesOf(version);
  const rows = await monthRows(session, { allocation, categories, sums, pairs, payers, settings });
  const file = await writeMonth(session, rows, payers, computation);
  const { totals, ledger } = await balance(session, file, rows, allocation);
  const companion = await writeCompanion(session, { rows, payers, file, totals }, computation);
  const bills = await reportOf(session, usage, sums, pairs);
  await assertFilesUnchanged(inputs.usage);
  return {
    file,
    totals,
    ledger,
    categories,
    ...defined({ companion, scope3: estate.scope3 && scope3Report(estate, allocation) }),
    estimatedClusters: estimatedClusters(allocation),
    usageLines: sums.lines,
    ...defined({ billCoverage: bills?.coverage }),
    unknownAccounts: await unknownAccounts(session, sums.drivers, inputs.organization),
    warnings: [
      ...inputs.warnings,
      ...monthWarnings(estate, allocation, sums.totals),
      ...(bills?.warnings ?? []),
      ...missing,
      ...payers.warnings,
    ],
  };
}

/** Returns the cluster_ids with an estimated family of Scope 1. */
function estimatedClusters({ emissions: { scopeOnes } }: MonthAllocation): string[] {
  const estimated = scopeOnes.filter(({ basis }) => basis === 'estimated');
  return [...new Set(estimated.map(({ clusterId }) => clusterId))];
}

interface RowInputs {
  readonly allocation: MonthAllocation;
  readonly categories: readonly Category[];
  readonly sums: UsageDrivers;
  readonly pairs: LoadedPairs;
  readonly payers: MonthPayers;
  readonly settings: ExportSettings;
}

/** Allocates the services' emissions to the accounts, and breaks the rows down where that is set. */
async function monthRows(
  session: DuckSession,
  { allocation, categories, sums, pairs, payers: { payers }, settings: { breakdown: by } }: RowInputs,
): Promise<MonthRows> {
  const factors = await loadFactors(session, allocation, pairs, categories);
  const inputs = { drivers: sums.drivers, factors, internal: pairs.internal };
  const allocated = await allocate(session, inputs);
  const exportRows = await session.load({
    columns: EXPORT_ROW_COLUMNS,
    rows: pairs.rowKeys.map(({ rowId, regionCode, location, productCode }) => [
      rowId,
      regionCode,
      location,
      productCode,
    ]),
  });
  const rows = { allocation: allocated, exportRows, payers };
  if (by === undefined || sums.parts === undefined) return rows;
  return { ...rows, breakdown: { by, parts: await breakDown(session, allocated, sums.parts, inputs) } };
}

async function loadFactors(
  session: DuckSession,
  { shares }: MonthAllocation,
  { pairs, rowKeys }: ServicePairs,
  categories: readonly Category[],
): Promise<Factors> {
  const keyOf = (clusterId: string, productCode: string): string => JSON.stringify([clusterId, productCode]);
  const pairOf = new Map(
    pairs.map((pair) => [keyOf(pair.cluster.clusterId, pair.service.productCode), pair]),
  );
  const relation = await session.load({
    columns: factorColumns(categories),
    rows: shares.map(({ clusterId, productCode, kg, driver }) => {
      const pair = pairOf.get(keyOf(clusterId, productCode));
      if (pair === undefined) throw new Error(`no pair for ${productCode} in ${clusterId}`);
      const addsUp = rowKeys[pair.rowId]?.addsUp ?? false;
      return [pair.pairId, pair.rowId, addsUp, ...categories.map((category) => kg[category] / driver)];
    }),
  });
  return { ...relation, categories };
}

function writeMonth(
  session: DuckSession,
  rows: MonthRows,
  { payerAccountId }: MonthPayers,
  { inputs, version, settings, asOf, published }: ComputeRequest,
): Promise<WrittenFile> {
  const constants = { month: inputs.estate.month, modelVersion: version.id, payerAccountId };
  return writeRefreshed(session, asOf, published, (refreshed) =>
    writeDataFile(session, rows, { ...constants, asOf: refreshed }, settings.format),
  );
}

/** A month's data file, and what it was written from. */
interface WrittenMonth {
  readonly rows: MonthRows;
  readonly payers: MonthPayers;
  readonly file: WrittenFile;
  readonly totals: FileTotals;
}

/**
 * Writes the companion file and checks the sums of Scope 3 in both files.
 *
 * @returns undefined where the version has no Scope 3 or the rows are broken down
 * @throws MethodError when a column's sum differs from that of its parts
 */
async function writeCompanion(
  session: DuckSession,
  { rows, payers, file, totals }: WrittenMonth,
  computation: ComputeRequest,
): Promise<WrittenFile | undefined> {
  if (!computation.version.includesScope3) return undefined;
  const companion = await companionFile(session, { rows, payers, asOf: file.asOf }, computation);
  await assertScope3Written(session, { file, companion, totals });
  return companion;
}

async function companionFile(
  session: DuckSession,
  { rows, payers, asOf }: Pick<WrittenMonth, 'rows' | 'payers'> & { readonly asOf: Date },
  { inputs, version, settings }: ComputeRequest,
): Promise<WrittenFile | undefined> {
  if (rows.breakdown !== undefined) return undefined;
  const { payerAccountId } = payers;
  const constants = { month: inputs.estate.month, modelVersion: version.id, payerAccountId, asOf };
  const path = await writeCompanionFile(session, rows, constants, settings.format);
  return { path, sha256: await sha256Of(path), asOf };
}

/** @throws MethodError when the file does not hold the emissions of the month */
async function balance(
  session: DuckSession,
  { path }: WrittenFile,
  rows: MonthRows,
  allocation: MonthAllocation,
): Promise<{ readonly totals: FileTotals; readonly ledger: Ledger }> {
  const emitted = sumByCategory([...allocation.emissions.kg.values()]);
  const totals = await readFileTotals(session, path, rows, emitted);
  const ledger = monthLedger(allocation, totals.kg);
  const residual = largestResidual(ledger);
  if (residual <= RESIDUAL_LIMIT) return { totals, ledger };
  throw new MethodError(
    `the ledger does not balance: its largest residual is ${String(residual)} of the emissions, above ${String(RESIDUAL_LIMIT)}`,
  );
}

/** Undefined where the month's usage is not from bills. */
async function reportOf(
  session: DuckSession,
  { bills }: MonthUsage,
  { billSums }: UsageDrivers,
  pairs: LoadedPairs,
): Promise<BillReport | undefined> {
  if (bills === undefined || billSums === undefined) return undefined;
  return billReport(session, bills, billSums, pairs.table);
}

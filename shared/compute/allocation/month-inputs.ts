import { defined } from '../../base/defined';
import { type Fingerprint, hashOf, hashOfContents } from '../../base/fingerprint';
import { compareText } from '../../base/group';
import { InputError, replacedFile } from '../../base/input-problem';
import type { Month } from '../../base/month';
import type { Warning } from '../../base/warning';
import { type EstateSettings, settingsRead } from '../../estate/estate-settings';
import { type MonthTotals, readGivenTotals } from '../../estate/given-totals';
import { MONTH_TABLES, type MonthTables, readMonthTables } from '../../estate/month-tables';
import { contentOf, formWarnings } from '../../estate/file-content';
import type { TableReader } from '../../estate/read-table';
import { relevantEmbodied } from '../../estate/scope-3-inputs';
import { relevantPart, type StaticSlice } from '../../estate/static-estate';
import { ASSETS, FERA_FACTORS, RACK_EMBODIED } from '../../estate/tables';
import { MethodError } from '../../method/method-error';
import { categoriesOf, type ModelVersion, versionInputs } from '../../method/model-version';
import type { EmbodiedItem, MonthEstate, Scope3Inputs, Service } from '../../method/month-estate';
import type { OrganizationSnapshot } from '../../organization/account';
import { internalAccountIds, type InternalAccountRules } from '../../organization/internal-accounts';
import { type BillInputs, readBillInputs } from '../../usage/bill-inputs';
import { isBillTable } from '../../usage/bills/bill-tables';
import { OTHER, type ServiceNames } from '../../usage/bills/service-names';
import { DUCK_ENGINE } from '../../usage/lines/duck-engine';
import type { UsageEngine } from '../../usage/lines/usage-engine';
import type { UsageFiles } from '../../usage/usage-files';
import { USAGE_TABLES } from '../../usage/usage-tables';
import { CALCULATION_REVISION } from '../month/calculation-revision';
import type { Estate } from '../month/open-estate';

/** A month's inputs, read as far as its fingerprint needs them. */
export interface MonthInputs {
  readonly fingerprint: Fingerprint;
  /**
   * Reads the remaining inputs.
   *
   * @throws InputError with all problems of the month's own tables
   */
  readonly load: () => Promise<LoadedMonth>;
}

/** Everything one month is computed from. */
export interface LoadedMonth {
  readonly estate: MonthEstate;
  readonly usage: UsageFiles;
  /** What read the usage, and sums it. */
  readonly engine: UsageEngine;
  readonly serviceNames: ServiceNames;
  /** What one unit of each currency is worth, where a month's bills have several. */
  readonly rates?: ReadonlyMap<string, number>;
  readonly settings: EstateSettings;
  readonly organization: OrganizationSnapshot;
  readonly warnings: readonly Warning[];
}

/** Which month's inputs are read. */
export interface InputsRequest {
  readonly estate: Estate;
  readonly month: Month;
  readonly version: ModelVersion;
  readonly organization: OrganizationSnapshot;
  /** Internal accounts in addition to those of the estate. @default - none */
  readonly internal?: InternalAccountRules;
  /** What reads and sums the usage. @default - DuckDB */
  readonly engine?: UsageEngine;
}

const NO_RULES: InternalAccountRules = { ids: [], ouPaths: [], tags: {} };

/**
 * Reads the inputs of a month as far as its fingerprint needs them. It reads the part of the tables at the root that can
 * change a number of the month, and hashes the month's files.
 *
 * @throws InputError with all problems of the tables at the root and of the usage files that touch the month
 * @throws MethodError when the version has Scope 3 and the estate has none of its tables
 */
export async function readMonthInputs(reader: TableReader, request: InputsRequest): Promise<MonthInputs> {
  const { estate, month, version, organization, internal = NO_RULES, engine = DUCK_ENGINE } = request;
  const { files, statics, usageScanner, settings } = estate;
  const listed = statics.slice({ month, version, settings });
  const internalAccounts = internalAccountIds(listed.internalAccounts, organization, internal);
  const slice = { ...listed, internalAccounts };
  const usage = await usageScanner.scan(reader, month, USAGE_TABLES, engine);
  const bills = await readBillInputs(reader, files, { month, usage, services: slice.services });
  const categories = categoriesOf(version);
  const given = await readGivenTotals(reader, files, month, { ...slice, categories });
  const problems = [
    ...statics.problemsOf(month, new Set(given.totals.map(({ clusterId }) => clusterId)), version),
    ...given.problems,
    ...usage.problems,
    ...bills.problems,
    ...files.strays.filter(({ concerns }) => concerns?.(month) ?? false),
  ];
  if (problems.length > 0) throw new InputError(problems);
  assertScope3(version, month, statics.hasScope3Tables || given.hasScope3);
  const hashes = await Promise.all(
    MONTH_TABLES.map(
      async ({ name }) => [name, await contentHash(reader, files.monthly(name, month))] as const,
    ),
  );
  return {
    fingerprint: {
      ...staticFingerprint(slice, version),
      ...Object.fromEntries(hashes),
      ...hashesOf(given.contents),
      [usage.table]: hashOfContents(usage.files),
      ...bills.fingerprint,
      ...requestFingerprint(request),
    },
    load: () =>
      loadMonth(reader, request, {
        ...{ slice, usage, engine, bills, given },
        hashes: new Map(hashes),
      }),
  };
}

/** Hashes of what a month depends on in addition to its files. */
function requestFingerprint({ estate, month, version, organization }: InputsRequest): Fingerprint {
  return {
    accounts: hashOf([
      organization.payerAccountId,
      ...organization.accounts.map(({ accountId, payerAccountId: payer }) =>
        payer === undefined ? accountId : [accountId, payer],
      ),
    ]),
    method: hashOf([CALCULATION_REVISION, versionInputs(version), month]),
    settings: hashOf(settingsRead(estate.settings, version)),
  };
}

/** What was read for a month's fingerprint. */
interface ReadInputs {
  readonly slice: StaticSlice;
  readonly usage: UsageFiles;
  readonly engine: UsageEngine;
  readonly bills: BillInputs;
  readonly given: MonthTotals;
  /** Hashes of the month's tables, by name. */
  readonly hashes: ReadonlyMap<string, string>;
}

async function loadMonth(
  reader: TableReader,
  { estate: { files, settings, statics }, month, organization }: InputsRequest,
  { slice, usage, engine, bills, given, hashes }: ReadInputs,
): Promise<LoadedMonth> {
  const tables = await readMonthTables(reader, files, month, { ...slice, givenTotals: given.totals });
  assertSameContent(tables, hashes);
  if (tables.problems.length > 0) throw new InputError(tables.problems);
  const { racks, rackUse, serviceUse, warnings } = tables;
  const services = isBillTable(usage.table) ? withOther(slice.services) : slice.services;
  const { serviceNames, rates } = bills;
  return {
    estate: withTotals({ ...slice, services, racks, rackUse, serviceUse, givenTotals: given.totals }),
    ...{ usage, engine, serviceNames, settings, organization },
    ...defined({ rates }),
    warnings: [
      ...warnings,
      ...files.notesOf(usage.table, month),
      ...formWarnings([
        ...statics.files,
        ...Object.values({ ...tables.contents, ...given.contents }).flat(),
        ...usage.files,
      ]),
    ],
  };
}

/** @throws InputError when a table of the month changed after it was hashed for the fingerprint */
function assertSameContent({ contents }: MonthTables, hashes: ReadonlyMap<string, string>): void {
  const replaced = Object.entries(contents).flatMap(([table, files]) => {
    const [first] = files;
    if (first === undefined || hashOfContents(files) === hashes.get(table)) return [];
    return [replacedFile(table, first.file)];
  });
  if (replaced.length > 0) throw new InputError(replaced);
}

/** Sites of clusters whose totals are given take no part: neither their energy nor their fuel counts. */
function withTotals(estate: MonthEstate): MonthEstate {
  const given = new Set(estate.givenTotals.map(({ clusterId }) => clusterId));
  const sites = estate.sites.filter(({ clusterId }) => !given.has(clusterId));
  const kept = new Set(sites.map(({ siteId }) => siteId));
  return {
    ...estate,
    sites,
    electricity: estate.electricity.filter(({ siteId }) => kept.has(siteId)),
    fuelRecords: estate.fuelRecords.filter(({ clusterId }) => !given.has(clusterId)),
  };
}

function hashesOf(contents: MonthTotals['contents']): Fingerprint {
  return Object.fromEntries(Object.entries(contents).map(([table, files]) => [table, hashOfContents(files)]));
}

/** Bills name services that an estate may not have: those are Other. */
function withOther(services: readonly Service[]): readonly Service[] {
  if (services.some(({ productCode }) => productCode === OTHER.productCode)) return services;
  return [...services, OTHER].sort((a, b) => compareText(a.productCode, b.productCode));
}

async function contentHash(reader: TableReader, files: readonly string[]): Promise<string> {
  return hashOfContents(await Promise.all(files.map((file) => contentOf(reader, file))));
}

/** Zeros that no one measured must not look like a result. */
function assertScope3({ id, includesScope3 }: ModelVersion, month: Month, hasScope3: boolean): void {
  if (!includesScope3 || hasScope3) return;
  throw new MethodError(
    `${month}: found none of the tables of Scope 3 and no scope_3 column in the month's given totals; ${id} needs at least one of ${SCOPE_3_TABLE_NAMES.join(', ')}`,
  );
}

const SCOPE_3_TABLE_NAMES = [RACK_EMBODIED, ASSETS, FERA_FACTORS].map(({ name }) => name);

function staticFingerprint(slice: StaticSlice, version: ModelVersion): Fingerprint {
  const part = relevantPart(slice);
  // Without Scope 3 there is one family, which is in no record of the fingerprint.
  const fuel = part.fuelRecords.map(({ family, ...record }) =>
    version.includesScope3 ? { ...record, family } : record,
  );
  return {
    clusters: hashOf(part.clusters),
    sites: hashOf(part.sites),
    electricity: hashOf(part.electricity),
    grid_factors: hashOf(part.gridFactors),
    contracts: hashOf(part.contracts),
    fuel_use: hashOf(fuel),
    services: hashOf(part.services),
    internal_accounts: hashOf(part.internalAccounts),
    ...(part.scope3 === undefined ? {} : scope3Fingerprint(part.scope3, part)),
  };
}

/** Hashes of the parts of the Scope 3 tables that can change a number of the month; a table without a file has no entry. */
function scope3Fingerprint(scope3: Scope3Inputs, { month, sites }: StaticSlice): Fingerprint {
  const embodied = (kinds: readonly EmbodiedItem['kind'][]): string | undefined => {
    const items = scope3.embodied.filter(({ kind }) => kinds.includes(kind));
    return items.length === 0 ? undefined : hashOf(relevantEmbodied({ ...scope3, embodied: items }, month));
  };
  const grids = new Set(sites.map(({ gridId }) => gridId));
  const factors = scope3.feraFactors?.filter(({ gridId }) => grids.has(gridId));
  return defined({
    rack_embodied: embodied(['rack']),
    assets: embodied(['building', 'equipment']),
    fera_factors: factors && hashOf(factors),
    gwp: hashOf(scope3.assessmentReport),
  });
}

import type { Month } from '../calendar/month';
import type { EstateSettings } from '../inputs/estate-settings';
import { hashOf, hashOfContents } from '../inputs/fingerprint';
import type { Fingerprint } from '../inputs/fingerprint';
import type { InputFiles } from '../inputs/input-files';
import { InputError } from '../inputs/input-problem';
import { MONTH_TABLES, readMonthTables } from '../inputs/month-tables';
import { contentOf } from '../inputs/read-table';
import type { TableReader } from '../inputs/read-table';
import { relevantPart } from '../inputs/static-estate';
import type { StaticEstate, StaticSlice } from '../inputs/static-estate';
import type { MonthEstate } from '../method/month-estate';
import type { ModelVersion } from '../method/model-version';
import type { OrganizationSnapshot } from '../organization/account';
import { internalAccountIds } from '../organization/internal-accounts';
import type { InternalAccountRules } from '../organization/internal-accounts';
import { focusServices } from '../usage/focus-services';
import type { FocusService } from '../usage/focus-services';
import { scanUsage } from '../usage/usage-files';
import type { UsageFiles } from '../usage/usage-files';
import { CALCULATION_REVISION } from './calculation-revision';

/** An estate as one run sees it: read and listed once. */
export interface Estate {
  readonly files: InputFiles;
  readonly statics: StaticEstate;
  readonly settings: EstateSettings;
}

/** A month's inputs as far as they have to be read to know whether they changed. */
export interface MonthInputs {
  readonly fingerprint: Fingerprint;
  /**
   * Reads what is left to read.
   *
   * @throws InputError with all problems of the month's own tables
   */
  readonly load: () => Promise<LoadedMonth>;
}

/** Everything one month is computed from. */
export interface LoadedMonth {
  readonly estate: MonthEstate;
  readonly usage: UsageFiles;
  readonly focusServices: readonly FocusService[];
  readonly settings: EstateSettings;
  readonly organization: OrganizationSnapshot;
  readonly warnings: readonly string[];
}

/**
 * Reads the inputs of a month as far as its fingerprint needs: the part of the tables at the root that can move a
 * number of the month, and the hashes of its own files.
 *
 * @param internal accounts that are internal beside those the estate lists
 * @throws InputError with all problems of the tables at the root and of the usage files that touch the month
 */
export async function readMonthInputs(
  reader: TableReader,
  { files, statics, settings }: Estate,
  month: Month,
  version: ModelVersion,
  organization: OrganizationSnapshot,
  internal: InternalAccountRules = { ids: [], ouPaths: [], tags: {} },
): Promise<MonthInputs> {
  const listed = statics.slice(month);
  const internalAccounts = internalAccountIds(listed.internalAccounts, organization, internal);
  const slice = { ...listed, internalAccounts };
  const usage = await scanUsage(reader, files, month, settings.focus.revenue_column);
  const focus =
    usage.table === 'focus'
      ? await focusServices(reader, files, slice.services)
      : { services: [], problems: [] };
  const problems = [
    ...statics.problemsOf(month),
    ...usage.problems,
    ...focus.problems,
    ...files.strays.filter(({ concerns }) => concerns?.(month) ?? false),
  ];
  if (problems.length > 0) throw new InputError(problems);
  const hashes = await Promise.all(
    MONTH_TABLES.map(
      async ({ name }) => [name, await contentHash(reader, files.monthly(name, month))] as const,
    ),
  );
  return {
    fingerprint: {
      ...staticFingerprint(slice),
      ...Object.fromEntries(hashes),
      [usage.table]: hashOfContents(usage.files),
      ...(usage.table === 'focus' ? { focus_services: hashOf(focus.services) } : {}),
      accounts: hashOf([
        organization.payerAccountId,
        ...organization.accounts.map(({ accountId }) => accountId),
      ]),
      method: hashOf([CALCULATION_REVISION, version, month]),
      settings: hashOf(settings),
    },
    load: async () => {
      const tables = await readMonthTables(reader, files, month, slice);
      if (tables.problems.length > 0) throw new InputError(tables.problems);
      const { racks, rackUse, serviceUse, warnings } = tables;
      const estate = { ...slice, racks, rackUse, serviceUse };
      return { estate, usage, focusServices: focus.services, settings, organization, warnings };
    },
  };
}

async function contentHash(reader: TableReader, files: readonly string[]): Promise<string> {
  return hashOfContents(await Promise.all(files.map((file) => contentOf(reader, file))));
}

function staticFingerprint(slice: StaticSlice): Record<string, string> {
  const part = relevantPart(slice);
  return {
    clusters: hashOf(part.clusters),
    sites: hashOf(part.sites),
    electricity: hashOf(part.electricity),
    grid_factors: hashOf(part.gridFactors),
    contracts: hashOf(part.contracts),
    fuel_use: hashOf(part.fuelRecords),
    services: hashOf(part.services),
    internal_accounts: hashOf(part.internalAccounts),
  };
}

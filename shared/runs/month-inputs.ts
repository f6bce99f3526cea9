import type { Month } from '../calendar/month';
import type { EstateSettings } from '../inputs/estate-settings';
import { hashOf, hashOfContents } from '../inputs/fingerprint';
import type { Fingerprint } from '../inputs/fingerprint';
import type { InputFiles } from '../inputs/input-files';
import { InputError } from '../inputs/input-problem';
import { readMonthTables } from '../inputs/month-tables';
import type { TableReader } from '../inputs/read-table';
import { relevantPart } from '../inputs/static-estate';
import type { StaticEstate, StaticSlice } from '../inputs/static-estate';
import type { MonthEstate } from '../method/month-estate';
import type { ModelVersion } from '../method/model-version';
import type { OrganizationSnapshot } from '../organization/account';
import { focusServices } from '../usage/focus-services';
import type { FocusService } from '../usage/focus-services';
import { scanUsage } from '../usage/usage-files';
import type { UsageFiles } from '../usage/usage-files';

/**
 * Raised when a change of this program changes its results: every month is then computed anew, and says so, instead
 * of old and new numbers lying side by side unmarked.
 */
export const CALCULATION_REVISION = 1;

/** An estate as one run sees it: read and listed once. */
export interface Estate {
  readonly files: InputFiles;
  readonly statics: StaticEstate;
  readonly settings: EstateSettings;
}

/** Everything one month is computed from. */
export interface MonthInputs {
  readonly estate: MonthEstate;
  readonly usage: UsageFiles;
  readonly focusServices: readonly FocusService[];
  readonly settings: EstateSettings;
  readonly organization: OrganizationSnapshot;
  readonly fingerprint: Fingerprint;
  readonly warnings: readonly string[];
}

/**
 * Reads everything a month is computed from, but the usage lines, which are only scanned.
 *
 * @throws InputError with all problems that touch the month
 */
export async function readMonthInputs(
  reader: TableReader,
  { files, statics, settings }: Estate,
  month: Month,
  version: ModelVersion,
  organization: OrganizationSnapshot,
): Promise<MonthInputs> {
  const slice = statics.slice(month);
  const tables = await readMonthTables(reader, files, month, slice);
  const usage = await scanUsage(reader, files, month, settings.focus.revenue_column);
  const focus =
    usage.table === 'focus'
      ? await focusServices(reader, files, slice.services)
      : { services: [], problems: [] };
  const problems = [
    ...statics.problemsOf(month),
    ...tables.problems,
    ...usage.problems,
    ...focus.problems,
    ...files.strays.filter(({ concerns }) => concerns?.(month) ?? false),
  ];
  if (problems.length > 0) throw new InputError(problems);
  const { racks, rackUse, serviceUse } = tables;
  return {
    estate: { ...slice, racks, rackUse, serviceUse },
    usage,
    focusServices: focus.services,
    settings,
    organization,
    fingerprint: {
      ...staticFingerprint(slice),
      racks: hashOf(racks),
      rack_use: hashOf(rackUse),
      service_use: hashOf(serviceUse),
      [usage.table]: hashOfContents(usage.files),
      ...(usage.table === 'focus' ? { focus_services: hashOf(focus.services) } : {}),
      accounts: hashOf([
        organization.payerAccountId,
        ...organization.accounts.map(({ accountId }) => accountId),
      ]),
      method: hashOf([CALCULATION_REVISION, version, month]),
      settings: hashOf(settings),
    },
    warnings: tables.warnings,
  };
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

import { defined } from '../../base/defined';
import { hashOf, hashOfContents } from '../../base/fingerprint';
import { InputError } from '../../base/input-problem';
import type { Month } from '../../base/month';
import { formWarnings } from '../../estate/file-content';
import type { InputFiles } from '../../estate/input-files';
import type { ExportMonth } from '../../exports/layout';
import type { OrganizationSnapshot } from '../../organization/account';
import { readBillInputs } from '../../usage/bill-inputs';
import { BILL_REVISION } from '../../usage/bills/bill-revision';
import { BILL_TABLES, isBillTable } from '../../usage/bills/bill-tables';
import { breakdownDetail } from '../../usage/bills/breakdown-value';
import { shippedServices } from '../../usage/bills/shipped-tables';
import { DUCK_ENGINE } from '../../usage/lines/duck-engine';
import type { UsageFiles } from '../../usage/usage-files';
import { assertFilesUnchanged } from '../month/computed-month';
import type { LoadedWork, MonthWork, WorkContext } from '../month/month-work';
import type { SplitBills } from './bill-costs';
import { SPLIT_REVISION } from '../month/calculation-revision';
import { CARBON_TABLE } from './carbon-columns';
import { assertCarbonUnchanged, scanCarbonFiles } from './carbon-files';
import { computeSplit } from './compute-split';
import type { SplitInputs } from './split-month';

/** A month whose totals are AWS's own. */
export interface AwsWork extends MonthWork {
  readonly totals: 'aws';
  readonly inputs: SplitInputs;
}

/**
 * Returns the work of a month whose totals are AWS's: each account's rows are split by its own usage. Without bills they
 * stay whole.
 *
 * @param organization the accounts, where they are known; no number depends on them
 * @throws InputError with all problems of the month's files
 */
export async function awsWork(
  at: ExportMonth,
  context: WorkContext,
  organization?: OrganizationSnapshot,
): Promise<AwsWork> {
  const { reader, estate, settings, engine = DUCK_ENGINE } = context;
  const { files, usageScanner } = estate;
  const isPadded = estate.settings.pad_account_ids;
  const carbon = await scanCarbonFiles(reader, deliveredFiles(files, at), isPadded);
  // The table usage/ holds the usage of an operator's own racks, not that of AWS's accounts.
  const usage = await usageScanner.scan(reader, at.month, BILL_TABLES, engine);
  const { rates, problems: found } = await readBillInputs(reader, files, {
    ...{ month: at.month, usage, services: [] },
  });
  const problems = [
    ...carbon.problems,
    ...usage.problems,
    ...found.filter(({ table }) => table === 'currency_rates'),
    ...files.strays.filter(({ concerns }) => concerns?.(at.month) ?? false),
  ];
  if (problems.length > 0) throw new InputError(problems);
  const bills = billsOf(context, at.month, usage, rates);
  const inputs = { at, carbon: carbon.files, isPadded, ...defined({ bills }) };
  return {
    totals: 'aws',
    inputs,
    fingerprint: {
      [CARBON_TABLE]: hashOfContents(carbon.files),
      ...(bills === undefined ? {} : { [bills.table]: hashOfContents(usage.files) }),
      focus_services: hashOf([BILL_REVISION, await shippedServices()]),
      ...(rates === undefined ? {} : { currency_rates: hashOf([...rates]) }),
      accounts: hashOf(organization?.accounts.map(({ accountId }) => accountId) ?? []),
      method: hashOf([SPLIT_REVISION, at.modelVersion, at.month]),
      settings: hashOf(estate.settings),
      ...(settings.breakdown === undefined ? {} : { split: hashOf(settings.breakdown) }),
    },
    load: () => Promise.resolve(loadedWork(context, inputs, usage, organization)),
  };
}

function loadedWork(
  { reader, estate, settings, asOf, engine = DUCK_ENGINE }: WorkContext,
  inputs: SplitInputs,
  usage: UsageFiles,
  organization: OrganizationSnapshot | undefined,
): LoadedWork {
  const { at, bills, carbon } = inputs;
  const tables = [CARBON_TABLE, ...(bills === undefined ? [] : [bills.table])];
  const notes = [
    ...tables.flatMap((table) => estate.files.notesOf(table, at.month)),
    ...formWarnings([...carbon, ...usage.files]),
  ];
  const keySearch = { reader, engine, keys: estate.keys };
  return {
    metadataAsOf: organization?.asOf ?? '',
    compute: (session, published) =>
      computeSplit(session, {
        ...{ inputs, settings, asOf, keySearch, notes },
        ...defined({ organization, published }),
      }),
    assertUnchanged: async () => {
      await assertCarbonUnchanged(carbon);
      await assertFilesUnchanged(usage);
    },
  };
}

/** Files of AWS's carbon export that hold a version of a month. */
export function deliveredFiles(files: InputFiles, at: ExportMonth): string[] {
  return files
    .deliveriesOf(CARBON_TABLE)
    .filter(({ month, modelVersion }) => month === at.month && modelVersion === at.modelVersion)
    .flatMap((delivery) => delivery.files);
}

function billsOf(
  { estate: { settings }, settings: { breakdown }, engine }: WorkContext,
  month: Month,
  { table, files }: UsageFiles,
  rates: ReadonlyMap<string, number> | undefined,
): SplitBills | undefined {
  // Files without records count as missing bills.
  if (!isBillTable(table) || files.every(({ records }) => records === 0)) return undefined;
  return {
    table,
    files,
    month,
    settings,
    ...defined({ engine, rates, detail: breakdownDetail(breakdown)?.(table) }),
  };
}

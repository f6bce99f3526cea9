import { defined } from '../base/defined';
import { type Fingerprint, hashOf } from '../base/fingerprint';
import type { InputProblem } from '../base/input-problem';
import type { Month } from '../base/month';
import type { InputFiles } from '../estate/input-files';
import type { TableReader } from '../estate/read-table';
import type { Service } from '../method/month-estate';
import { BILL_REVISION } from './bills/bill-revision';
import { isBillTable } from './bills/bill-tables';
import { currencyRates } from './bills/currency-rates';
import { NO_SERVICE_NAMES, type ServiceNames, serviceNames } from './bills/service-names';
import type { UsageFiles } from './usage-files';

/** Further inputs of a month's bills; empty for months whose usage is not from bills. */
export interface BillInputs {
  readonly serviceNames: ServiceNames;
  /** What one unit of each currency is worth, where a month's bills have several. */
  readonly rates?: ReadonlyMap<string, number>;
  readonly fingerprint: Fingerprint;
  readonly problems: readonly InputProblem[];
}

/** A month whose bills are read. */
export interface BilledMonth {
  readonly month: Month;
  readonly usage: UsageFiles;
  /** Services of the estate; empty where AWS's totals are split. */
  readonly services: readonly Service[];
}

/** Reads the names of services and the rates of currencies that a month's bills need. */
export async function readBillInputs(
  reader: TableReader,
  files: InputFiles,
  { month, usage, services }: BilledMonth,
): Promise<BillInputs> {
  if (!isBillTable(usage.table)) return { serviceNames: NO_SERVICE_NAMES, fingerprint: {}, problems: [] };
  const { problems: nameProblems, ...names } = await serviceNames(reader, files, services);
  const currencies = [...new Set(usage.files.flatMap(({ facts }) => facts?.currencies ?? []))].sort();
  const { rates, problems } = await currencyRates(reader, files, month, currencies);
  const fingerprint = { focus_services: hashOf([BILL_REVISION, names.names, names.units, names.sizes]) };
  return {
    serviceNames: names,
    ...defined({ rates }),
    fingerprint: rates === undefined ? fingerprint : { ...fingerprint, currency_rates: hashOf([...rates]) },
    problems: [...nameProblems, ...problems],
  };
}

import { InputError, type InputProblem } from '../../base/input-problem';
import type { Month } from '../../base/month';
import type { InputFiles } from '../../estate/input-files';
import { readTable, type TableReader } from '../../estate/read-table';
import { CURRENCY_RATES } from '../../estate/tables';

/** Where messages say that rates belong. */
const RATES_FILE = `${CURRENCY_RATES.name}.csv`;

/** Rates of a month whose bills have several currencies. */
export interface MonthRates {
  /** What one unit of each currency is worth, in a currency of the estate's choice; absent where none is needed. */
  readonly rates?: ReadonlyMap<string, number>;
  readonly problems: readonly InputProblem[];
}

/**
 * The rates by which costs in several currencies are compared. Where all bills of a month have one currency none are
 * needed; else every one of them needs a row in currency_rates for that month.
 */
export async function currencyRates(
  reader: TableReader,
  files: InputFiles,
  month: Month,
  currencies: readonly string[],
): Promise<MonthRates> {
  if (currencies.length <= 1) return { problems: [] };
  const found = `${currencies.join(', ')} in the bills of ${month}`;
  if (!files.hasStatic(CURRENCY_RATES.name)) {
    const expected = `one currency, found ${found}; or a table currency_rates with a rate for each`;
    return { problems: [{ table: CURRENCY_RATES.name, file: RATES_FILE, expected }] };
  }
  const table = await readTable(reader, CURRENCY_RATES, [files.staticFile(CURRENCY_RATES.name)]);
  if (table.problems.length > 0) throw new InputError(table.problems);
  const ofMonth = table.rows.filter(({ value }) => value.usage_period === month);
  const rates = new Map(ofMonth.map(({ value }) => [value.currency, value.rate]));
  const missing = currencies.filter((currency) => !rates.has(currency));
  const problems = missing.map((currency) => ({
    table: CURRENCY_RATES.name,
    file: RATES_FILE,
    column: 'currency',
    expected: `a rate of ${currency} for ${month}, since there are ${found}`,
  }));
  return { rates: new Map(currencies.map((currency) => [currency, rates.get(currency) ?? 0])), problems };
}

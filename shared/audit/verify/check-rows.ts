import { defined } from '../../base/defined';
import type { Manifest } from '../../exports/manifest';
import { endOfMonth } from './exact/calendar';
import { CATEGORIES, type PerCategory, perCategory } from './exact/categories';
import type { MethodTables } from './exact/estate-tables';
import type { NaiveMonth } from './exact/naive-method';
import { exactDouble, type Fraction, THOUSAND, toNumber, ZERO } from './exact/rational';
import type { ProblemList } from './problem-list';
import { type PublishedRow, UNIT_COLUMNS, VALUE_COLUMNS } from './published-rows';

/** Largest relative difference between a published value and the exact one. */
export const TOLERANCE = 1e-9;

/** What was found while the rows of a file went by. */
export interface CheckedRows {
  readonly rows: number;
  readonly accounts: number;
  /** Values compared with the exact ones. */
  readonly values: number;
  /** Relative, over all values. */
  readonly largestDifference: number;
  /** Exact sums of the rows as they stand in the file, kgCO2e. */
  readonly exportedKg: PerCategory;
}

/** What every row of a file has to say. */
export interface RowExpectations {
  readonly manifest: Manifest;
  /** Who pays for an account; undefined where the inputs do not tell it apart from the run's own reading. */
  readonly payerOf: (accountId: string) => string | undefined;
  readonly tables: MethodTables;
  /** The month computed exactly; undefined where it cannot be, and then values are added up but not compared. */
  readonly exact: NaiveMonth | undefined;
  /** Where rows are broken down: value of split_by, which says by what. */
  readonly splitBy?: string;
}

/** Checks the rows of a file: keys unique and in order, constants, units, and every value against the exact one. */
export async function checkRows(
  rows: AsyncIterable<PublishedRow>,
  expected: RowExpectations,
  problems: ProblemList,
): Promise<CheckedRows> {
  const constants = {
    ...constantsOf(expected.manifest, expected.splitBy),
    ...Object.fromEntries(UNIT_COLUMNS.map((name) => [name, 'MTCO2e'])),
  };
  const locations = locationsOf(expected.tables);
  const missing = new Set(expected.exact?.rows.keys());
  const sums = new DoubleSums();
  const accounts = new Set<string>();
  let [count, values, largest] = [0, 0, 0];
  let previous: readonly string[] | undefined;
  for await (const row of rows) {
    count += 1;
    const key = keyOf(row, expected.splitBy !== undefined);
    const name = key.join(' ');
    accounts.add(key[0] ?? '');
    problems.expect(
      previous === undefined || isAfter(key, previous),
      () => `row ${name} is twice or out of order`,
    );
    previous = key;
    checkTexts(row, name, { ...constants, ...payerIn(row, expected) }, locations, problems);
    sums.add(row);
    const exact = expected.exact?.rows.get(key.join('|'));
    missing.delete(key.join('|'));
    if (expected.exact === undefined) continue;
    if (exact === undefined) {
      problems.add(`row ${name} is published; the inputs give no such row`);
      continue;
    }
    for (const [column, kg] of Object.entries(exactValues(exact))) {
      values += 1;
      const value = row.values[column] ?? NaN;
      const mtco2e = toNumber(kg.div(THOUSAND));
      const difference = relativeDifference(value, mtco2e);
      if (!(difference <= TOLERANCE)) {
        problems.add(`row ${name}: ${column} is ${String(value)}, exactly ${String(mtco2e)}`);
      }
      largest = Math.max(largest, difference);
    }
  }
  for (const key of missing)
    problems.add(`row ${key.replaceAll('|', ' ')} is not published; the inputs give it`);
  return { rows: count, accounts: accounts.size, values, largestDifference: largest, exportedKg: sums.kg() };
}

/** Difference of two numbers as a part of the exact one; 0 where both are the same. */
export function relativeDifference(value: number, exact: number): number {
  if (value === exact) return 0;
  const difference = Math.abs(value - exact) / Math.abs(exact);
  return Number.isNaN(difference) ? Infinity : difference;
}

function keyOf({ texts }: PublishedRow, isBrokenDown: boolean): string[] {
  const columns = [
    'usage_account_id',
    'region_code',
    'product_code',
    ...(isBrokenDown ? ['split_value'] : []),
  ];
  return columns.map((column) => texts[column] ?? '');
}

function isAfter(key: readonly string[], previous: readonly string[]): boolean {
  for (const [at, part] of key.entries()) {
    const other = previous[at] ?? '';
    // As the file is sorted: by characters, whatever units a language holds them in.
    if (part !== other) return Buffer.compare(Buffer.from(part), Buffer.from(other)) > 0;
  }
  return false;
}

/** What is the same in every row of a month's file, by column. */
export function constantsOf(
  { usagePeriod: month, modelVersion, asOf }: Manifest,
  splitBy: string | undefined,
): Readonly<Record<string, string>> {
  return {
    last_refresh_timestamp: asOf.slice(0, 19).replace('T', ' '),
    model_version: modelVersion,
    usage_period_start: `${month}-01 00:00:00`,
    usage_period_end: `${endOfMonth(month)} 00:00:00`,
    ...defined({ split_by: splitBy }),
  };
}

function payerIn({ texts }: PublishedRow, { payerOf }: RowExpectations): { payer_account_id?: string } {
  const payer = payerOf(texts['usage_account_id'] ?? '');
  return payer === undefined ? {} : { payer_account_id: payer };
}

function locationsOf({ clusters }: MethodTables): ReadonlyMap<string, string> {
  const regions = clusters.filter(({ kind }) => kind === 'region');
  return new Map([['global', 'Global'], ...regions.map((row) => [row.region_code, row.location] as const)]);
}

function checkTexts(
  { texts, values }: PublishedRow,
  name: string,
  constants: Readonly<Record<string, string>>,
  locations: ReadonlyMap<string, string>,
  problems: ProblemList,
): void {
  const expected = { ...constants, location: locations.get(texts['region_code'] ?? '') ?? '' };
  for (const [column, text] of Object.entries(expected)) {
    const found = texts[column] ?? '';
    problems.expect(found === text, () => `row ${name}: ${column} is "${found}", expected "${text}"`);
  }
  for (const column of ['usage_account_id', 'payer_account_id']) {
    const id = texts[column] ?? '';
    problems.expect(/^\d{12}$/.test(id), () => `row ${name}: ${column} "${id}" is no account id`);
  }
  for (const column of VALUE_COLUMNS) {
    const value = values[column] ?? NaN;
    problems.expect(value >= 0 && value < Infinity, () => `row ${name}: ${column} is ${String(value)}`);
  }
}

function exactValues(kg: PerCategory): Readonly<Record<string, Fraction>> {
  return {
    total_lbm_emissions_value: kg.scope_1.add(kg.scope_2_lbm),
    total_mbm_emissions_value: kg.scope_1.add(kg.scope_2_mbm),
    total_scope_1_emissions_value: kg.scope_1,
    total_scope_2_lbm_emissions_value: kg.scope_2_lbm,
    total_scope_2_mbm_emissions_value: kg.scope_2_mbm,
    total_scope_3_lbm_emissions_value: ZERO,
    total_scope_3_mbm_emissions_value: ZERO,
  };
}

/** Exact sums of doubles, in kgCO2e. */
class DoubleSums {
  private readonly sums: PerCategory = perCategory(() => ZERO);

  add({ values }: PublishedRow): void {
    for (const category of CATEGORIES) {
      const mtco2e = values[`total_${category}_emissions_value`] ?? NaN;
      // What is no finite number is a problem of its row.
      if (Number.isFinite(mtco2e)) this.sums[category] = this.sums[category].add(exactDouble(mtco2e));
    }
  }

  kg(): PerCategory {
    return perCategory((category) => this.sums[category].mul(THOUSAND));
  }
}

/*
 * `node --import tsx test/cases/work-out.ts <case>` writes test/cases/<case>/expected by the naive method in exact
 * fractions (shared/audit/verify/exact), which shares no code with shared/compute.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { MODEL_VERSIONS } from '../../shared/audit/verify/exact/categories';
import { type NaiveMonth, naiveMonth } from '../../shared/audit/verify/exact/naive-method';
import { type Fraction, toNumber } from '../../shared/audit/verify/exact/rational';
import { readEstate } from '../support/estates/estate-tables';

/** Versions of an estate: v3.0.0 where it has tables of Scope 3. */
const VERSIONS_BEFORE_SCOPE_3 = ['v1.0.0', 'v2.0.0'] as const;

/** Rows in MTCO2e and the ledger in kg, as test/cases/golden.test.ts reads them. */
function expectedOf({ rows, ledgerKg }: NaiveMonth): string {
  const numbers = (values: Readonly<Record<string, Fraction>>, divisor: number): Record<string, number> =>
    Object.fromEntries(Object.entries(values).map(([name, kg]) => [name, toNumber(kg) / divisor]));
  const expected = {
    rows: Object.fromEntries([...rows].map(([key, kg]) => [key, numbers(kg, 1_000)])),
    ledger_kg: Object.fromEntries(
      Object.entries(ledgerKg).map(([category, kg]) => [category, numbers(kg, 1)]),
    ),
  };
  return `${JSON.stringify(expected, null, 1)}\n`;
}

const folder = join(__dirname, process.argv[2] ?? '');
const tables = readEstate(join(folder, 'inputs'));
mkdirSync(join(folder, 'expected'), { recursive: true });
for (const month of Object.keys(tables.usage)) {
  const versions = tables.fera_factors === undefined ? VERSIONS_BEFORE_SCOPE_3 : MODEL_VERSIONS;
  for (const version of versions) {
    const file = join(folder, 'expected', `${month}.${version}.json`);
    writeFileSync(file, expectedOf(naiveMonth(tables, month, version)));
  }
}

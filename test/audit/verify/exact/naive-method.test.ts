import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { BASE_CATEGORIES } from '../../../../shared/audit/verify/exact/categories';
import {
  CATEGORIES,
  type Category,
  defaultVersion,
  type Ledger,
  type ModelVersion,
  type NaiveMonth,
  naiveMonth,
} from '../../../../shared/audit/verify/exact/naive-method';
import { type Fraction, sum, toNumber } from '../../../../shared/audit/verify/exact/rational';
import { readEstate, shuffleEstate } from '../../../support/estates/estate-tables';
import { randomEstate } from '../../../support/estates/random-estate';
import { nonEmpty } from '../../../support/non-empty';

const CASE = join(__dirname, '..', '..', '..', 'cases', 'small');
const TOLERANCE = 1e-9;

type Expected = {
  /** In MTCO2e. */
  rows: Record<string, Record<Category, number>>;
  /** In kg; an entry that is absent is 0. */
  ledger_kg: Record<Category, Partial<Record<keyof Ledger, number>>>;
};

describe('the worked case', () => {
  const files = readdirSync(join(CASE, 'expected'))
    .map((file) => ({ file, ...fileParts(file) }))
    .sort((left, right) => (left.file < right.file ? -1 : 1));

  it('has at least one month of each version', () => {
    // Assess
    expect(new Set(files.map(({ version }) => version))).toEqual(new Set(['v1.0.0', 'v2.0.0']));
  });

  describe.each(files)('$month under $version', ({ file, month, version }) => {
    // Prepare
    const expected = JSON.parse(readFileSync(join(CASE, 'expected', file), 'utf8')) as Expected;

    // Act
    const result = naiveMonth(readEstate(join(CASE, 'inputs')), month, version);

    // Assess
    it('has the same rows', () => {
      expect([...result.rows.keys()]).toEqual(Object.keys(expected.rows).sort());
      for (const [key, row] of nonEmpty(Object.entries(expected.rows))) {
        for (const category of BASE_CATEGORIES) {
          const kg = result.rows.get(key)?.[category];
          expect(kg).toBeDefined();
          if (kg !== undefined) expectClose(toNumber(kg) / 1000, row[category]);
        }
      }
    });

    it('has the same ledger', () => {
      for (const category of BASE_CATEGORIES) {
        for (const [entry, kg] of nonEmpty(Object.entries(result.ledgerKg[category]))) {
          expectClose(toNumber(kg), expected.ledger_kg[category][entry as keyof Ledger] ?? 0);
        }
      }
    });
  });
});

describe('random estates', () => {
  const seeds = Array.from({ length: 30 }, (_, seed) => seed);

  it.each(seeds)('lose and invent nothing (seed %i)', (seed) => {
    // Prepare
    const tables = randomEstate(seed);
    for (const { month, version } of nonEmpty(everyRun(Object.keys(tables.usage)))) {
      // Act
      const result = naiveMonth(tables, month, version);

      // Assess
      for (const category of CATEGORIES) {
        const { in: given, ...places } = result.ledgerKg[category];
        expect(given.sub(sum(Object.values(places))).toFraction()).toBe('0');
        expect(places.exported.equals(rowTotal(result, category))).toBe(true);
        expect(nonEmpty(Object.values(places)).every((kg) => kg.s > 0n)).toBe(true);
        expect([...result.rows.values()].every((row) => row[category].s > 0n)).toBe(true);
      }
    }
  });

  it.each(seeds)('do not depend on the order of rows (seed %i)', (seed) => {
    // Prepare
    const tables = randomEstate(seed);
    const shuffled = shuffleEstate(tables, seed + 1);
    for (const month of nonEmpty(Object.keys(tables.usage))) {
      const version = defaultVersion(month);
      // Act
      const inOrder = naiveMonth(tables, month, version);
      const outOfOrder = naiveMonth(shuffled, month, version);

      // Assess
      expect(shuffled).not.toEqual(tables);
      expect(asText(outOfOrder)).toBe(asText(inOrder));
    }
  });
});

describe('the version of a month', () => {
  it.each([
    { month: '2022-01', version: 'v1.0.0' },
    { month: '2024-12', version: 'v1.0.0' },
    { month: '2025-01', version: 'v2.0.0' },
    { month: '2026-10', version: 'v2.0.0' },
  ])('is $version by default in $month', ({ month, version }) => {
    expect(defaultVersion(month)).toBe(version);
  });
});

function fileParts(file: string): { month: string; version: ModelVersion } {
  const [, month, version] = /^(\d{4}-\d{2})\.(v[12]\.0\.0)\.json$/.exec(file) ?? [];
  if (month === undefined || version === undefined) throw new Error(`${file} is not <month>.<version>.json`);
  return { month, version: version === 'v1.0.0' ? 'v1.0.0' : 'v2.0.0' };
}

function everyRun(months: readonly string[]): { month: string; version: ModelVersion }[] {
  return months.flatMap((month) => [
    { month, version: 'v1.0.0' as const },
    { month, version: 'v2.0.0' as const },
  ]);
}

function rowTotal(result: NaiveMonth, category: Category): Fraction {
  return sum([...result.rows.values()].map((row) => row[category]));
}

/** Rows and ledger in full, as exact fractions and in their order. */
function asText(result: NaiveMonth): string {
  return JSON.stringify([[...result.rows], result.ledgerKg], (_key, value: unknown) =>
    typeof value === 'bigint' ? value.toString() : value,
  );
}

function expectClose(actual: number, expected: number): void {
  expect(Math.abs(actual - expected)).toBeLessThanOrEqual(TOLERANCE * Math.abs(expected));
}

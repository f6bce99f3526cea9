import { amountColumns } from '../../shared/sql/amount-columns';
import { numberIn, withSession } from '../../shared/sql/duck-session';
import { isHeld } from '../../shared/sql/exact-doubles';
import { withAmounts, withUnits } from '../../shared/sql/exact-units';
import { driversOf } from '../../shared/usage/driver-sql';
import { hardDoubles } from '../support/hard-doubles';
import { keepDuckDb } from '../support/kept-duckdb';

beforeAll(() => keepDuckDb());

test.each([
  ['each alone', 'n'],
  ['two of very different sizes', 'n % 10000'],
  ['ten', 'n % 2000'],
])(
  'sums of doubles in units are those of their decimals, as decimals and as doubles: %s',
  async (_, group) => {
    // DuckDB's own doubles of negative long decimals are not the nearest ones. A negative sum counts as 0.
    const doubles = [
      ...hardDoubles(20_000),
      4194303.123456789,
      2251799.813685249,
      3999999.999999999,
      9007199.254740993,
    ];
    await withSession({}, async (session) => {
      const { table } = await session.load({
        columns: { n: 'INTEGER', v: 'DOUBLE' },
        rows: doubles.map((double, at) => [at, double]),
      });
      const held = `SELECT ${group} AS g, v FROM ${table} WHERE ${isHeld('v')} AND (abs(v) < 1e16 OR ${group} = n)`;
      const decimals = amountColumns('v', 'x', { type: 'DOUBLE' });
      const summed = await session.tableOf(
        `SELECT g, SUM(x_short) AS short_sum, SUM(x_long) AS long_sum FROM (SELECT g, ${decimals.join(', ')} FROM (${held}) h) a GROUP BY g`,
      );
      const counted = `SELECT g, SUM(units) AS units, bool_or(is_long) AS is_long FROM (${withUnits(held, 'v')}) u GROUP BY g`;
      const [row] = await session.rows(
        `SELECT COUNT(*) AS n, COUNT(*) FILTER (WHERE a.amount = b.amount OR a.amount < 0 AND abs(a.amount - b.amount) <= abs(a.amount) * 4e-16) AS doubles,
         COUNT(*) FILTER (WHERE coalesce(CAST(b.short_sum AS DECIMAL(38, 18)), 0) + coalesce(b.long_sum, 0) = a.long_sum) AS decimals
       FROM (${withAmounts(counted)}) a JOIN (${driversOf(summed.table)}) b ON a.g = b.g`,
      );
      expect(numberIn(row, 'n')).toBeGreaterThanOrEqual(2_000);
      expect(row?.['doubles']).toBe(row?.['n']);
      expect(row?.['decimals']).toBe(row?.['n']);
    });
  },
);

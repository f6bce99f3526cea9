import Big from 'big.js';
import { defined } from '../../shared/base/defined';
import { amountColumns, amountSteps } from '../../shared/sql/amount-columns';
import { amountSums } from '../../shared/sql/amount-sums';
import { numberIn, withSession } from '../../shared/sql/duck-session';
import { exactSum } from '../../shared/sql/exact-decimals';
import { CAST_WHOLE, WHOLE_IN_PARTS, type WholeDecimals } from '../../shared/sql/exact-doubles';
import { selectSteps } from '../../shared/sql/steps';
import { hardDoubles } from '../support/hard-doubles';
import { keepDuckDb } from '../support/kept-duckdb';

beforeAll(() => keepDuckDb());

/** Texts of the short and the long decimal, and whether it is bad, of a value of a type: in steps and in one step. */
async function amountOf(value: string, type: string): Promise<unknown> {
  return withSession({}, async (session) => {
    const from = `(SELECT CAST('${value}' AS ${type}) AS v) a`;
    const inSteps = selectSteps(amountSteps('v', 'n', { type }), from);
    const inOne = selectSteps({ ofLine: amountColumns('v', 'n', { type }) }, from);
    const [first, second] = await session.rows(
      [inSteps, inOne]
        .map(
          (sql) =>
            `SELECT n AS text, CAST(n_short AS VARCHAR) AS short, CAST(n_long AS VARCHAR) AS long, n_bad AS bad FROM (${sql}) b`,
        )
        .join(' UNION ALL '),
    );
    expect(first).toEqual(second);
    return [first?.['short'], first?.['long'], first?.['bad']];
  });
}

test.each([
  ['0.1', 'DOUBLE', '0.100000000'],
  ['4194303.999999999', 'DOUBLE', '4194303.999999999'],
  ['-0.000000001', 'DOUBLE', '-0.000000001'],
  ['987654321', 'DOUBLE', '987654321.000000000'],
  ['-987654321', 'BIGINT', '-987654321.000000000'],
  ['12.5', 'DECIMAL(10,2)', '12.500000000'],
  ['12.5', 'VARCHAR', '12.500000000'],
  ['0.1', 'FLOAT', '0.100000000'],
])('%s as %s is the short decimal %s', async (value, type, short) => {
  expect(await amountOf(value, type)).toEqual([short, null, false]);
});

test.each([
  // A decimal of up to 15 digits that reads as the double.
  ['1e-10', 'DOUBLE', '0.000000000100000000'],
  ['0.1234567891', 'DOUBLE', '0.123456789100000000'],
  ['12345.1234567891', 'DOUBLE', '12345.123456789100000000'],
  ['-12345678.25', 'DOUBLE', '-12345678.250000000000000000'],
  ['1.23456789012345', 'DOUBLE', '1.234567890123450000'],
  ['12345678901234', 'DOUBLE', '12345678901234.000000000000000000'],
  // Doubles of 16 and more digits: the product with 10^18.
  ['0.12345678901234567', 'DOUBLE', '0.123456789012345664'],
  ['4194304.123456789', 'DOUBLE', '4194304.123456789445345280'],
  ['123456789.123456789', 'DOUBLE', '123456789.123456791337762816'],
  // From 2^51 on all digits.
  ['12345678901234567', 'DOUBLE', '12345678901234568.000000000000000000'],
  ['-2251799813685248.5', 'DOUBLE', '-2251799813685248.500000000000000000'],
  ['99999999999999983616', 'DOUBLE', '99999999999999983616.000000000000000000'],
  ['0.1234567891', 'DECIMAL(20,10)', '0.123456789100000000'],
  ['0.1234567891', 'DECIMAL(38,30)', '0.123456789100000000'],
  ['0.1234567891', 'VARCHAR', '0.123456789100000000'],
  ['0.1234567890123456789', 'VARCHAR', '0.123456789012345679'],
  ['1234567890.25', 'VARCHAR', '1234567890.250000000000000000'],
  ['1.5e-12', 'VARCHAR', '0.000000000001500000'],
  // The least whole numbers have no absolute value of their type.
  ['-2147483648', 'INTEGER', '-2147483648.000000000000000000'],
  ['-9223372036854775808', 'BIGINT', '-9223372036854775808.000000000000000000'],
])('%s as %s is the long decimal %s', async (value, type, long) => {
  expect(await amountOf(value, type)).toEqual([null, long, false]);
});

test('decimals of up to 15 digits are the same as doubles and as texts; other doubles are right to 2^-53', async () => {
  const doubles = hardDoubles(20_000);
  const found = await decimalsOf(doubles, CAST_WHOLE);
  expect(found).toHaveLength(doubles.length);
  expect(await decimalsOf(doubles, WHOLE_IN_PARTS)).toEqual(found);
  let few = 0;
  for (const [index, double] of doubles.entries()) {
    const decimal = found[index];
    const digits = new Big(double.toPrecision(15));
    const isFew = Math.abs(double) < 2 ** 51 && Number(digits) === double && digits.round(18).eq(digits);
    if (decimal === undefined) {
      expect(Math.abs(double)).toBeGreaterThanOrEqual(1e20);
    } else if (isFew) {
      few += 1;
      expect(decimal).toBe(digits.toFixed(18));
    } else {
      const wrong = new Big(decimal).minus(exactly(double)).abs();
      // Half a unit of the last place, beside the rounding of the product.
      expect(
        wrong.lte(
          exactly(double)
            .abs()
            .times(2 ** -53)
            .plus('0.5e-18'),
        ),
      ).toBe(true);
    }
  }
  expect(few).toBeGreaterThan(5_000);
});

test('a sum of doubles is the sum of their decimals, and counts those that are not 0', async () => {
  const doubles = hardDoubles(20_000);
  await withSession({}, async (session) => {
    const values = await session.load({
      columns: { n: 'INTEGER', v: 'DOUBLE' },
      rows: doubles.map((double, at) => [at, double]),
    });
    const single = amountColumns('v', 'n', { type: 'DOUBLE' }).join(', ');
    for (const [dialect, areLarge] of [
      [CAST_WHOLE, false],
      [CAST_WHOLE, true],
      [WHOLE_IN_PARTS, false],
    ] as const) {
      const { ofLine, steps, sums, others } = amountSums('v', 'n', { type: 'DOUBLE', dialect, areLarge });
      expect(others === undefined).toBe(areLarge);
      // Each number of lines: one, and two of very different sizes.
      for (const group of ['n', `n % ${String(Math.ceil(doubles.length / 2))}`]) {
        const lines = selectSteps(
          { ofLine: [`${group} AS g`, ...ofLine], ...defined({ steps }) },
          values.table,
        );
        const summed = `SELECT g, SUM(n_units) AS n_units, SUM(n_short) AS n_short, SUM(n_long) AS n_long, bool_or(n_bad) AS n_bad, SUM(n_lines) AS n_lines
          FROM (SELECT g, ${sums.join(', ')} FROM (${lines}) a GROUP BY g
            ${others === undefined ? '' : `UNION ALL BY NAME SELECT g, ${others.sums.join(', ')} FROM (${lines}) a WHERE NOT (${others.isPlain}) GROUP BY g`}) both_sums
          GROUP BY g`;
        const added = `SELECT g, SUM(n_short) AS n_short, SUM(n_long) AS n_long, bool_or(n_bad) AS n_bad,
          SUM(CASE WHEN n_short <> 0 OR n_long <> 0 THEN 1 ELSE 0 END) AS n_lines
          FROM (SELECT ${group} AS g, ${single} FROM ${values.table}) a GROUP BY g`;
        const [row] = await session.rows(
          `SELECT COUNT(*) AS sums, COUNT(*) FILTER (WHERE s.n_bad = a.n_bad AND s.n_lines = a.n_lines
             AND ${exactSum('s.n_short', 's.n_long')} + coalesce(CAST(s.n_units AS DECIMAL(38, 0)) * CAST(0.000000000000000001 AS DECIMAL(18, 18)), 0) = ${exactSum('a.n_short', 'a.n_long')}) AS equal
           FROM (${summed}) s JOIN (${added}) a ON a.g = s.g`,
        );
        expect(numberIn(row, 'sums')).toBeGreaterThan(10_000);
        expect(row?.['equal']).toBe(row?.['sums']);
      }
    }
  });
});

/** The decimals of doubles as texts; undefined for those that are invalid. */
async function decimalsOf(
  doubles: readonly number[],
  dialect: WholeDecimals,
): Promise<(string | undefined)[]> {
  return withSession({}, async (session) => {
    const values = await session.load({
      columns: { n: 'INTEGER', v: 'DOUBLE' },
      rows: doubles.map((double, at) => [at, double]),
    });
    const rows = await session.rows(
      `SELECT CAST(CAST(coalesce(n_short, n_long) AS DECIMAL(38, 18)) AS VARCHAR) AS decimal, n_bad AS bad
       FROM (SELECT n, ${amountColumns('v', 'n', { type: 'DOUBLE', dialect }).join(', ')} FROM ${values.table}) a ORDER BY n`,
    );
    return rows.map(({ decimal, bad }) => {
      expect(bad).toBe(decimal === null);
      return typeof decimal === 'string' ? decimal : undefined;
    });
  });
}

/** All digits of a double. */
function exactly(double: number): Big {
  let power = 0;
  let whole = double;
  for (; !Number.isInteger(whole); power += 1) whole *= 2;
  const fiveToPower = new Big(String(5n ** BigInt(power)));
  return new Big(String(BigInt(whole))).times(fiveToPower).times(new Big(`1e-${String(power)}`));
}

test.each(['DOUBLE', 'FLOAT', 'BIGINT', 'DECIMAL(20,10)', 'VARCHAR'])(
  'decimals of a file without rows, of %s, have their types',
  async (type) => {
    const columns = amountColumns(`CAST(NULL AS ${type})`, 'n', { type });
    const types = await withSession({}, async (session) => {
      const sums = `SELECT SUM(n_short) AS short, SUM(n_long) AS long FROM (SELECT ${columns.join(', ')} WHERE false) a`;
      return (await session.tableOf(sums)).columns;
    });
    expect(types).toEqual({ short: 'DECIMAL(38,9)', long: 'DECIMAL(38,18)' });
  },
);

test.each(['nan', 'inf', '1e20', '1e300'])('%s is not an amount', async (value) => {
  expect(await amountOf(value, 'DOUBLE')).toEqual([null, null, true]);
});

test('a missing value is neither an amount nor a problem', async () => {
  expect(await amountOf('', 'VARCHAR')).toEqual([null, null, false]);
});

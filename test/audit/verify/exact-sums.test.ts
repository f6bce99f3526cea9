import { exactDouble, Fraction, sum } from '../../../shared/audit/verify/exact/rational';
import { exactSumOf } from '../../../shared/audit/verify/exact-sums';
import { withSession } from '../../../shared/sql/duck-session';
import { keepDuckDb } from '../../support/kept-duckdb';

beforeAll(() => keepDuckDb());

const DOUBLES = [
  ...[0.1, 0.2, -0.3, 1e300, -1e300, 5e-324, 2 ** -1022, 2 ** 52 + 0.5, 1, 3, 1 / 3, 0, 4, 8, 1e-9],
  ...Array.from({ length: 200 }, (_, n) => Math.sin(n) * 10 ** (n % 40)),
];

test('the sum of doubles is exact; what is not finite is left out', async () => {
  const total = await withSession({}, async (session) => {
    const rows = [...DOUBLES, Infinity, NaN].map((value) => [value] as const);
    const { table } = await session.load({ columns: { value: 'DOUBLE' }, rows });
    return exactSumOf(session, { sql: `SELECT value FROM ${table}`, parameters: [] }, 'value');
  });
  expect(total.equals(sum(DOUBLES.map(exactDouble)))).toBe(true);
});

test('the sum of nothing is 0', async () => {
  const total = await withSession({}, (session) =>
    exactSumOf(session, { sql: 'SELECT CAST(1 AS DOUBLE) AS value WHERE false', parameters: [] }, 'value'),
  );
  expect(total.equals(new Fraction(0))).toBe(true);
});

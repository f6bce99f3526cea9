import { amountColumns } from '../../shared/sql/amount-columns';
import { withSession } from '../../shared/sql/duck-session';

/** Texts of the short and the long decimal, and whether it is bad, of a value of a type. */
async function amountOf(value: string, type: string): Promise<unknown> {
  return withSession({}, async (session) => {
    const columns = amountColumns('v', 'n', type).join(', ');
    const [row] = await session.rows(
      `SELECT CAST(n_short AS VARCHAR) AS short, CAST(n_long AS VARCHAR) AS long, n_bad AS bad
       FROM (SELECT ${columns} FROM (SELECT CAST('${value}' AS ${type}) AS v))`,
    );
    return [row?.['short'], row?.['long'], row?.['bad']];
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
])('%s as %s is the short decimal %s', async (value, type, short) => {
  expect(await amountOf(value, type)).toEqual([short, null, false]);
});

test.each([
  // Of doubles from 2^22 on several decimals are equally near: the shortest text decides.
  ['4194304.123456789', 'DOUBLE', '4194304.123456789000000000'],
  ['123456789.123456789', 'DOUBLE', '123456789.123456790000000000'],
  ['1e-10', 'DOUBLE', '0.000000000100000000'],
  ['12345678901234', 'DOUBLE', '12345678901234.000000000000000000'],
  ['0.1', 'FLOAT', '0.100000000000000000'],
  // The least whole numbers have no absolute value of their type.
  ['-2147483648', 'INTEGER', '-2147483648.000000000000000000'],
  ['-9223372036854775808', 'BIGINT', '-9223372036854775808.000000000000000000'],
])('%s as %s is the long decimal %s', async (value, type, long) => {
  expect(await amountOf(value, type)).toEqual([null, long, false]);
});

test.each(['nan', 'inf', '1e300'])('%s is not an amount', async (value) => {
  expect(await amountOf(value, 'DOUBLE')).toEqual([null, null, true]);
});

test('a missing value is neither an amount nor a problem', async () => {
  expect(await amountOf('', 'VARCHAR')).toEqual([null, null, false]);
});

import {
  asDouble,
  EXACT_MACRO,
  exactIn,
  exactSteps,
  exactSum,
  exactTexts,
} from '../../../shared/audit/verify/exact-amounts';
import { decimal, type Fraction, sum, toNumber } from '../../../shared/audit/verify/exact/rational';
import { withSession } from '../../../shared/sql/duck-session';
import { selectSteps } from '../../../shared/sql/steps';
import { keepDuckDb } from '../../support/kept-duckdb';

beforeAll(() => keepDuckDb());

const TEXTS = [
  ...['0', '-0', '', '5.', '.5', '+1e-3', '-1.5e2', '1E5', '9.9999999999', '12.345e-2', '1e-40', '-1e-40'],
  ...['123456789012345678901234567', '1.23456789012345678e-5', '-.00000000000000000000000001', '1e20'],
];

/** The sum of the texts as the engine has it, exactly and as a double. */
function summed(texts: readonly string[]): Promise<{ exact: Fraction; double: unknown }> {
  return withSession({}, async (session) => {
    await session.run(EXACT_MACRO);
    await session.run('CREATE TEMP TABLE number (text VARCHAR)');
    for (const text of texts) await session.run('INSERT INTO number VALUES ($1)', [text]);
    const amounts = selectSteps({ ofLine: ['text'], steps: exactSteps('text', 'a') }, 'number');
    const [row] = await session.rows(
      `SELECT ${exactTexts('a')}, double FROM (
         SELECT *, ${asDouble('a')} AS double FROM (SELECT ${exactSum('a')} FROM (${amounts}) n) s) t`,
    );
    if (row === undefined) throw new Error('no sum');
    return { exact: exactIn(row, 'a'), double: row['double'] };
  });
}

test.each(TEXTS)('"%s" is read exactly', async (text) => {
  const { exact } = await summed([text]);
  expect(exact.toFraction()).toBe(decimal(text).toFraction());
});

test('sums are exact, also across the limit of the low column', async () => {
  const texts = [
    ...TEXTS,
    ...Array.from({ length: 50 }, (_, n) => `-${String(n)}.99999999999999999999999e-7`),
  ];
  const { exact, double } = await summed(texts);
  const expected = sum(texts.map(decimal));
  expect(exact.equals(expected)).toBe(true);
  expect(double).toBeCloseTo(toNumber(expected), -12);
});

test.each(['1_000', '1/3', 'abc', '.', 'e5', 'NaN', '--1'])('"%s" is refused', async (text) => {
  await expect(summed([text])).rejects.toThrow(`"${text}" is not a decimal number`);
});

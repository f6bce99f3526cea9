import { type Figure, FIGURES } from '../../shared/exports/emissions';
import { figureForms, reportCube } from '../../shared/report/report-cube';
import type { ReportCube } from '../../shared/report/report-data';
import type { RowDimension } from '../../shared/report/report-members';
import { type DuckSession, withSession } from '../../shared/sql/duck-session';

const TON = '1000000000000000000';

/** Rows in period 1 of 3, each with an amount of Scope 1 and the same of Scope 2. */
async function cubeOf(
  amounts: readonly (readonly [account: number, service: number, amount: string])[],
  request: {
    readonly dimensions: readonly [RowDimension, ...RowDimension[]];
    readonly budget: number;
    readonly covered?: ReadonlySet<number>;
  },
): Promise<ReportCube> {
  return withSession({}, async (session: DuckSession) => {
    const values = amounts.map(
      ([account, service, amount]) => `(${String(account)}, ${String(service)}, CAST(${amount} AS HUGEINT))`,
    );
    const amountOf: Readonly<Partial<Record<Figure, string>>> = {
      ...{ total_lbm: '2 * amount', total_mbm: '2 * amount' },
      ...{ scope_1: 'amount', scope_2_lbm: 'amount', scope_2_mbm: 'amount' },
    };
    const figures = FIGURES.map((figure) => `CAST(${amountOf[figure] ?? '0'} AS HUGEINT) AS ${figure}`);
    const rows = await session.tableOf(
      `SELECT 1 AS period, account, 0 AS region, service, 0 AS value, ${figures.join(', ')} FROM (VALUES ${values.join(', ')}) t(account, service, amount)`,
    );
    return reportCube(session, rows, await figureForms(session, rows), { ...request, periods: 3, digits: 5 });
  });
}

test('no number is stored twice: totals are sums of their scopes, and scopes without emissions are zero', async () => {
  const cube = await cubeOf([[0, 0, TON]], { dimensions: ['account'], budget: 100 });
  expect(cube.figures).toEqual({
    total_lbm: 'sum',
    total_mbm: 'sum',
    scope_1: [0, 1e6, 0],
    ...{ scope_2_lbm: [0, 1e6, 0], scope_2_mbm: [0, 1e6, 0], scope_3_lbm: 'zero', scope_3_mbm: 'zero' },
  });
});

test('a period that a breakdown does not cover is unknown, not 0', async () => {
  const cube = await cubeOf([[0, 0, TON]], { dimensions: ['value'], budget: 100, covered: new Set([1, 2]) });
  expect(cube.figures.scope_1).toEqual([null, 1e6, 0]);
});

/** Four combinations of 5, 3, 2 and 1 MTCO2e. */
const MANY = [
  [0, 0, TON.replace('1', '5')],
  [0, 1, TON.replace('1', '3')],
  [1, 0, TON.replace('1', '2')],
  [1, 1, TON],
] as const;

test('beyond the budget a cube has totals only', async () => {
  const dimensions = ['account', 'region', 'service'] as const;
  expect(Object.keys((await cubeOf(MANY, { dimensions, budget: 100 })).figures)).toHaveLength(7);
  const small = await cubeOf(MANY, { dimensions, budget: 4 * 3 * 3 - 1 });
  expect(Object.keys(small.figures)).toEqual(['total_lbm', 'total_mbm']);
});

test('beyond the budget of totals the smallest combinations are folded, and nothing is lost', async () => {
  // Room for three combinations, of which two are the folded ones of the two accounts.
  const cube = await cubeOf(MANY, { dimensions: ['account', 'region', 'service'], budget: 3 * 3 * 2 });
  expect(cube.folded).toBe(3);
  expect(cube.members).toEqual([
    [0, 0, 1],
    [-1, 0, -1],
    [-1, 0, -1],
  ]);
  expect(cube.figures.total_mbm).toEqual([0, 6e6, 0, 0, 10e6, 0, 0, 6e6, 0]);
});

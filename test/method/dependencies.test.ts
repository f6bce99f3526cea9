import { solve } from '../../shared/audit/verify/exact/linear-system';
import { decimal, type Fraction, ONE, sum, toNumber, ZERO } from '../../shared/audit/verify/exact/rational';
import { dependencyGraph, solveDependencies, usesByProvider } from '../../shared/method/dependencies';
import type { ServiceUse } from '../../shared/method/month-estate';
import { nonEmpty } from '../support/non-empty';

/** A row `provider consumer share`, in every cluster unless one is named. */
function uses(...rows: readonly string[]): ServiceUse[] {
  return rows.map((row) => {
    const [providerCode = '', consumerCode = '', shareText = '', clusterId = '*'] = row.split(' ');
    return { clusterId, providerCode, consumerCode, shareText, share: Number(shareText) };
  });
}

/** What is left for accounts of each service, per cluster c. */
function leftOf(rows: readonly string[], direct: Readonly<Record<string, number>>): Record<string, number> {
  const flow = solveDependencies(
    dependencyGraph('c', usesByProvider(uses(...rows))),
    new Map(Object.entries(direct)),
  );
  return Object.fromEntries(flow.left);
}

/** The same by elimination over exact fractions. */
function exactLeft(
  rows: readonly string[],
  direct: Readonly<Record<string, number>>,
): Record<string, Fraction> {
  const list = uses(...rows);
  const codes = [
    ...new Set([...Object.keys(direct), ...list.flatMap((u) => [u.providerCode, u.consumerCode])]),
  ];
  const share = (provider: string, consumer: string): Fraction =>
    sum(
      list
        .filter((use) => use.providerCode === provider && use.consumerCode === consumer)
        .map((use) => decimal(use.shareText)),
    );
  const matrix = codes.map((row) =>
    codes.map((column) => (row === column ? ONE : ZERO).sub(share(column, row))),
  );
  const x = solve(
    matrix,
    codes.map((code) => decimal(String(direct[code] ?? 0))),
  );
  if (x === undefined) throw new Error('singular');
  return Object.fromEntries(
    codes.map((code, at) => {
      const passedOn = sum(codes.map((consumer) => share(code, consumer)));
      return [code, (x[at] ?? ZERO).mul(ONE.sub(passedOn))];
    }),
  );
}

describe('what is left for accounts', () => {
  test.each([
    {
      what: 'without dependencies is what was direct',
      rows: [],
      direct: { A: 3, B: 4 },
      left: { A: 3, B: 4 },
    },
    {
      what: 'of a provider is what it did not pass on',
      rows: ['A B 0.25'],
      direct: { A: 4, B: 1 },
      left: { A: 3, B: 2 },
    },
    {
      what: 'of a chain passes through all',
      rows: ['A B 1', 'B C 1'],
      direct: { A: 8 },
      left: { A: 0, B: 0, C: 8 },
    },
    {
      what: 'of a service without racks is what passes through it',
      rows: ['A B 0.5'],
      direct: { A: 2 },
      left: { A: 1, B: 1 },
    },
    {
      what: 'of two services that use each other',
      rows: ['A B 0.5', 'B A 0.5'],
      direct: { A: 3 },
      left: { A: 2, B: 1 },
    },
    {
      what: 'of a service that uses itself is all of it',
      rows: ['A A 0.9'],
      direct: { A: 5 },
      left: { A: 5 },
    },
    {
      what: 'of a wholly consumed service is exactly 0',
      rows: ['A B 0.1', 'A C 0.2', 'A D 0.7'],
      direct: { A: 1 },
      left: { A: 0, B: 0.1, C: 0.2, D: 0.7 },
    },
  ])('$what', ({ rows, direct, left }) => {
    const result = leftOf(rows, direct);
    expect(Object.keys(result).sort()).toEqual(Object.keys(left).sort());
    for (const [code, value] of nonEmpty(Object.entries(left))) expect(result[code]).toBeCloseTo(value, 14);
    expect(result['A'] === 0).toBe(left.A === 0);
  });

  test('takes the rows of the cluster for a provider that has some, and those for * for the others', () => {
    const rows = uses('A B 0.5', 'A B 0.25 c', 'B C 0.5', 'A B 0.9 d');
    const flow = solveDependencies(
      dependencyGraph('c', usesByProvider(rows)),
      new Map([
        ['A', 4],
        ['B', 3],
      ]),
    );
    expect(Object.fromEntries(flow.left)).toEqual({ A: 3, B: 2, C: 2 });
  });

  test.each([
    { rows: ['A B 0.5', 'B A 0.9999999999'], direct: { A: 1, B: 2 } },
    { rows: ['A B 0.9999999999', 'B A 0.9999999999'], direct: { A: 1, B: 2 } },
    { rows: ['A B 1', 'B A 0.9999999999'], direct: { A: 1 } },
    { rows: ['A B 1', 'B C 1', 'C A 0.9999999999'], direct: { A: 1, C: 7 } },
    { rows: ['A A 0.999999999', 'A B 0.0000000005', 'B A 1'], direct: { A: 3, B: 1e-9 } },
    {
      rows: ['A B 0.3', 'A C 0.3', 'B C 0.6', 'C A 0.4', 'C B 0.4', 'B B 0.1'],
      direct: { A: 1, B: 10, C: 100 },
    },
    { rows: ['A B 0.000000000001', 'B A 0.999999999999'], direct: { A: 1e-6, B: 1e6 } },
  ])('of $rows is right to 1e-12 against exact fractions, however close to singular', ({ rows, direct }) => {
    // Act
    const result = leftOf(rows, direct);
    const exact = exactLeft(rows, direct);
    // Assess
    for (const [code, value] of nonEmpty(Object.entries(exact))) {
      const expected = toNumber(value);
      expect(Math.abs((result[code] ?? 0) - expected)).toBeLessThanOrEqual(Math.abs(expected) * 1e-12);
      expect(result[code] ?? 0).toBeGreaterThanOrEqual(0);
    }
    const total = Object.values(direct).reduce((all, value) => all + value, 0);
    const left = Object.values(result).reduce((all, value) => all + value, 0);
    expect(Math.abs(left - total)).toBeLessThanOrEqual(total * 1e-12);
  });

  test('does not depend on the order of rows, to the last bit', () => {
    const rows = ['A B 0.3', 'A C 0.3', 'B C 0.6', 'C A 0.4', 'C B 0.4'];
    const direct = { A: 0.1, B: 0.2, C: 0.3 };
    const sorted = (list: readonly string[]): ServiceUse[] =>
      uses(...list).sort((a, b) =>
        a.providerCode + a.consumerCode < b.providerCode + b.consumerCode ? -1 : 1,
      );
    const flow = (list: readonly string[]): unknown =>
      solveDependencies(dependencyGraph('c', usesByProvider(sorted(list))), new Map(Object.entries(direct)))
        .left;
    expect(flow([...rows].reverse())).toEqual(flow(rows));
  });
});

describe('services that only ever use each other', () => {
  test.each([
    { rows: ['A A 1'], cause: 'A only ever uses itself' },
    { rows: ['A B 1', 'B A 1'], cause: 'A, B only ever use each other' },
    { rows: ['A B 0.5', 'A C 0.5', 'B C 1', 'C A 1'], cause: 'A, B, C only ever use each other' },
    { rows: ['B B 0.5', 'B A 0.5', 'A B 1', 'D A 1', 'E F 0.5'], cause: 'A, B, D only ever use each other' },
  ])('$rows are named', ({ rows, cause }) => {
    expect(() => dependencyGraph('c', usesByProvider(uses(...rows)))).toThrow(
      `service_use of cluster c: ${cause}, so nothing of their emissions is left for accounts`,
    );
  });

  test('are no error where one of them sells something, however little', () => {
    expect(() =>
      dependencyGraph('c', usesByProvider(uses('A B 1', 'B A 0.999999999999999999'))),
    ).not.toThrow();
  });

  test('are an error in the cluster that has them alone', () => {
    const rows = uses('A B 0.5', 'A A 1 c');
    expect(() => dependencyGraph('c', usesByProvider(rows))).toThrow('A only ever uses itself');
    expect(() => dependencyGraph('d', usesByProvider(rows))).not.toThrow();
  });
});

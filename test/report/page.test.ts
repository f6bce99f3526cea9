import { splitChange, total } from '../../report/causes';
import { csvOf } from '../../report/csv';
import { change, mass, share, shortNumber } from '../../report/format';
import { addedPeriods, defaultVersion, isBelow, over, shownMonths, sums } from '../../report/model';
import { BLANK, hashOf, type State, stateOf } from '../../report/state';
import { massUnit, numberText } from '../../shared/base/people-number';
import type { ReportData } from '../../shared/report/report-data';

describe('masses', () => {
  test.each([
    [402.1349, '402.1 t CO2e'],
    [0.0123456, '12.35 kg CO2e'],
    [0, '0 t CO2e'],
    [-5.5, '-5.500 t CO2e'],
  ])('%p MTCO2e is shown as %s', (value, text) => {
    expect(mass(value)).toBe(text);
  });

  test('unknown is not 0', () => {
    expect(mass(null)).toBe('unknown');
  });

  test('a chart has one unit', () => {
    expect(mass(0.0001, massUnit([0.0001, 3]))).toBe('0.0001000 t CO2e');
    expect(change(0.0001, massUnit([0.0001, 0.003]))).toBe('+0.1000 kg CO2e');
  });

  test('other numbers have the digits that matter', () => {
    expect([change(1.5), change(-1.5)]).toEqual(['+1.500 t CO2e', '-1.500 t CO2e']);
    expect([share(1, 3), share(1, 0), numberText(1234.5), numberText(5), numberText(0.5)]).toEqual([
      ...['33 %', '0 %', '1,235', '5', '0.5000'],
    ]);
    expect([shortNumber(0.5), shortNumber(12_500)]).toEqual(['0.5', '12,500']);
  });
});

describe('causes of a change', () => {
  test('leave no remainder', () => {
    const [before, after] = [
      { region: 100, service: 40, own: 10 },
      { region: 120, service: 36, own: 12 },
    ];
    const causes = splitChange(before, after);
    expect(causes.factor).toBeGreaterThan(0);
    expect(causes.dependency).toBeLessThan(0);
    expect(total({ ...causes, method: 0, unsplit: 0 })).toBeCloseTo(2, 12);
  });

  test('a Region that grows as a whole is the only cause', () => {
    const { usage, factor, dependency } = splitChange(
      { region: 100, service: 40, own: 10 },
      { region: 110, service: 44, own: 11 },
    );
    expect(factor).toBeCloseTo(1, 12);
    expect([usage, dependency].map(Math.abs).every((value) => value < 1e-12)).toBe(true);
  });

  test.each([
    ['starts', 0, 5],
    ['stops', 5, 0],
  ])('what %s is usage', (_, own, later) => {
    const causes = splitChange({ region: 100, service: 40, own }, { region: 90, service: 50, own: later });
    expect(causes).toEqual({ usage: later - own, factor: 0, dependency: 0 });
  });
});

const STATE: State = {
  ...{ method: 'mbm', version: 'v2.0.0', stack: 'scope', from: '2025-01', to: '2025-12' },
  ...{ account: '', ou: '', region: '', service: '', by: '', value: '', fiscal: 1 },
  ...{ group: 'ou', against: 'month', movers: 'account' },
};

describe('the address', () => {
  test('holds what differs from the defaults, and leads back to the same state', () => {
    const state: State = {
      ...STATE,
      method: 'lbm',
      region: BLANK,
      value: 'a=b&c #d',
      by: 'tag:team',
      fiscal: 4,
    };
    const hash = hashOf(state, STATE);
    expect(hash).not.toContain('version');
    expect(stateOf(`#${hash}`, STATE)).toEqual(state);
    expect(hashOf(STATE, STATE)).toBe('');
  });

  test('that is wrong has the defaults', () => {
    expect(stateOf('#method=x&stack=y&fiscal=13&movers=z', STATE)).toEqual(STATE);
  });
});

test('a CSV has no cell that a spreadsheet runs, and quotes what needs quotes', () => {
  expect(
    csvOf([
      ['=1+1', '@x', 'a,"b"'],
      [1.5, null, -2],
    ]),
  ).toBe(`'=1+1,'@x,"a,""b"""\r\n1.5,,-2\r\n`);
});

test('an OU is below another only at a slash', () => {
  expect([isBelow('A/B', 'A'), isBelow('AB', 'A'), isBelow('A', ''), isBelow('A', 'A')]).toEqual([
    true,
    false,
    true,
    true,
  ]);
});

test('the values of one breakdown are never those of another', () => {
  const cube = { dimensions: ['value'], members: [[0]], figures: { total_mbm: [1e6] }, folded: 0 };
  const breakdowns = ['tag:a', 'tag:b'].map((by) => ({ by, values: ['x'], cube }));
  const data = { periods: [{}], breakdowns } as unknown as ReportData;
  const filter = { value: new Set([0]), by: 'tag:a' };
  const of = (breakdown: string): unknown =>
    sums(data, { filter, figure: 'total_mbm', by: 'value', breakdown })?.get(0);
  expect(of('tag:a')).toEqual([1]);
  expect(of('tag:b')).toBeUndefined();
});

describe('versions', () => {
  const period = (month: string, version: string): unknown => ({ month, version });
  const dataOf = (...periods: readonly unknown[]): ReportData => ({ periods }) as unknown as ReportData;

  test('the newest version that covers all months is the default, else the newest of each month', () => {
    expect(defaultVersion(dataOf(period('2025-01', 'v1.0.0'), period('2025-01', 'v2.0.0')))).toBe('v2.0.0');
    expect(defaultVersion(dataOf(period('2024-12', 'v1.0.0'), period('2025-01', 'v2.0.0')))).toBe('each');
  });

  test('a month is shown in one version, a missing month is a gap, and v10 is newer than v9', () => {
    const data = dataOf(
      period('2024-12', 'v9.0.0'),
      period('2024-12', 'v10.0.0'),
      period('2025-02', 'v10.0.0'),
    );
    expect(shownMonths(data, 'each')).toEqual([
      { month: '2024-12', period: 1 },
      { month: '2025-01', period: undefined },
      { month: '2025-02', period: 2 },
    ]);
  });

  test('months of two versions are not added', () => {
    const data = dataOf(
      period('2024-12', 'v1.0.0'),
      period('2025-01', 'v2.0.0'),
      period('2025-02', 'v2.0.0'),
    );
    const added = addedPeriods(data, shownMonths(data, 'each'), { from: '2024-12', to: '2025-02' });
    expect(added).toEqual({ version: 'v2.0.0', periods: [1, 2], months: ['2025-01', '2025-02'], leftOut: 1 });
    expect(over([1, 2, 3], added.periods)).toBe(5);
    expect(over([1, null, 3], added.periods)).toBeNull();
  });
});

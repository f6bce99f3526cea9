import fc from 'fast-check';
import { addMonths, asMonth, endOf, startOf } from '../../../shared/base/month';
import { DuckSession, numberIn } from '../../../shared/sql/duck-session';
import { partInMonth, seconds } from '../../../shared/usage/bills/charge-period';
import { billCsv, estateWithoutUsage, focusRow, runBills, sharesOf, warningsOf } from '../../support/bills';
import { nonEmpty } from '../../support/non-empty';
import { runEstate, statusesOf } from '../../support/run-command';
import { scratch } from '../../support/scratch';

const ONE = '000000000001';
const TWO = '000000000002';
const folder = scratch();
const bill = (month: string): string => `focus/usage_period=${month}/bill.csv`;

describe('the part of a charge that is in a month', () => {
  let session: DuckSession;
  beforeAll(async () => {
    session = await DuckSession.open();
  });
  afterAll(async () => {
    await session.close();
  });

  type Period = readonly [start: string | null, end: string | null];

  const partsOf = async (periods: readonly Period[], month: string): Promise<(number | null)[]> => {
    const text = (value: string | null): string => (value === null ? 'CAST(NULL AS VARCHAR)' : `'${value}'`);
    const rows = periods.map(([start, end], index) => `(${String(index)}, ${text(start)}, ${text(end)})`);
    const part = partInMonth({ startText: 's', endText: 'e', start: 'a', end: 'b' }, asMonth(month));
    const found = await session.rows(
      `SELECT CAST(${part} AS DOUBLE) AS part
       FROM (SELECT *, ${seconds('s')} AS a, ${seconds('e')} AS b FROM (VALUES ${rows.join()}) t(i, s, e)) ORDER BY i`,
    );
    return found.map((row) => (row['part'] === null ? null : numberIn(row, 'part')));
  };

  test.each([
    ['2025-01-10 00:00:00', '2025-01-10 01:00:00', 1],
    ['2025-01-31 00:00:00', '2025-02-01 00:00:00', 1],
    ['2025-01-31 00:00:00', '2025-02-02 00:00:00', 0.5],
    ['2024-12-31 00:00:00', '2025-01-04 00:00:00', 0.75],
    ['2024-12-31T22:00:00Z', '2025-01-01T02:00:00Z', 0.5],
    ['2024-12-31 23:30:00-01:00', '2025-01-01 00:30:00-01:00', 1],
    ['2025-02-01T05:00:00+05:30', '2025-02-01T06:00:00+05:30', 0.5],
    ['2025-01-31', '2025-02-02', 0.5],
    ['2025-01-10', null, 1],
    ['2025-02-01 00:00:00', null, 0],
    ['2025-01-10 00:00:00', '2025-01-10 00:00:00', 1],
    ['2024-12-01 00:00:00', '2025-03-01 00:00:00', 31 / 90],
    [null, null, 1],
    ['soon', null, null],
    ['', null, null],
    ['2025-01-40 00:00:00', null, null],
    ['2025-01-10 00:00:00', 'later', null],
    ['2025-02-29 00:00:00', null, null],
    ['2025-01-10 24:00:00', null, null],
    ['2025-01-10 10:60:00', null, null],
    ['infinity', null, null],
    ['now', null, null],
    ['epoch', null, null],
    ['2025-01-10 00:00:00', 'infinity', null],
    ['2025-01-10 00:00:00', '2026-01-12 00:00:00', null],
    ['2025-01-01 00:00:00', '2026-01-01 00:00:00', 31 / 365],
  ])('%s to %s: %s of January 2025', async (start, end, part) => {
    expect(await partsOf([[start, end]], '2025-01')).toEqual([part]);
  });

  test('does not depend on the zone of its times, and the parts of all months add up to the whole', async () => {
    const hour = 3_600_000;
    const base = Date.UTC(2024, 10, 1);
    const written = (instant: number, offset: number): string => {
      const local = new Date(instant + offset * hour).toISOString().slice(0, 19);
      const sign = offset < 0 ? '-' : '+';
      return offset === 0 ? `${local}Z` : `${local}${sign}${String(Math.abs(offset)).padStart(2, '0')}:00`;
    };
    const charge = fc
      .record({
        startHour: fc.integer({ min: 0, max: 24 * 80 }),
        hours: fc.integer({ min: 1, max: 24 * 40 }),
        offset: fc.integer({ min: -11, max: 12 }),
      })
      .map(({ startHour, hours, offset }) => {
        const start = base + startHour * hour;
        return { start, end: start + hours * hour, offset };
      });
    const charges = nonEmpty(fc.sample(charge, { numRuns: 100, seed: 5 }));
    const periods = charges.map(
      ({ start, end, offset }) => [written(start, offset), written(end, offset)] as const,
    );
    const sums = charges.map(() => 0);
    for (const month of ['2024-10', '2024-11', '2024-12', '2025-01', '2025-02', '2025-03'].map(asMonth)) {
      const parts = await partsOf(periods, month);
      expect(parts).toHaveLength(charges.length);
      charges.forEach(({ start, end }, index) => {
        const overlap = Math.min(end, endOf(month).getTime()) - Math.max(start, startOf(month).getTime());
        const part = parts[index] ?? NaN;
        expect(part).toBeCloseTo(Math.max(0, overlap) / (end - start), 14);
        sums[index] = (sums[index] ?? NaN) + part;
      });
    }
    for (const sum of sums) expect(sum).toBeCloseTo(1, 12);
  });
});

describe('a charge across a month’s end', () => {
  // Two days of account one, one in either month; account two has an hour in each.
  const january = billCsv([
    focusRow({ account: ONE, quantity: '2', start: '2025-01-31 00:00:00', end: '2025-02-02 00:00:00' }),
    focusRow({ account: TWO, quantity: '1' }),
  ]);
  const february = billCsv([
    focusRow({ account: TWO, quantity: '3', start: '2025-02-10 00:00:00', end: '2025-02-10 01:00:00' }),
  ]);

  test('counts in both by its part', async () => {
    const { code, out } = await runBills(folder(), {
      [bill('2025-01')]: january,
      [bill('2025-02')]: february,
    });
    expect(code).toBe(0);
    expect(await sharesOf(out, '2025-01')).toEqual({ [ONE]: 0.5, [TWO]: 0.5 });
    expect(await sharesOf(out, '2025-02')).toEqual({ [ONE]: 0.25, [TWO]: 0.75 });
  });

  test('restates the month it reaches into when its bill arrives late, and no other', async () => {
    const late = billCsv([
      focusRow({ account: ONE, quantity: '2', start: '2025-01-31 00:00:00', end: '2025-02-02 00:00:00' }),
      focusRow({ account: TWO, quantity: '3', start: '2025-02-10 00:00:00', end: '2025-02-10 01:00:00' }),
    ]);
    const december = billCsv([focusRow({ start: '2024-12-10 00:00:00', end: '2024-12-10 01:00:00' })]);
    const { inputs, out } = await runBills(folder(), {
      [bill('2024-12')]: december,
      [bill('2025-01')]: billCsv([focusRow({ account: TWO })]),
    });
    expect(await sharesOf(out, '2025-01')).toEqual({ [TWO]: 1 });
    inputs.write(bill('2025-02'), late);
    const run = await runEstate(inputs.path, out);
    expect(statusesOf(run)).toEqual({
      '2024-12': 'unchanged',
      '2025-01': 'published',
      '2025-02': 'published',
    });
    expect(await sharesOf(out, '2025-01')).toEqual({ [ONE]: 0.5, [TWO]: 0.5 });
  });

  test('that is wholly in the next month counts there alone, and is reported', async () => {
    const early = focusRow({ account: ONE, start: '2025-02-01 00:00:00', end: '2025-02-01 01:00:00' });
    const { out } = await runBills(folder(), {
      [bill('2025-01')]: billCsv([focusRow({ account: TWO }), early]),
      [bill('2025-02')]: february,
    });
    expect(await sharesOf(out, '2025-01')).toEqual({ [TWO]: 1 });
    expect(warningsOf(out, '2025-01')).toContain('1 FOCUS lines of a month next to it count there');
    expect(await sharesOf(out, '2025-02')).toEqual({ [ONE]: 0.25, [TWO]: 0.75 });
  });
});

describe('a correction', () => {
  const correction = (month: string): ReturnType<typeof focusRow> =>
    focusRow(
      { account: ONE, quantity: '-1', start: `${month}-10 00:00:00`, end: `${month}-10 01:00:00` },
      { ChargeClass: 'Correction' },
    );
  const usage = (month: string): ReturnType<typeof focusRow>[] => [
    focusRow({ account: ONE, quantity: '2', start: `${month}-05 00:00:00`, end: `${month}-05 01:00:00` }),
    focusRow({ account: TWO, quantity: '1', start: `${month}-05 00:00:00`, end: `${month}-05 01:00:00` }),
  ];

  test('of the month before, on the next bill, counts in the month it corrects', async () => {
    const { out } = await runBills(folder(), {
      [bill('2025-01')]: billCsv(usage('2025-01')),
      [bill('2025-02')]: billCsv([...usage('2025-02'), correction('2025-01')]),
    });
    expect(await sharesOf(out, '2025-01')).toEqual({ [ONE]: 0.5, [TWO]: 0.5 });
    expect((await sharesOf(out, '2025-02'))[ONE]).toBeCloseTo(2 / 3, 12);
  });

  test('more than one month away counts nowhere, and is reported', async () => {
    const { code, out } = await runBills(folder(), {
      [bill('2025-02')]: billCsv([...usage('2025-02'), correction(addMonths(asMonth('2025-02'), -2))]),
    });
    expect(code).toBe(0);
    expect((await sharesOf(out, '2025-02'))[ONE]).toBeCloseTo(2 / 3, 12);
    expect(warningsOf(out, '2025-02')).toContain(
      "1 FOCUS lines are more than one month away from the bill's month and count nowhere",
    );
  });
});

describe('usage more than one month away from its bill’s month', () => {
  const late = focusRow({ account: ONE, start: '2024-10-05 00:00:00', end: '2024-10-05 01:00:00' });

  test('is passed over and counted in a warning', async () => {
    const { code, out } = await runBills(folder(), {
      [bill('2025-01')]: billCsv([focusRow({ account: TWO }), late]),
    });
    expect(code).toBe(0);
    expect(await sharesOf(out, '2025-01')).toEqual({ [TWO]: 1 });
    expect(warningsOf(out, '2025-01')).toContain(
      "1 FOCUS lines are more than one month away from the bill's month and count nowhere",
    );
  });

  test('is an error where it is all that a bill has: the bill is in the folder of another month', async () => {
    const inputs = estateWithoutUsage(folder());
    inputs.write(bill('2025-01'), billCsv([late]));
    const { code, months } = await runEstate(inputs.path, folder());
    expect(code).toBe(1);
    expect(months.find(({ month }) => month === '2025-01')?.error).toContain(
      `${bill('2025-01')}, column ChargePeriodStart: expected usage of 2025-01; found 1 usage lines, all more than one month away`,
    );
  });
});

test.each([
  ['a day that does not exist', '2025-01-32 00:00:00', '2025-02-01 00:00:00'],
  ['an hour that does not exist', '2025-01-05 25:00:00', '2025-01-06 00:00:00'],
  ['the word now', 'now', '2025-01-06 00:00:00'],
  ['the word infinity', '2025-01-05 00:00:00', 'infinity'],
  ['a charge period of 1,000 years', '2025-01-05 00:00:00', '3025-01-05 00:00:00'],
])('%s is an error of the line', async (_, start, end) => {
  const inputs = estateWithoutUsage(folder());
  inputs.write(bill('2025-01'), billCsv([focusRow({}), focusRow({ start, end })]));
  const { code, months } = await runEstate(inputs.path, folder());
  expect(code).toBe(1);
  expect(months.find(({ month }) => month === '2025-01')?.error).toContain(
    `${bill('2025-01')}, row 2, column ChargePeriodStart: found "${start}", expected a time that exists, and a charge period of at most a year`,
  );
});

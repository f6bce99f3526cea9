import { join } from 'node:path';
import { EstateFolder } from './estate-folder';
import { monthlyEstate, MONTHS } from './estates/monthly-estate';
import { copyFolder, filesOfMonth } from './folder-contents';
import { runEstate } from './run-command';
import { scratch } from './scratch';

/** The month that the cases spoil, where they spoil one month. */
export const BAD = '2025-01';

/** The month that was not published before the cases spoil something. */
const NEW = '2025-02';

/** Path of the file of a month's table. */
export function fileOf(table: string, month: string = BAD): string {
  return `${table}/usage_period=${month}/${table}-part-1.csv`;
}

/** A way to spoil the tiny estate, and the exact message about it. */
export interface BadInput {
  readonly what: string;
  readonly spoil: (estate: EstateFolder) => unknown;
  /** The whole error of every month that is touched. */
  readonly message: string | RegExp;
  /** Months that it touches. @default - {@link BAD} alone */
  readonly touches?: readonly string[];
}

const folder = scratch();

/** An estate whose last month is new, and the exports of its other months. */
interface Base {
  readonly inputs: string;
  readonly out: string;
}

let base: Promise<Base> | undefined;

async function publishedBase(): Promise<Base> {
  const inputs = EstateFolder.of(monthlyEstate(), join(folder(), 'inputs')).path;
  const out = folder();
  const run = await runEstate(inputs, out, '--from', '2024-12', '--to', BAD);
  expect(run.code).toBe(0);
  return { inputs, out };
}

/**
 * Each case is run over an estate whose last month is new and whose other months are published: the invalid
 * months fail with the exact message, and nothing of them is published. What was published before stays byte for byte,
 * all other months are done, and the exit code is 1. The run ends with the last month that is touched: that a run computes
 * the months after a failed one is tested once, in test/runs/months.test.ts.
 */
export function describeBadInput(title: string, cases: readonly BadInput[]): void {
  describe(title, () => {
    test.each(cases)('$what', async ({ spoil, message, touches = [BAD] }) => {
      // Prepare
      base ??= publishedBase();
      const { inputs, out } = await base;
      const estate = new EstateFolder(copyFolder(inputs, folder()));
      await spoil(estate);
      const published = copyFolder(out, folder());
      const before = touches.map((month) => filesOfMonth(published, month));
      // Act
      const run = await runEstate(estate.path, published, '--to', touches.includes(NEW) ? NEW : BAD);
      // Assess
      const months = MONTHS.filter((month) => month !== NEW || touches.includes(NEW));
      expect(Object.keys(run.outcomes)).toEqual(months);
      for (const month of months) {
        const { error } = run.outcomes[month] ?? {};
        if (!touches.includes(month)) {
          expect([month, error]).toEqual([month, undefined]);
        } else if (typeof message === 'string') expect(error).toBe(message);
        else expect(error).toMatch(message);
      }
      expect(run.code).toBe(1);
      expect(touches.map((month) => filesOfMonth(published, month))).toEqual(before);
      expect(before.map((files) => Object.keys(files).length)).toEqual(
        touches.map((month) => (month === NEW ? 0 : 2)),
      );
    });
  });
}

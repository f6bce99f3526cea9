import { asKg } from '../../shared/base/mass';
import { asModelVersionId } from '../../shared/base/model-version-id';
import { asMonth } from '../../shared/base/month';
import { byCategory, ZERO } from '../../shared/method/categories';
import { changeWarnings, type ComparedMonth, comparedVersion } from '../../shared/runs/month-changes';

/** A month with as many kg of Scope 1 as of Scope 2, and the same usage as others. */
function monthOf(kg: number, more: Partial<ComparedMonth> = {}): ComparedMonth {
  const figures = byCategory(() => asKg(kg));
  return {
    month: asMonth('2025-01'),
    modelVersion: asModelVersionId('v2.0.0'),
    ledger: {
      ...{ in: figures, exported: figures },
      ...{
        retained_internal: ZERO,
        retained_unused: ZERO,
        retained_overhead: ZERO,
        retained_unclaimed: ZERO,
      },
    },
    usageLines: 10,
    cost: 100,
    warnings: [],
    ...more,
  };
}

const warned = (before: ComparedMonth, after: ComparedMonth): number => changeWarnings(before, after).length;

test('emissions that change without usage are a warning, and those that change with it are not', () => {
  expect(warned(monthOf(1), monthOf(2))).toBe(1);
  expect(warned(monthOf(1), monthOf(2, { usageLines: 20 }))).toBe(0);
  expect(warned(monthOf(1), monthOf(2, { cost: 200 }))).toBe(0);
});

test('unknown usage is not usage that stayed the same', () => {
  const unknown = { usageLines: 0, cost: undefined };
  expect(warned(monthOf(1, unknown), monthOf(2, unknown))).toBe(0);
});

test('a cost that is known in one of the months alone is not a change of usage', () => {
  expect(warned(monthOf(1, { cost: undefined }), monthOf(2))).toBe(1);
});

test('a total that AWS did not deliver is not compared', () => {
  expect(warned(monthOf(1, { awsMbmKg: null }), monthOf(2, { awsMbmKg: asKg(5) }))).toBe(0);
});

test('a month is compared with its own version of the month before, else with the newest', () => {
  const [v2, v3] = [asModelVersionId('v2.0.1'), asModelVersionId('v3.0.0')];
  expect(comparedVersion(v2, [v2, v3])).toBe(v2);
  expect(comparedVersion(asModelVersionId('v3.0.1'), [v3, v2])).toBe(v3);
  expect(comparedVersion(v2, [])).toBeUndefined();
});

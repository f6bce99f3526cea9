import { deployed, ENCRYPTIONS } from './configurations';

/** Ids of suppressed findings of checkov by the number of resources with them. */
const EXPECTED = {
  defaults: {
    CKV_AWS_18: 1,
    CKV_AWS_21: 2,
    CKV_AWS_26: 1,
    CKV_AWS_27: 1,
    CKV_AWS_115: 5,
    CKV_AWS_116: 4,
    CKV_AWS_117: 5,
    CKV_AWS_158: 6,
    CKV_AWS_173: 5,
  },
  everySetting: { CKV_AWS_18: 1, CKV_AWS_21: 2, CKV_AWS_115: 5, CKV_AWS_116: 4, CKV_AWS_117: 5 },
};

test.each(ENCRYPTIONS)(
  'with %s, only known findings of checkov are suppressed, each with a reason',
  (name) => {
    const skips = deployed(name).suppressedChecks();
    expect(skips.length).toBeGreaterThan(15);
    const counts: Record<string, number> = {};
    for (const { id, comment } of skips) {
      counts[id] = (counts[id] ?? 0) + 1;
      expect(comment.length).toBeGreaterThan(30);
    }
    expect(counts).toEqual(EXPECTED[name]);
  },
);

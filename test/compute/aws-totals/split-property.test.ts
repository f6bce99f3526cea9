import fc from 'fast-check';
import { type NaiveCostLine, naiveParts } from '../../../shared/audit/verify/exact/naive-split';
import { EMISSIONS, valueColumn } from '../../../shared/exports/emissions';
import {
  type AwsRow,
  carbonCsv,
  carbonFile,
  GENERATIONS,
  runSplit,
  splitManifestOf,
  splitRowsOf,
} from '../../support/aws-totals';
import { billCsv, codedRow, FOCUS_BILL } from '../../support/bills';
import { nonEmpty } from '../../support/non-empty';
import { repetitions } from '../../support/repetitions';
import { scratch } from '../../support/scratch';

/*
 * On random exports of AWS and random bills: for every account, Region, product group and column the parts add up to
 * AWS's value, and every part is what an exact and naive second implementation says.
 */

const folder = scratch();

jest.setTimeout(repetitions(120_000));

const ACCOUNTS = ['000000000001', '000000000002', '123456789012'];
const REGIONS = ['c1', 'c2', ''];
const PRODUCTS = ['AmazonEC2', 'AmazonS3', 'AmazonCloudFront', 'Other'];
const SERVICES = [...PRODUCTS.slice(0, 3), 'AmazonRDS', 'AWSLambda', 'awskms'];

const value = fc
  .tuple(fc.integer({ min: 0, max: 10 ** 9 }), fc.integer({ min: 0, max: 12 }))
  .map(([digits, places]) => `${String(digits)}e-${String(places)}`);

const cost = fc
  .tuple(fc.integer({ min: -(10 ** 6), max: 10 ** 9 }), fc.integer({ min: 0, max: 9 }))
  .map(([digits, places]) => (digits / 10 ** places).toFixed(9));

const carbonRows = fc
  .uniqueArray(
    fc.tuple(fc.constantFrom(...ACCOUNTS), fc.constantFrom(...REGIONS), fc.constantFrom(...PRODUCTS)),
    {
      minLength: 1,
      maxLength: 20,
      selector: (key) => key.join(),
    },
  )
  .chain((keys) =>
    fc.tuple(
      ...keys.map(([account, region, product]) =>
        fc
          .array(fc.option(value, { nil: '' }), { minLength: EMISSIONS.length, maxLength: EMISSIONS.length })
          .map((values): AwsRow => ({
            payer: '000000000042',
            account,
            region,
            product,
            values: Object.fromEntries(EMISSIONS.map((emission, at) => [emission, values[at] ?? ''])),
          })),
      ),
    ),
  );

const costLines = fc.array(
  fc.record<NaiveCostLine>({
    account: fc.constantFrom(...ACCOUNTS),
    region: fc.constantFrom(...REGIONS, 'global'),
    service: fc.constantFrom(...SERVICES),
    cost,
  }),
  { maxLength: 60 },
);

test('parts add up to AWS and are what the exact implementation says', async () => {
  await fc.assert(
    fc.asyncProperty(
      carbonRows,
      costLines,
      fc.constantFrom(...GENERATIONS),
      async (rows, random, emissions) => {
        // Every account has usage, so that the bills are plainly of the same organization.
        const lines = [
          ...random,
          ...ACCOUNTS.map((account) => ({ account, region: 'c1', service: 'AmazonRDS', cost: '1.5' })),
        ];
        const { out, outcomes } = await runSplit(folder(), {
          [carbonFile()]: carbonCsv(rows, { emissions }),
          [FOCUS_BILL]: billCsv(lines.map((line) => codedRow(line))),
        });
        expect(outcomes['2025-01']?.error).toBeUndefined();
        const exported = await splitRowsOf(out);
        const products = new Set(rows.map(({ product }) => product));
        let parts = 0;
        let unsplit = 0;
        for (const row of nonEmpty(rows)) {
          const given = emissions.flatMap((emission) => {
            const text = row.values[emission] ?? '';
            return text === '' ? [] : [[valueColumn(emission), text] as const];
          });
          const exact = naiveParts({ ...row, values: Object.fromEntries(given) }, lines, products);
          const found = exact.map(({ service }) =>
            exported.filter(
              (one) =>
                one['usage_account_id'] === row.account &&
                (one['region_code'] ?? '') === row.region &&
                one['product_code'] === service,
            ),
          );
          expect(found.map(({ length }) => length)).toEqual(exact.map(() => 1));
          parts += exact.length;
          unsplit += exact.filter(({ isSplit }) => !isSplit).length;
          for (const column of nonEmpty(EMISSIONS.map(valueColumn))) {
            const values = found.map(([one]) => one?.[column] ?? null);
            const aws = given.find(([name]) => name === column)?.[1];
            if (aws === undefined) {
              expect(nonEmpty(values).every((part) => part === null)).toBe(true);
              continue;
            }
            const total = Number(aws);
            const sum = values.reduce<number>((all, part) => all + Number(part), 0);
            expect(Math.abs(sum - total)).toBeLessThanOrEqual(1e-12 * total);
            nonEmpty(exact).forEach((part, at) => {
              const expected = part.values[column]?.valueOf() ?? NaN;
              expect(Math.abs(Number(values[at]) - expected)).toBeLessThanOrEqual(1e-12 * total);
            });
          }
        }
        expect(exported).toHaveLength(parts);
        expect(splitManifestOf(out).awsTotals?.rows).toEqual({ aws: rows.length, unsplit });
      },
    ),
    { numRuns: repetitions(10), seed: 20251 },
  );
});

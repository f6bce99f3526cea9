import { billCsv, type BillRow, FOCUS_BILL, focusRow, runBills, warningsOf } from '../../support/bills';
import { EXPORT_NAME } from '../../support/export-name';
import { readManifest } from '../../support/export-reader';
import { scratch } from '../../support/scratch';

const folder = scratch();

async function coverageOf(
  lines: readonly BillRow[],
): Promise<{ coverage: unknown; warnings: readonly string[]; code: number }> {
  const { out, code } = await runBills(folder(), { [FOCUS_BILL]: billCsv(lines) });
  const at = { out, exportName: EXPORT_NAME, month: '2025-01', modelVersion: 'v2.0.0' };
  return { coverage: readManifest(at).billCoverage, warnings: warningsOf(out, '2025-01'), code };
}

test('the manifest records how each part of the bills found its service', async () => {
  const { coverage, warnings, code } = await coverageOf(
    [
      focusRow({ service: 'A', quantity: '2', cost: '10' }),
      focusRow({ service: 'A', unit: 'GB', cost: '4' }),
      focusRow({ service: 'B', unit: 'Requests', cost: '1' }),
      focusRow({ service: 'Brand new' }, { x_ServiceCode: 'B', ListCost: '2' }),
      focusRow({ service: 'Teleport', unit: 'Trips', cost: '2.5' }),
      focusRow({ service: 'Teleport', unit: 'Trips', cost: '0' }),
      focusRow({ service: '', unit: '', cost: '0.5' }),
      focusRow({ service: 'A', cost: '1000' }, { ChargeCategory: 'Tax' }),
    ].map((line) => ({ x_ServiceCode: '', ...line })),
  );
  expect(code).toBe(0);
  expect(coverage).toEqual({
    lines: 7,
    cost: 20,
    pricedLines: 6,
    ways: {
      own: { lines: 3, cost: 15 },
      code: { lines: 1, cost: 2 },
      shipped: { lines: 0, cost: 0 },
      name: { lines: 0, cost: 0 },
      other: { lines: 3, cost: 3 },
    },
    physical: { lines: 2, counted: 1 },
    withoutQuantity: [],
    unmapped: [
      { service: 'Teleport', unit: 'Trips', lines: 2, cost: 2.5 },
      { service: '(blank)', unit: '(blank)', lines: 1, cost: 0.5 },
    ],
  });
  expect(warnings).toContain(
    '3 lines, 15.0 % of the cost, name services that the estate does not have and count as Other: Teleport, (blank)',
  );
});

test('a cost column that is nearly all zero is a warning with its share', async () => {
  const free = Array.from({ length: 19 }, () => focusRow({ cost: '0' }));
  const { warnings } = await coverageOf([...free, focusRow({ cost: '1' })]);
  expect(warnings).toContain(
    'ListCost is 0 or blank in 95.0 % of the lines that count, expected a cost: settings.json can choose another column',
  );
});

test('a physical service whose quantities are all in other units is a warning', async () => {
  const { warnings } = await coverageOf([focusRow({ unit: 'GB' }), focusRow({ service: 'B', unit: 'x' })]);
  expect(warnings).toContain('no line has a quantity in a unit that counts for the physical services A');
});

test('bills that are wholly covered have no warning', async () => {
  const { warnings } = await coverageOf([focusRow(), focusRow({ account: '000000000002', cost: '3' })]);
  expect(warnings.filter((warning) => /Other|is 0 or blank|unit that counts/.test(warning))).toEqual([]);
});

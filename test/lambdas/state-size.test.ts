import type { Context } from 'aws-lambda';
import { MOST_BREAKDOWNS } from '../../infra/breakdown-problems';
import { stepHandler } from '../../lambdas/step-handler';
import { logger } from '../../lambdas/telemetry';
import { asKg, asMtco2e } from '../../shared/base/mass';
import { addMonths, asMonth, type Month } from '../../shared/base/month';
import { breakdownText, type Breakdown } from '../../shared/exports/breakdown';
import { breakdownSettings } from '../../shared/exports/export-settings';
import { EMISSIONS, valueColumn } from '../../shared/exports/emissions';
import { asExportMonth } from '../../shared/exports/layout';
import { byCategory } from '../../shared/method/categories';
import { asHandedOn, type MonthOutcome } from '../../shared/runs/month-outcome';
import { BREAKDOWN_MONTH_BYTES, MONTH_BYTES, PAGE_BYTES, STATE_BYTES } from '../../shared/runs/run-pages';
import { monthEventSchema } from '../../shared/runs/run-event';
import { DEFAULT_MONTHS } from '../../shared/runs/month-versions';

/*
 * The state of an execution holds the results of a page of months. Beyond 256 KB Step Functions ends the execution without
 * its last step: locks stay and no mail is sent.
 */

const PLAIN = {
  exportName: 'our-carbon-by-account-and-service',
  format: 'parquet',
  productDetail: 'all',
} as const;

const BREAKDOWNS: readonly (Breakdown | undefined)[] = [
  undefined,
  ...Array.from({ length: MOST_BREAKDOWNS }, (_, index) => ({
    kind: 'cost-category' as const,
    key: `Business-Unit-${String(index)}`,
  })),
];

const MONTHS = Array.from({ length: DEFAULT_MONTHS }, (_, index) => addMonths(asMonth('2025-01'), index));

const at = (month: string, breakdown: Breakdown | undefined) => ({
  ...{ month, modelVersion: 'v2.0.0' },
  ...(breakdown === undefined ? {} : { split: breakdownText(breakdown) }),
});

const LONG_NUMBER = 12345.67890123456;
const mtco2e = asMtco2e(LONG_NUMBER);
const kg = byCategory(() => asKg(LONG_NUMBER));

/** The longest outcome of a month. */
function outcomeOf(month: Month, breakdown: Breakdown | undefined): MonthOutcome {
  return {
    exportName: breakdownSettings(PLAIN, breakdown).exportName,
    ...asExportMonth(month, 'v2.0.0'),
    status: 'published',
    summary: {
      ...{
        rows: 1234567,
        accounts: 12345,
        totalLbm: mtco2e,
        totalMbm: mtco2e,
        retainedMbm: mtco2e,
      },
      ...{
        estimatedClusters: 12,
        largestResidual: 1.2345678901234e-16,
        unknownAccounts: 12345,
        warnings: 12,
      },
      unsplit: { mbm: mtco2e, rows: 12345, ofRows: 1234567 },
    },
    warnings: Array.from({ length: 5 }, () => ({
      ...{ severity: 'changes-numbers' as const, code: 'electricity-missing', count: 12345 },
      message: 'electricity: found no row of the month for sites whose clusters have racks. '.repeat(10),
    })),
    restatement: {
      replaces: 'b4a6e1c2-0000-8000-8000-0123456789ab',
      because: ['aws_carbon', 'focus', 'focus_services', 'settings'],
      ...{ beforeKg: kg, afterKg: kg, accounts: 12345, estimatedTurnedActual: [] },
      awsTotals: Object.fromEntries(
        EMISSIONS.map((emission) => [valueColumn(emission), { before: mtco2e, after: mtco2e }]),
      ),
    },
  };
}

/** The result of a month whose error has a very long message. */
async function failureOf(month: string, breakdown: Breakdown | undefined): Promise<unknown> {
  const handler = stepHandler(monthEventSchema, () =>
    Promise.reject(new Error('racks.csv, row 7, column "kW": found "many", expected a number\n'.repeat(100))),
  );
  const event = { asOf: '2026-11-15T00:00:00Z', at: at(month, breakdown) };
  const error = await handler(event, { functionName: 'ExportMonth' } as Context).catch(
    (e: unknown) => e as Error,
  );
  if (!(error instanceof Error)) throw new Error('the month did not fail');
  const cause = { errorType: error.name, errorMessage: error.message, trace: error.stack?.split('\n') };
  return { failed: at(month, breakdown), failure: { Error: error.name, Cause: JSON.stringify(cause) } };
}

/** Bytes that the state holds of a month: its plan and its result. */
function bytesOf(month: string, breakdown: Breakdown | undefined, result: unknown): number {
  return Buffer.byteLength(JSON.stringify([at(month, breakdown), result]));
}

beforeEach(() => {
  jest.spyOn(logger, 'error').mockImplementation(() => undefined);
});

test.each([
  ['fails', failureOf],
  [
    'is restated',
    (month: Month, breakdown?: Breakdown) => ({
      outcome: asHandedOn(outcomeOf(month, breakdown), breakdown),
    }),
  ],
])('the result of a month is not larger than expected, where it %s', async (_, resultOf) => {
  for (const breakdown of BREAKDOWNS) {
    for (const month of MONTHS) {
      const bytes = bytesOf(month, breakdown, await resultOf(month, breakdown));
      expect(bytes).toBeLessThanOrEqual(breakdown === undefined ? MONTH_BYTES : BREAKDOWN_MONTH_BYTES);
    }
  }
});

test('a page of any months leaves half of the state free', () => {
  expect(PAGE_BYTES).toBeLessThanOrEqual(STATE_BYTES / 2);
});

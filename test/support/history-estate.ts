import { addMonths, asMonth, type Month } from '../../shared/base/month';
import { billCsv, type BillRow, codedRow } from './bills';
import { type AwsRow, carbonCsv, GENERATIONS } from './aws-totals';
import type { EstateFolder } from './estate-folder';

/*
 * What AWS delivers by November 2026 to an organization of two payers: 58 months, the newest of them in v3.0.1 since April
 * 2026, all in v3.0.0, and those of 2025 also in v2.0.1, without scopes.
 */

/** Breakdowns of the bills. */
export const HISTORY_BREAKDOWNS = ['tag:team', 'cost-category:Unit', 'resource'] as const;

const PAYERS = ['000000000042', '000000000077'] as const;

const MONTHS: readonly Month[] = Array.from({ length: 58 }, (_, index) =>
  addMonths(asMonth('2022-01'), index),
);

/** Every delivered month and version, as `version/month`, in order. */
export const HISTORY: readonly string[] = [
  ...MONTHS.filter((month) => month >= '2025-01' && month <= '2025-06').map((month) => `v2.0.1/${month}`),
  ...MONTHS.map((month) => `v3.0.0/${month}`),
  ...MONTHS.filter((month) => month >= '2026-03').map((month) => `v3.0.1/${month}`),
];

/** Writes the deliveries of AWS: carbon exports and FOCUS bills of both payers. */
export function writeHistory(estate: EstateFolder): void {
  for (const delivery of HISTORY) {
    const [version = '', month = ''] = delivery.split('/');
    const emissions = GENERATIONS[version === 'v2.0.1' ? 1 : 2] ?? [];
    for (const payer of PAYERS) {
      const partition = `carbon_model_version=${version}/usage_period=${month}`;
      const path = `aws_carbon/carbon-${payer}/data/${partition}/carbon-00001.csv`;
      estate.write(path, carbonCsv([rowOf(payer)], { month, version, emissions }));
    }
  }
  for (const month of MONTHS) {
    const lines = PAYERS.flatMap((payer, index) =>
      ['red', 'blue'].map((team) => lineOf(month, payer, `${team}-${String(index)}`)),
    );
    estate.write(`focus/usage_period=${month}/bill.csv`, billCsv(lines));
  }
}

/** Each payer has one account. */
function rowOf(payer: string): AwsRow {
  const values = { total_mbm_emissions: '1', total_lbm_emissions: '2', total_scope_1_emissions: '0.1' };
  return { payer, account: accountOf(payer), region: 'us-east-1', product: 'AmazonEC2', values };
}

function lineOf(month: Month, payer: string, team: string): BillRow {
  return codedRow(
    {
      ...{ payer, account: accountOf(payer), region: 'us-east-1', service: 'AmazonEC2', cost: '2' },
      ...{ start: `${month}-10 00:00:00`, end: `${month}-10 01:00:00` },
    },
    {
      Tags: JSON.stringify({ team }),
      x_CostCategories: JSON.stringify({ Unit: `unit-${team}` }),
      ResourceId: `i-${team}`,
    },
  );
}

function accountOf(payer: string): string {
  return `1${payer.slice(1)}`;
}

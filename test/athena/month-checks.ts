import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeSampleEstate } from '../../sample/generate';
import type { ExportSettings } from '../../shared/exports/export-settings';
import { type ExportMonth, asExportMonth } from '../../shared/exports/layout';
import { writeFullAwsEstate } from './aws-estate';
import type { Checks } from './checks';
import { assertSame } from './compare';
import type { MonthBench, PublishedMonth } from './month-bench';
import { BILLED, toParquet, writeCur, writeFocusCsv, writeFocusParquet } from './month-estates';
import { SMALL_ESTATE } from './small-estate';

/** An estate, and months of it that both engines export. */
interface Scenario {
  readonly name: string;
  readonly write: (folder: string) => unknown;
  readonly months: readonly ExportMonth[];
  /** Settings of each export. @default - one with default settings */
  readonly exports?: readonly Partial<ExportSettings>[];
  /** AWS's totals need no list of accounts. @default - true */
  readonly hasAccounts?: boolean;
}

const BREAKDOWNS: readonly Partial<ExportSettings>[] = [
  {},
  { breakdown: { kind: 'tag', key: 'team' } },
  { breakdown: { kind: 'resource', key: '' } },
];

const v1 = (month: string): ExportMonth => asExportMonth(month, 'v1.0.0');
const v2 = (month: string): ExportMonth => asExportMonth(month, 'v2.0.0');

const SCENARIOS: readonly Scenario[] = [
  {
    name: 'the worked case, CSV',
    write: (folder) => SMALL_ESTATE.copyTo(folder),
    months: [v1('2024-11'), v1('2024-12'), v2('2024-12'), v2('2025-01'), v2('2025-02')],
    exports: [{}, { productDetail: 'ccft', format: 'csv' }],
  },
  {
    name: 'the worked case, Parquet',
    write: async (folder) => {
      SMALL_ESTATE.copyTo(folder);
      for (const file of SMALL_ESTATE.usageFiles('2025-02')) await toParquet(folder, file);
    },
    months: [v2('2025-02')],
  },
  {
    name: 'the sample: the real FOCUS rows, and a month of usage/',
    write: (folder) => writeSampleEstate({ outDir: folder }),
    months: [v1('2024-09'), v2('2024-09'), v2('2026-10')],
  },
  { name: 'FOCUS as CSV', write: writeFocusCsv, months: [BILLED, v2('2025-02')], exports: BREAKDOWNS },
  { name: 'FOCUS as Parquet with types', write: writeFocusParquet, months: [BILLED], exports: BREAKDOWNS },
  { name: 'CUR 2.0 with maps', write: writeCur, months: [BILLED], exports: BREAKDOWNS },
  {
    name: "AWS's totals",
    write: writeFullAwsEstate,
    months: [asExportMonth('2024-09', 'v3.0.0'), asExportMonth('2024-08', 'v3.0.0')],
    exports: [{ totals: 'aws' }, { totals: 'aws', breakdown: { kind: 'tag', key: 'business_unit' } }],
    hasAccounts: false,
  },
];

/** A month that Athena sums is the month that DuckDB sums: rows, ledger, coverage, warnings, to the last byte. */
export async function checkMonths(bench: MonthBench, checks: Checks): Promise<void> {
  for (const scenario of SCENARIOS) {
    const folder = await mkdtemp(join(tmpdir(), 'carbon-estate-'));
    try {
      await scenario.write(folder);
      const estate = `estate-${String(SCENARIOS.indexOf(scenario))}`;
      await bench.upload(folder, estate);
      await checkScenario(bench, checks, scenario, { estate, folder });
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }
  await checks.check('months that are over leave no tables and no objects', async () => {
    assertSame('left', await bench.leftovers(), []);
  });
}

async function checkScenario(
  bench: MonthBench,
  checks: Checks,
  { name, months, exports = [{}], hasAccounts = true }: Scenario,
  { estate, folder }: { readonly estate: string; readonly folder: string },
): Promise<void> {
  for (const at of months) {
    for (const settings of exports) {
      const what = `${name}, ${at.month} ${at.modelVersion} ${JSON.stringify(settings)}`;
      await checks.check(`${what}: Athena's month = DuckDB's`, async () => {
        const listing = hasAccounts ? folder : undefined;
        const duck = await bench.export({ estate, at, engine: 'duckdb', settings, listing });
        const before = bench.athena.statements.length;
        const athena = await bench.export({ estate, at, engine: 'athena', settings, listing });
        if (hasBills(duck) && bench.athena.statements.length === before)
          throw new Error('Athena was not asked');
        assertSameMonth(duck, athena);
      });
    }
  }
}

function hasBills({ manifest: { usageLines } }: PublishedMonth): boolean {
  return usageLines > 0;
}

/** @throws Error that says what differs */
export function assertSameMonth(duck: PublishedMonth, athena: PublishedMonth): void {
  assertSame('status', athena.outcome.status, duck.outcome.status);
  if (duck.manifest.file.rows === 0) throw new Error('no rows: nothing was compared');
  // They are in different places.
  const [left, right] = [duck, athena].map(({ manifest }) => ({ ...manifest, dataFiles: [] }));
  assertSame('manifest', right, left);
  if (!duck.data.equals(athena.data)) throw new Error('the data files differ');
}

import { asKg, sumKg, toMtco2e } from '../base/mass';
import { SEVERITIES, type Warning } from '../base/warning';
import { defined } from '../base/defined';
import { type Figure, FIGURES, valueColumn } from '../exports/emissions';
import type { Manifest, PublishedKg } from '../exports/manifest';
import { type Category, TOTALS } from '../method/categories';
import { type DuckSession, numberIn, numberOrNullIn } from '../sql/duck-session';
import type { ReportPair, ReportPeriod } from './report-data';
import { knownSum, type PlacedManifest, PARTS_PER_MTCO2E, type PlaceRows } from './report-rows';

/** Warnings of a month that the page has, most important first. */
const SHOWN_WARNINGS = 20;

/** Characters of a warning that the page has. */
const WARNING_CHARACTERS = 300;

/** Returns what the page has of each month besides the cubes: the totals of the file, its manifest and its ledger. */
export async function reportPeriods(
  session: DuckSession,
  { table }: PlaceRows,
  months: readonly PlacedManifest[],
): Promise<ReportPeriod[]> {
  const sums = FIGURES.map((figure) => `${knownSum(figure)} AS ${figure}`);
  const rows = await session.rows(`SELECT period, ${sums.join(', ')} FROM ${table} GROUP BY period`);
  const totals = new Map(
    rows.map((row) => [
      numberIn(row, 'period'),
      (figure: Figure): number | null => {
        const parts = numberOrNullIn(row, figure);
        return parts === null ? null : Number((parts / PARTS_PER_MTCO2E).toPrecision(15));
      },
    ]),
  );
  // A month without rows is an empty file.
  return months.map(({ period, manifest }) => periodOf(manifest, totals.get(period) ?? (() => 0)));
}

function periodOf(manifest: Manifest, totalOf: (figure: Figure) => number | null): ReportPeriod {
  const { ledgerKg, file, awsTotals } = manifest;
  const warnings = sortedWarnings(manifest.warningDetails ?? []);
  const { key, sha256, bytes, rows } = file;
  return {
    month: manifest.usagePeriod,
    version: manifest.modelVersion,
    ...{ asOf: manifest.asOf, executionId: manifest.executionId, fingerprint: manifest.fingerprint },
    file: { key, sha256, bytes, rows },
    ...{ accounts: manifest.accounts, unknownAccounts: manifest.unknownAccounts.count },
    ...{ usageLines: manifest.usageLines, estimatedClusters: manifest.estimatedClusters.length },
    largestResidual: manifest.largestResidual,
    totals: Object.fromEntries(FIGURES.map((figure) => [figure, totalOf(figure)])) as ReportPeriod['totals'],
    flow: ledgerKg.steps.map(({ step, in: received, out, retained }) => ({
      step,
      ...{ in: pairOf(received), out: pairOf(out), retained: pairOf(retained) },
    })),
    retained: {
      internal: pairOf(ledgerKg.retained_internal),
      unused: pairOf(ledgerKg.retained_unused),
      overhead: pairOf(ledgerKg.retained_overhead),
      unclaimed: pairOf(ledgerKg.retained_unclaimed),
    },
    ...defined({ aws: awsTotals && awsOf(awsTotals), bills: billsOf(manifest) }),
    warnings: warnings.slice(0, SHOWN_WARNINGS),
    moreWarnings: Math.max(0, warnings.length - SHOWN_WARNINGS),
  };
}

function pairOf(kg: PublishedKg): ReportPair {
  // A model version without Scope 3 has no entries of it.
  const sum = (categories: readonly Category[]): ReportPair['lbm'] =>
    toMtco2e(sumKg(categories.map((category) => kg[category] ?? asKg(0))));
  return { lbm: sum(TOTALS.lbm), mbm: sum(TOTALS.mbm) };
}

function awsOf(aws: NonNullable<Manifest['awsTotals']>): ReportPeriod['aws'] {
  const entry = (part: 'aws' | 'unsplit'): ReportPair => ({
    lbm: aws.totals[valueColumn('total_lbm_emissions')]?.[part] ?? null,
    mbm: aws.totals[valueColumn('total_mbm_emissions')]?.[part] ?? null,
  });
  return {
    ...{ total: entry('aws'), unsplit: entry('unsplit'), rows: aws.rows.aws, unsplitRows: aws.rows.unsplit },
    accountsWithoutBill: aws.withoutBill.count,
    accountsWithoutCarbon: aws.withoutCarbon.count,
  };
}

function billsOf({ billCoverage: bills }: Manifest): ReportPeriod['bills'] {
  return (
    bills && {
      ...{ lines: bills.lines, cost: bills.cost, pricedLines: bills.pricedLines },
      unmappedLines: bills.unmapped.reduce((sum, { lines }) => sum + lines, 0),
      costWithoutRow: bills.withoutRow?.cost ?? 0,
    }
  );
}

function sortedWarnings(warnings: readonly Warning[]): ReportPeriod['warnings'] {
  return SEVERITIES.flatMap((severity) => warnings.filter((warning) => warning.severity === severity)).map(
    ({ severity, code, count, message }) => ({
      ...{ severity, code, count },
      message: message.length > WARNING_CHARACTERS ? `${message.slice(0, WARNING_CHARACTERS - 1)}…` : message,
    }),
  );
}

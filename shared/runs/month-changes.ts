import { type ModelVersionId, newestVersion } from '../base/model-version-id';
import { asKg, type Kg, sumKg, toKg, toMtco2e } from '../base/mass';
import { addMonths, type Month } from '../base/month';
import { severeWarnings, type Warning } from '../base/warning';
import { defined } from '../base/defined';
import type { AwsTotals } from '../exports/aws-totals';
import { figureColumn } from '../exports/emissions';
import type { ExportMonth } from '../exports/layout';
import type { Manifest, PublishedKg } from '../exports/manifest';
import { publishedMonths, readManifest } from '../exports/published-months';
import { type Category, categoriesIn, TOTALS } from '../method/categories';
import { RETAINED } from '../method/ledger';
import type { ObjectStore } from '../stores/object-store';
import type { MonthOutcome } from './month-outcome';

/** Figures of a month that are compared with those of the month before. */
export interface ComparedMonth {
  readonly month: Month;
  readonly modelVersion: ModelVersionId;
  /** kgCO2e. */
  readonly ledger: Pick<Manifest['ledgerKg'], 'in' | 'exported' | (typeof RETAINED)[number]>;
  /** AWS's market-based total, kgCO2e; null where AWS did not deliver it. @default - the totals are computed */
  readonly awsMbmKg?: Kg | null;
  readonly usageLines: number;
  readonly cost: number | undefined;
  readonly warnings: readonly Warning[] | undefined;
}

/** A change of the emissions by more than this part of the month before is reported. */
const LARGE_CHANGE = 0.3;

/** Usage counts as changed when its lines or its cost changed by more than this part. */
const USAGE_CHANGE = 0.1;

/** Returns a warning with its cause where emissions changed much against the month before and usage did not. */
export function changeWarnings(before: ComparedMonth, after: ComparedMonth): Warning[] {
  const [old, present] = [exportedKg(before), exportedKg(after)];
  if (old === null || present === null) return [];
  const usage = usageChange(before, after);
  if (Math.abs(change(old, present)) <= LARGE_CHANGE || usage === undefined || usage > USAGE_CHANGE)
    return [];
  const message = `market-based emissions changed by ${percent(old, present)} against ${before.month} (${inMtco2e(old)} to ${inMtco2e(present)} MTCO2e) while usage changed by at most ${(100 * usage).toFixed(0)} %; ${causeOf(before, after)}`;
  return [{ severity: 'worth-a-look', code: 'emissions-changed', count: 1, message }];
}

/** The larger change of the lines and of the cost of usage; undefined where the usage of both months is unknown. */
function usageChange(before: ComparedMonth, after: ComparedMonth): number | undefined {
  if (before.usageLines === 0 && after.usageLines === 0) return undefined;
  const lines = Math.abs(change(before.usageLines, after.usageLines));
  if (before.cost === undefined || after.cost === undefined) return lines;
  return Math.max(lines, Math.abs(change(before.cost, after.cost)));
}

/**
 * Returns the version of a month whose figures are compared with those of a later version: the same, else the newest;
 * undefined where there are none.
 */
export function comparedVersion(
  modelVersion: ModelVersionId,
  versions: readonly ModelVersionId[],
): ModelVersionId | undefined {
  return versions.includes(modelVersion) ? modelVersion : newestVersion(versions);
}

/**
 * Adds such warnings to the outcomes of months that were published in this run. Breakdowns of an export have the changes
 * of the export itself, so its own months alone have warnings.
 */
export async function withChangeWarnings(
  exports: ObjectStore,
  exportName: string,
  outcomes: readonly MonthOutcome[],
): Promise<MonthOutcome[]> {
  const isCompared = (outcome: MonthOutcome): boolean =>
    outcome.status === 'published' && outcome.exportName === exportName;
  const months = outcomes.some(isCompared) ? await publishedMonths(exports, exportName) : [];
  const result: MonthOutcome[] = [];
  for (const outcome of outcomes) {
    const found = isCompared(outcome) ? await changesOf(exports, exportName, outcome, months) : [];
    result.push(
      found.length === 0 ? outcome : { ...outcome, warnings: [...(outcome.warnings ?? []), ...found] },
    );
  }
  return result;
}

async function changesOf(
  exports: ObjectStore,
  exportName: string,
  at: ExportMonth,
  published: readonly ExportMonth[],
): Promise<Warning[]> {
  const month = addMonths(at.month, -1);
  const versions = published.filter((other) => other.month === month).map((other) => other.modelVersion);
  const modelVersion = comparedVersion(at.modelVersion, versions);
  const before = modelVersion && (await readManifest(exports, exportName, { month, modelVersion }));
  const after = before && (await readManifest(exports, exportName, at));
  return before && after ? changeWarnings(comparedMonth(before), comparedMonth(after)) : [];
}

function comparedMonth(manifest: Manifest): ComparedMonth {
  return {
    month: manifest.usagePeriod,
    modelVersion: manifest.modelVersion,
    ledger: manifest.ledgerKg,
    usageLines: manifest.usageLines,
    cost: manifest.billCoverage?.cost,
    warnings: manifest.warningDetails,
    ...defined({ awsMbmKg: manifest.awsTotals && awsMbmKg(manifest.awsTotals) }),
  };
}

/** Returns AWS's market-based total, kgCO2e; null where AWS did not deliver it. */
export function awsMbmKg({ totals, rows }: AwsTotals): Kg | null {
  const total = totals[figureColumn('total_mbm')]?.aws;
  if (total !== undefined) return toKg(total);
  return rows.aws === 0 ? asKg(0) : null;
}

/** The part of the ledger that changed most, and the warnings that may explain it. */
function causeOf(before: ComparedMonth, after: ComparedMonth): string {
  if (before.modelVersion !== after.modelVersion) {
    return `the model version changed from ${before.modelVersion} to ${after.modelVersion}`;
  }
  if (after.awsMbmKg !== undefined) return 'cause: the totals that AWS delivered';
  const parts = [
    ['Scope 1 of the clusters', ({ ledger }: ComparedMonth) => ledger.in.scope_1],
    ['Scope 2 of the clusters', ({ ledger }: ComparedMonth) => ledger.in.scope_2_mbm],
    ['Scope 3 of the clusters', ({ ledger }: ComparedMonth) => sumOf(ledger.in, categoriesIn(3, 'mbm'))],
    ...RETAINED.map((name) => [name, ({ ledger }: ComparedMonth) => marketBased(ledger[name])] as const),
  ] as const;
  const [cause] = parts
    .map(([name, valueOf]) => ({ name, old: valueOf(before), present: valueOf(after) }))
    .sort((a, b) => Math.abs(b.present - b.old) - Math.abs(a.present - a.old));
  const codes = severeWarnings(after.warnings).map(({ code }) => code);
  const explained = codes.length === 0 ? '' : ` (see ${codes.join(', ')})`;
  return cause === undefined
    ? ''
    : `cause: ${cause.name} changed from ${inMtco2e(cause.old)} to ${inMtco2e(cause.present)} MTCO2e${explained}`;
}

/** Null where AWS did not deliver it. */
function exportedKg({ ledger, awsMbmKg }: ComparedMonth): Kg | null {
  return awsMbmKg === undefined ? marketBased(ledger.exported) : awsMbmKg;
}

function marketBased(kg: PublishedKg): Kg {
  return sumOf(kg, TOTALS.mbm);
}

function sumOf(kg: PublishedKg, categories: readonly Category[]): Kg {
  return sumKg(categories.map((category) => kg[category] ?? asKg(0)));
}

/** Relative change; 1 where there was nothing before. */
function change(before: number, after: number): number {
  if (before === after) return 0;
  return before === 0 ? 1 : (after - before) / Math.abs(before);
}

function percent(before: number, after: number): string {
  const value = 100 * change(before, after);
  return `${value > 0 ? '+' : ''}${value.toFixed(0)} %`;
}

function inMtco2e(kg: Kg): string {
  return toMtco2e(kg).toPrecision(4);
}

import { stat } from 'node:fs/promises';
import { defined } from '../base/defined';
import { digestOf, type Fingerprint } from '../base/fingerprint';
import type { ComputedMonth } from '../compute/month/computed-month';
import { columnsOfExport, COMPANION_COLUMNS, companionName } from '../exports/columns';
import { assertFixedSettings } from '../exports/fixed-settings';
import type { ExportSettings } from '../exports/export-settings';
import { keepReplaced, publishedFileCopy } from '../exports/history';
import { dataKey, type ExportMonth, manifestKey } from '../exports/layout';
import {
  executionIdOf,
  exportArn,
  isBrokenDown,
  type Manifest,
  manifestText,
  publishedLedger,
} from '../exports/manifest';
import { countChangedAccounts } from '../exports/compare-data-files';
import { readStoredManifest, type StoredManifest } from '../exports/published-months';
import { type Restatement, restatementOf } from '../exports/restatement';
import { largestResidual } from '../method/ledger';
import type { DuckLimits } from '../sql/duck-instance';
import type { DuckSession } from '../sql/duck-session';
import type { ObjectStore } from '../stores/object-store';

/** Where a month is written, and with which settings. */
export interface MonthTarget {
  readonly exports: ObjectStore;
  readonly settings: ExportSettings;
  readonly at: ExportMonth;
  readonly asOf: Date;
  readonly limits: DuckLimits;
  /** Digest of the inputs' listing, taken before they are read. @default - none, so the next run reads them again */
  readonly listing?: string;
  /** Fails a month with a warning that changes numbers. @default - such a month is published with its warnings */
  readonly isStrict?: boolean;
  /** Called with the error that failed a month. */
  readonly onError?: (error: unknown) => void;
}

/** A computed month, ready to be published. */
export interface MonthContent {
  readonly computed: ComputedMonth;
  readonly fingerprint: Fingerprint;
  readonly metadataAsOf: string;
  /** The manifest that will be replaced. */
  readonly before?: StoredManifest;
}

/** A published month, and what changed against its earlier publication. */
export interface Published {
  readonly manifest: Manifest;
  readonly restatement?: Restatement;
}

/**
 * Publishes a computed month: the replaced publication goes to history, then the companion with the parts of Scope 3, then
 * data file, then manifest.
 */
export async function publishMonth(
  target: MonthTarget,
  session: DuckSession,
  content: MonthContent,
): Promise<Published> {
  const { exports, settings, at } = target;
  const { path } = content.computed.file;
  const own = manifestOf(target, content, (await stat(path)).size);
  const companion = await publishCompanion(target, content, own);
  const manifest = { ...own, ...defined({ companion }) };
  const restatement = await restate(target, session, content, manifest);
  await exports.putFile(manifest.file.key, path);
  await exports.put(manifestKey(settings.exportName, at), manifestText(manifest));
  return { manifest, ...defined({ restatement }) };
}

/** Publishes the companion file where the month has one. A crash before the month's own manifest is healed like any other. */
async function publishCompanion(
  { exports, settings, at }: MonthTarget,
  { computed: { companion } }: MonthContent,
  own: Manifest,
): Promise<Manifest['companion']> {
  if (companion === undefined) return undefined;
  const exportName = companionName(settings.exportName);
  await assertFixedSettings(exports, {
    exportName,
    format: settings.format,
    productDetail: settings.productDetail,
  });
  const key = dataKey(exportName, at, settings.format);
  const bytes = (await stat(companion.path)).size;
  const file = { key, sha256: companion.sha256, bytes, rows: own.file.rows };
  const manifest: Manifest = {
    ...own,
    executionId: executionIdOf(exportName, at, own.asOf, own.inputs),
    exportArn: exportArn(exportName),
    columns: COMPANION_COLUMNS.map(({ name, type }) => ({ name, type })),
    dataFiles: [exports.uri(key)],
    file,
    companionOf: settings.exportName,
  };
  const before = await readStoredManifest(exports, manifestKey(exportName, at));
  if (before !== undefined && before.manifest.executionId !== manifest.executionId) {
    const replacesFile = before.manifest.file.sha256 !== file.sha256;
    await keepReplaced(exports, exportName, at, { ...before, replacesFile });
  }
  await exports.putFile(key, companion.path);
  await exports.put(manifestKey(exportName, at), manifestText(manifest));
  return { exportName, file };
}

function manifestOf(
  { exports, settings, at }: MonthTarget,
  { computed, fingerprint, metadataAsOf }: MonthContent,
  bytes: number,
): Manifest {
  const { exportName, format, productDetail } = settings;
  const asOf = computed.file.asOf.toISOString();
  const key = dataKey(exportName, at, format);
  return {
    executionId: executionIdOf(exportName, at, asOf, fingerprint),
    exportArn: exportArn(exportName),
    columns: columnsOfExport(settings.breakdown !== undefined).map(({ name, type }) => ({ name, type })),
    dataFiles: [exports.uri(key)],
    file: { key, sha256: computed.file.sha256, bytes, rows: computed.totals.rows },
    modelVersion: at.modelVersion,
    usagePeriod: at.month,
    productDetail,
    asOf,
    metadataAsOf,
    accounts: computed.totals.accounts,
    usageLines: computed.usageLines,
    fingerprint: digestOf(fingerprint),
    inputs: fingerprint,
    ledgerKg: publishedLedger(computed.ledger, computed.categories),
    largestResidual: computed.largestResidual ?? largestResidual(computed.ledger),
    estimatedClusters: computed.estimatedClusters,
    unknownAccounts: computed.unknownAccounts,
    ...defined({
      scope3: computed.scope3,
      billCoverage: computed.billCoverage,
      awsTotals: computed.awsTotals,
    }),
    warnings: computed.warnings.map(({ message }) => message),
    warningDetails: computed.warnings,
  };
}

/** Keeps the publication that is replaced in history, and returns what changes; undefined where no row changes. */
async function restate(
  { exports, settings, at }: MonthTarget,
  session: DuckSession,
  { before, computed }: MonthContent,
  manifest: Manifest,
): Promise<Restatement | undefined> {
  if (before === undefined || before.manifest.executionId === manifest.executionId) return undefined;
  const { exportName } = settings;
  const replacesFile = before.manifest.file.sha256 !== manifest.file.sha256;
  await keepReplaced(exports, exportName, at, { ...before, replacesFile });
  if (!replacesFile) return undefined;
  const copy = await publishedFileCopy(exports, exportName, at, before.manifest);
  if (copy === undefined) return restatementOf(before.manifest, manifest, undefined);
  try {
    const accounts = await countChangedAccounts(session, {
      before: copy.path,
      after: computed.file.path,
      isBrokenDown: isBrokenDown(manifest),
    });
    return restatementOf(before.manifest, manifest, accounts);
  } finally {
    await copy.release();
  }
}

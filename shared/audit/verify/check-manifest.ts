import { isDeepStrictEqual } from 'node:util';
import { reasonOf } from '../../base/error-info';
import { digestOf, hashOf } from '../../base/fingerprint';
import { sha256Of } from '../../estate/file-content';
import { type Breakdown, breakdownText } from '../../exports/breakdown';
import type { ExportMonth } from '../../exports/layout';
import { executionIdOf, isBrokenDown, type Manifest } from '../../exports/manifest';
import type { DuckSession } from '../../sql/duck-session';
import type { ProblemList } from './problem-list';
import { PUBLISHED_COMPANION_COLUMNS, publishedColumns, schemaProblem, typeOf } from './published-rows';

/** The place of a manifest, and the breakdown in the record of its export. */
export interface ManifestPlace {
  readonly exportName: string;
  readonly at: ExportMonth;
  readonly breakdown: Breakdown | undefined;
}

/** Checks a manifest's month, columns, file name and ids against its place and its inputs. */
export function checkManifest(
  manifest: Manifest,
  { exportName, at, breakdown }: ManifestPlace,
  problems: ProblemList,
): void {
  const { usagePeriod, modelVersion, asOf, inputs, dataFiles, file } = manifest;
  const columns = columnsOf(manifest).map((name) => ({ name, type: typeOf(name) }));
  const values: readonly (readonly [string, unknown, unknown])[] = [
    ['usagePeriod', usagePeriod, at.month],
    ['modelVersion', modelVersion, at.modelVersion],
    ['fingerprint', manifest.fingerprint, digestOf(inputs)],
    ['executionId', manifest.executionId, executionIdOf(exportName, at, asOf, inputs)],
    ['columns', manifest.columns, columns],
    // An export may be copied: only the part of an address below the export's folder counts.
    ['dataFiles', dataFiles.map((uri) => belowExport(uri, exportName)), [file.key]],
  ];
  for (const [name, found, expected] of values) {
    problems.expect(
      isDeepStrictEqual(found, expected),
      () => `manifest, ${name}: found ${shown(found)}, expected ${shown(expected)}`,
    );
  }
  problems.expect(
    inputs['split'] === (breakdown === undefined ? undefined : hashOf(breakdown)),
    () =>
      `manifest, inputs.split: found another breakdown, expected that of the export's record (${breakdown === undefined ? 'none' : breakdownText(breakdown)})`,
  );
}

/** Returns the columns that the data file of a manifest must have. */
export function columnsOf(manifest: Manifest): readonly string[] {
  if (manifest.companionOf !== undefined) return PUBLISHED_COMPANION_COLUMNS;
  return publishedColumns(isBrokenDown(manifest));
}

/** Returns the part of an address from the export's name on, in the form of a key; the address itself where it has no such name. */
function belowExport(uri: string, exportName: string): string {
  const at = `/${uri}`.lastIndexOf(`/${exportName}/data/`);
  return at < 0 ? uri : uri.slice(at);
}

function shown(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** A data file on the local disk, with its size as the store lists it. */
export interface LocalFile {
  readonly path: string;
  readonly bytes: number;
}

/**
 * Checks a data file against its manifest: its bytes and its columns.
 *
 * @returns true when its rows can be read
 */
export async function checkFile(
  session: DuckSession,
  { path, bytes }: LocalFile,
  manifest: Manifest,
  problems: ProblemList,
): Promise<boolean> {
  const { file } = manifest;
  problems.expect(
    bytes === file.bytes,
    () => `${file.key}: found ${String(bytes)} bytes, expected ${String(file.bytes)} by the manifest`,
  );
  const sha256 = await sha256Of(path);
  problems.expect(
    sha256 === file.sha256,
    () => `${file.key}: found the SHA-256 ${sha256}, expected ${file.sha256} by the manifest`,
  );
  try {
    const problem = await schemaProblem(session, path, columnsOf(manifest));
    if (problem === undefined) return true;
    problems.add(`${file.key}: ${problem}`);
  } catch (error) {
    problems.add(`${file.key}: cannot be read (${reasonOf(error)})`);
  }
  return false;
}

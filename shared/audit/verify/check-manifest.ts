import { isDeepStrictEqual } from 'node:util';
import { digestOf } from '../../base/fingerprint';
import { sha256Of } from '../../estate/read-table';
import type { ExportMonth } from '../../exports/layout';
import { executionIdOf, isBrokenDown, type Manifest } from '../../exports/manifest';
import type { DuckSession } from '../../sql/duck-session';
import type { ObjectStore } from '../../stores/object-store';
import type { ProblemList } from './problem-list';
import { publishedColumns, schemaProblem, typeOf } from './published-rows';

/** Checks what a manifest says of itself: its month, its columns, its file's name and its ids. */
export function checkManifest(
  exports: ObjectStore,
  exportName: string,
  at: ExportMonth,
  manifest: Manifest,
  problems: ProblemList,
): void {
  const { usagePeriod, modelVersion, asOf, inputs, fingerprint, executionId, columns, dataFiles, file } =
    manifest;
  problems.expect(
    usagePeriod === at.month && modelVersion === at.modelVersion,
    () => `the manifest is of ${usagePeriod} ${modelVersion}`,
  );
  problems.expect(
    fingerprint === digestOf(inputs),
    () => 'its fingerprint is not that of the inputs it names',
  );
  problems.expect(
    executionId === executionIdOf(exportName, at, asOf, inputs),
    () => `its execution id ${executionId} is not that of its inputs and as-of`,
  );
  const expected = publishedColumns(isBrokenDown(manifest)).map((name) => ({ name, type: typeOf(name) }));
  problems.expect(isDeepStrictEqual(columns, expected), () => 'its columns are not those of the export');
  problems.expect(
    isDeepStrictEqual(dataFiles, [exports.uri(file.key)]),
    () => `it names ${dataFiles.join(', ')}, expected ${exports.uri(file.key)}`,
  );
}

/**
 * Checks a data file against its manifest: that it is there, its bytes and its columns.
 *
 * @returns true when its rows can be read
 */
export async function checkFile(
  session: DuckSession,
  path: string,
  bytes: number,
  manifest: Manifest,
  problems: ProblemList,
): Promise<boolean> {
  const { file } = manifest;
  problems.expect(
    bytes === file.bytes,
    () => `${file.key} has ${String(bytes)} bytes, the manifest says ${String(file.bytes)}`,
  );
  const sha256 = await sha256Of(path);
  problems.expect(
    sha256 === file.sha256,
    () => `${file.key} has the SHA-256 ${sha256}, the manifest says ${file.sha256}`,
  );
  try {
    const problem = await schemaProblem(session, path, publishedColumns(isBrokenDown(manifest)));
    if (problem === undefined) return true;
    problems.add(`${file.key}: ${problem}`);
  } catch (error) {
    problems.add(`${file.key} cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
  return false;
}

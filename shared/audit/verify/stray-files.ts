import type { Month } from '../../base/month';
import { dataKey, EXPORT_FORMATS, exportDataPrefix, type ExportMonth } from '../../exports/layout';
import { MonthStates } from '../../exports/month-states';
import { readManifest } from '../../exports/published-months';
import { reasonOf } from '../../base/error-info';
import type { ObjectStore } from '../../stores/object-store';

/** The export whose files are checked. */
interface CheckedExport {
  readonly exportName: string;
  readonly published: readonly ExportMonth[];
  /** Only states of this month are checked; undefined for all. */
  readonly month: Month | undefined;
}

/**
 * Returns the problems of an export outside its published months: files below data/ that no manifest names, and months
 * that are not done.
 */
export async function strayProblems(
  exports: ObjectStore,
  { exportName, published, month }: CheckedExport,
): Promise<string[]> {
  const named = await namedFiles(exports, exportName, published);
  const files = await exports.list(exportDataPrefix(exportName));
  const strays = files
    .filter(({ key }) => !named.has(key))
    .map(
      ({ key }) =>
        `${exports.describe(key)}: found a file that no manifest names, and Athena reads it; remove it`,
    );
  try {
    const states = (await MonthStates.read(exports, exportName)).all();
    const undone = states.filter(
      (state) => state.status !== 'done' && (month === undefined || state.month === month),
    );
    const texts = undone.map(
      (state) =>
        `${state.month} ${state.modelVersion}: found status ${state.status}, expected done${state.error === undefined ? '' : ` (${state.error})`}`,
    );
    return [...strays, ...texts];
  } catch (error) {
    return [...strays, `the state of a month cannot be read: ${reasonOf(error)}`];
  }
}

/**
 * Keys of the files that manifests name. A manifest that cannot be read is a difference of its month: the files that it may
 * name are not to be removed.
 */
async function namedFiles(
  exports: ObjectStore,
  exportName: string,
  published: readonly ExportMonth[],
): Promise<ReadonlySet<string>> {
  const named = new Set<string>();
  for (const at of published) {
    const manifest = await readManifest(exports, exportName, at).catch(() => undefined);
    if (manifest !== undefined) named.add(manifest.file.key);
    else for (const format of EXPORT_FORMATS) named.add(dataKey(exportName, at, format));
  }
  return named;
}

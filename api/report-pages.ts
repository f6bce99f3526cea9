import { reasonOf } from '../shared/base/error-info';
import { stopping } from '../shared/base/stopping';
import type { ExportSettings } from '../shared/exports/export-settings';
import { publishedMonths } from '../shared/exports/published-months';
import { writeReportPage } from '../shared/report/report-page';
import type { ObjectStore } from '../shared/stores/object-store';
import { reportTemplate } from './report-template';

/** What a run wrote. */
export interface WrittenExports {
  readonly exports: ObjectStore;
  readonly settings: readonly ExportSettings[];
}

/**
 * Writes the report page of each export that is not broken down and has a month. A page that is up to date stays. A page
 * that cannot be written does not fail the run: the exports are complete without it.
 *
 * @param onNotice is called where a page cannot be written
 * @returns the keys of the pages
 */
export async function writeRunPages(
  { exports, settings }: WrittenExports,
  onNotice: (message: string) => void = () => undefined,
): Promise<string[]> {
  const template = reportTemplate();
  // With both formats, the CSV has the same rows as the Parquet.
  const [first] = settings;
  const plain = settings.filter(
    ({ breakdown, format }) => breakdown === undefined && format === first?.format,
  );
  const pages: string[] = [];
  for (const { exportName } of template === undefined ? [] : plain) {
    try {
      if ((await publishedMonths(exports, exportName)).length === 0) continue;
      pages.push(await writeReportPage({ exports, exportName, template: template ?? '' }));
    } catch (error) {
      if (stopping.aborted) throw error;
      onNotice(
        `The report page of ${exportName} was not written: ${reasonOf(error)}. The exports are complete.`,
      );
    }
  }
  return pages;
}

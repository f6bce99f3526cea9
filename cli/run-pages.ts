import { reasonOf } from '../shared/base/error-info';
import { stopping } from '../shared/base/stopping';
import type { ExportSettings } from '../shared/exports/export-settings';
import { reportKey } from '../shared/exports/layout';
import { writeReportPage } from '../shared/report/report-page';
import type { RunReport } from '../shared/runs/run-export';
import type { ObjectStore } from '../shared/stores/object-store';
import { reportTemplate } from './report-template';

/** What a run wrote. */
export interface WrittenExports {
  readonly exports: ObjectStore;
  readonly settings: readonly ExportSettings[];
  readonly reports: readonly RunReport[];
}

/**
 * Writes the report page of each export that is not broken down; a page that exists stays where the run published nothing.
 * A page that cannot be written does not fail the run: the exports are complete without it.
 *
 * @returns the keys of the pages
 */
export async function writeRunPages({ exports, settings, reports }: WrittenExports): Promise<string[]> {
  const template = reportTemplate();
  // With both formats, the CSV has the same rows as the Parquet.
  const [first] = settings;
  const plain = settings.filter(
    ({ breakdown, format }) => breakdown === undefined && format === first?.format,
  );
  const hasPublished = reports.some(({ months }) => months.some(({ status }) => status === 'published'));
  const pages: string[] = [];
  for (const { exportName } of template === undefined ? [] : plain) {
    try {
      const present = await exports.list(reportKey(exportName));
      if (hasPublished || present.length === 0)
        await writeReportPage({ exports, exportName, template: template ?? '' });
      pages.push(reportKey(exportName));
    } catch (error) {
      if (stopping.aborted) throw error;
      console.error(
        `The report page of ${exportName} was not written: ${reasonOf(error)}. The exports are complete.`,
      );
    }
  }
  return pages;
}

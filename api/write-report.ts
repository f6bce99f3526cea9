import { writeFile } from 'node:fs/promises';
import { CarbonError } from '../shared/base/carbon-error';
import { makeReportPage, writeReportPage } from '../shared/report/report-page';
import { assertFolder, EXPORTS_FOLDER } from '../shared/runs/check-places';
import { openStore } from '../shared/stores/open-store';
import { chosenExport } from './chosen-export';
import { pagePlace, reportTemplate } from './report-template';
import { withScratch } from './with-scratch';

/** The export of a report page, and its file. */
export interface ReportOptions {
  /** Folder of the exports, or `s3://bucket/prefix`. */
  readonly out: string;
  /** @default - the only export, or carbon-emissions among several */
  readonly exportName?: string;
  /** File of the page. @default - report.html beside the data of the export */
  readonly html?: string;
}

/**
 * Writes the report page of an export: one HTML file that needs no network.
 *
 * @returns the place of the page
 * @throws CarbonError of kind usage for a wrong option or location, of kind state where the program is not compiled
 */
export async function writeReport({ out, exportName: asked, html }: ReportOptions): Promise<string> {
  await assertFolder(out, EXPORTS_FOLDER);
  const template = reportTemplate();
  if (template === undefined) {
    throw new CarbonError('state', 'report.html is missing beside the program; build it with npm run build');
  }
  return withScratch(async (scratch) => {
    const exports = await openStore(out, scratch);
    const request = { exports, exportName: await chosenExport(exports, out, asked), template };
    if (html === undefined) return pagePlace(out, await writeReportPage(request));
    await writeFile(html, await makeReportPage(request));
    return html;
  });
}

import { gzipSync, strToU8 } from 'fflate';
import { reportKey } from '../exports/layout';
import type { DuckLimits } from '../sql/duck-session';
import type { ObjectStore } from '../stores/object-store';
import { readReport } from './read-report';
import type { ReportData } from './report-data';

/** Where the template of the page has its data. */
const PLACE_OF_DATA = '<!--report-data-->';

/**
 * Returns the page. Its data are compressed by a library in JavaScript: zlib writes other bytes on other processors. Base64
 * has no character that HTML reads, so no text of the inputs is part of the document.
 *
 * @param template the page without data, as `npm run build` writes it
 */
export function reportPage(template: string, data: ReportData): string {
  const content = gzipSync(strToU8(JSON.stringify(data)), { level: 9, mtime: 0 });
  return template.replace(PLACE_OF_DATA, () => Buffer.from(content).toString('base64'));
}

/** The export that a page is written for. */
export interface PageRequest {
  readonly exports: ObjectStore;
  readonly exportName: string;
  readonly template: string;
  readonly limits?: DuckLimits;
}

/** Writes the page beside the export's data, unless it is unchanged. Returns its key. */
export async function writeReportPage({ template, ...request }: PageRequest): Promise<string> {
  const { exports, exportName } = request;
  const page = Buffer.from(reportPage(template, await readReport(request)));
  const key = reportKey(exportName);
  const present = await exports.get(key);
  if (present?.body.equals(page) !== true) await exports.put(key, page);
  return key;
}

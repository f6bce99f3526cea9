import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { reasonOf } from '../shared/base/error-info';
import { defined } from '../shared/base/defined';
import { publishedMonths } from '../shared/exports/published-months';
import { writeReportPage } from '../shared/report/report-page';
import type { ObjectStore } from '../shared/stores/object-store';
import { parseS3Location } from '../shared/stores/open-store';
import { logger } from './telemetry';

/** Half of the function's memory is for the engine, the rest for the page itself. */
const MEMORY_LIMIT = '1GB';

/**
 * Brings the report page up to date and returns its address in the console. A page that cannot be written does not fail the
 * run: the exports are complete without it, and the next run tries again.
 *
 * @returns undefined where the export has no month, or the page could not be written
 */
export async function publishedPage(
  exports: ObjectStore,
  exportName: string,
  scratch: string,
): Promise<string | undefined> {
  try {
    if ((await publishedMonths(exports, exportName)).length === 0) return undefined;
    const template = readFileSync(join(__dirname, 'report.html'), 'utf8');
    const limits = { memoryLimit: MEMORY_LIMIT, scratchParent: scratch };
    const key = await writeReportPage({ exports, exportName, template, limits });
    return consoleAddress(exports.uri(key));
  } catch (error) {
    logger.warn('The report page was not written; the exports are complete', { reason: reasonOf(error) });
    return undefined;
  }
}

/** Returns the address of an object in the console of S3, which needs a person who has signed in. */
function consoleAddress(uri: string): string | undefined {
  const place = parseS3Location(uri);
  if (place === undefined) return undefined;
  const query = new URLSearchParams({
    ...defined({ region: process.env['AWS_REGION'] }),
    prefix: place.prefix,
  });
  return `https://console.aws.amazon.com/s3/object/${place.bucket}?${query.toString()}`;
}

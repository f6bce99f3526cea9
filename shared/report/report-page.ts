import { createHash } from 'node:crypto';
import { gzipSync, strToU8 } from 'fflate';
import { hashOf } from '../base/fingerprint';
import { exportMetadataPrefix, pageListingKey, reportKey } from '../exports/layout';
import { publishedMonths, readManifest } from '../exports/published-months';
import { newestAccountsTable } from '../organization/accounts-table';
import type { DuckLimits } from '../sql/duck-instance';
import { listingDigest, type ObjectStore, type StoredObject } from '../stores/object-store';
import { readReport } from './read-report';
import { breakdownsOf } from './report-breakdowns';
import type { ReportData } from './report-data';

/** Where the template of the page has its data, and the hash of what it is made from. */
const PLACES = { data: '<!--report-data-->', state: 'REPORT-STATE' } as const;

/** The export that a page is made of. */
export interface PageRequest {
  readonly exports: ObjectStore;
  readonly exportName: string;
  /** The page without data, as `npm run build` writes it. */
  readonly template: string;
  readonly limits?: DuckLimits;
}

/**
 * Returns the page of an export.
 *
 * @throws CarbonError of kind state when the export has no published month
 */
export async function makeReportPage(request: PageRequest): Promise<string> {
  const state = await stateOf(request);
  return reportPage(request.template, await readReport(request), state);
}

/**
 * Returns a page with its data, which are compressed by a library in JavaScript: zlib writes other bytes on other processors.
 * Base64 has no character that HTML reads, so no text of the inputs is part of the document.
 */
export function reportPage(template: string, data: ReportData, state: string): string {
  const content = gzipSync(strToU8(JSON.stringify(data)), { level: 9, mtime: 0 });
  return template
    .replace(PLACES.state, state)
    .replace(PLACES.data, () => Buffer.from(content).toString('base64'));
}

/**
 * Writes the page beside the export's data, unless the present page is made from the same. Returns its key. Nothing is read
 * where the page and what it is made from are listed as they were when it was last up to date.
 *
 * @throws CarbonError of kind state when the export has no published month
 */
export async function writeReportPage(request: PageRequest): Promise<string> {
  const { exports, exportName, template } = request;
  const key = reportKey(exportName);
  const sources = await listedSources(request);
  const known = await exports.get(pageListingKey(exportName));
  if (known !== undefined && known.body.toString('utf8') === (await pageListing(request, sources)))
    return key;
  const state = await stateOf(request);
  const present = await exports.get(key);
  if (present?.body.includes(state) !== true) {
    await exports.put(key, reportPage(template, await readReport(request), state));
  }
  const listing = await pageListing(request, sources);
  if (listing !== undefined) await exports.put(pageListingKey(exportName), listing);
  return key;
}

/** Returns what the page is made from, listed before it is read. */
async function listedSources({ exports, exportName }: PageRequest): Promise<StoredObject[]> {
  const ofBreakdowns = await exports.list(`${exportName}-by-`);
  const accounts = await newestAccountsTable(exports);
  return [
    ...(await exports.list(exportMetadataPrefix(exportName))),
    ...ofBreakdowns.filter(({ key }) => /^[^/]+\/(metadata\/|state\/export\.json$)/.test(key)),
    ...(accounts === undefined ? [] : [accounts]),
  ];
}

/** Returns a digest of the page and its sources; undefined where one of them was written just now. */
async function pageListing(
  { exports, exportName, template }: PageRequest,
  sources: readonly StoredObject[],
): Promise<string | undefined> {
  const page = await exports.list(reportKey(exportName));
  return listingDigest([...sources, ...page], [sha256(template)]);
}

/**
 * Returns a hash of what the page is made from: its code, the published months of the export and its breakdowns, and the
 * accounts. A page with this hash is up to date; one that a killed run left is not. No data are read for it.
 */
async function stateOf({ exports, exportName, template }: PageRequest): Promise<string> {
  const breakdowns = await breakdownsOf(exports, exportName);
  const executions: (string | undefined)[] = [];
  for (const name of [exportName, ...breakdowns.map((breakdown) => breakdown.name)]) {
    for (const at of await publishedMonths(exports, name)) {
      executions.push((await readManifest(exports, name, at))?.executionId);
    }
  }
  const table = await newestAccountsTable(exports);
  const accounts = table && (await exports.get(table.key));
  return hashOf([sha256(template), executions, accounts === undefined ? '' : sha256(accounts.body)]);
}

function sha256(content: string | Buffer): string {
  return createHash('sha256').update(content).digest('hex');
}

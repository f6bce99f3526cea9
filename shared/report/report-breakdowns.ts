import { breakdownExportName, breakdownText } from '../exports/breakdown';
import { breakdownOfExport } from '../exports/fixed-settings';
import { publishedMonths, readManifest } from '../exports/published-months';
import type { DuckSession } from '../sql/duck-session';
import type { ObjectStore } from '../stores/object-store';
import { figureForms, reportCube } from './report-cube';
import type { ReportData } from './report-data';
import { shortened } from './report-accounts';
import { type AllMembers, membersOf, placedRows } from './report-members';
import { type PlacedManifest, withReportRows } from './report-rows';

/** Breakdowns that the page has, by name. */
const SHOWN_BREAKDOWNS = 4;

/** Values of a breakdown that the page has: the largest ones. */
const SHOWN_VALUES = 300;

/** What the breakdowns of an export are read with. */
export interface BreakdownRequest {
  readonly exports: ObjectStore;
  readonly exportName: string;
  /** The months of the export itself. */
  readonly months: readonly PlacedManifest[];
  readonly members: AllMembers;
  /** Largest number of values of all breakdowns. */
  readonly budget: number;
}

/** Returns the breakdowns of an export in its own months, and how many are left out. */
export async function reportBreakdowns(
  session: DuckSession,
  request: BreakdownRequest,
): Promise<Pick<ReportData, 'breakdowns' | 'moreBreakdowns'>> {
  const all = await breakdownsOf(request.exports, request.exportName);
  const shown = all.slice(0, SHOWN_BREAKDOWNS);
  const breakdowns: ReportData['breakdowns'] = [];
  for (const { by, name } of shown) {
    const months = await sameMonths(request, name);
    if (months.length === 0) continue;
    const { value, placed } = await withReportRows(
      session,
      request.exports,
      { months, isBrokenDown: true },
      async (rows) => {
        const values = await membersOf(session, rows, 'value', SHOWN_VALUES);
        return {
          value: values,
          placed: await placedRows(session, rows, { ...request.members, value: values }),
        };
      },
    );
    const cube = await reportCube(session, placed, await figureForms(session, placed), {
      dimensions: ['value', 'account', 'region', 'service'],
      covered: new Set(months.map(({ period }) => period)),
      ...{ periods: request.months.length, digits: 5, budget: Math.floor(request.budget / shown.length) },
    });
    breakdowns.push({ by, exportName: name, values: value.kept.map(shortened), cube });
    await session.drop(placed);
  }
  return { breakdowns, moreBreakdowns: all.length - shown.length };
}

/** Returns the breakdowns of an export and the names of their exports, by the text of the breakdown. */
export async function breakdownsOf(
  exports: ObjectStore,
  exportName: string,
): Promise<{ readonly by: string; readonly name: string }[]> {
  const found: { readonly by: string; readonly name: string }[] = [];
  for (const { key } of await exports.list(`${exportName}-by-`)) {
    const name = /^([^/]+)\/state\/export\.json$/.exec(key)?.[1];
    const breakdown = name === undefined ? undefined : await breakdownOfExport(exports, name);
    if (name === undefined || breakdown === undefined) continue;
    if (breakdownExportName(exportName, breakdown) === name)
      found.push({ by: breakdownText(breakdown), name });
  }
  return found.sort((a, b) => (a.by < b.by ? -1 : 1));
}

/** Months of the breakdown that the export itself has, with the places of those. */
async function sameMonths(
  { exports, months }: BreakdownRequest,
  exportName: string,
): Promise<PlacedManifest[]> {
  const found: PlacedManifest[] = [];
  for (const at of await publishedMonths(exports, exportName)) {
    const same = months.find(
      ({ manifest }) => manifest.usagePeriod === at.month && manifest.modelVersion === at.modelVersion,
    );
    const manifest = same && (await readManifest(exports, exportName, at));
    if (same !== undefined && manifest !== undefined) found.push({ period: same.period, manifest });
  }
  return found;
}

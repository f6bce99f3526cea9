import { CarbonError } from '../base/carbon-error';
import type { Manifest } from '../exports/manifest';
import { publishedMonths, readManifest } from '../exports/published-months';
import type { DuckLimits } from '../sql/duck-instance';
import { type DuckSession, withSession } from '../sql/duck-session';
import type { ObjectStore } from '../stores/object-store';
import { namedAccounts } from './report-accounts';
import { reportBreakdowns } from './report-breakdowns';
import { type FigureForms, figureForms, reportCube } from './report-cube';
import type { ReportCube, ReportData, ReportPeriod } from './report-data';
import {
  type AllMembers,
  foldedRows,
  locationsOf,
  membersOf,
  type PlacedRows,
  placedRows,
} from './report-members';
import { reportPeriods } from './report-periods';
import { reportRestatements } from './report-restatements';
import { type PlacedManifest, placeRows, type ReportRows, withReportRows } from './report-rows';

/** Months and versions that the page has: the newest ones. */
const SHOWN_PERIODS = 120;

/** Rows that the page is made from: older months are left out above, so that its time and disk are limited. */
const READ_ROWS = 30_000_000;

/** Accounts that the page has: above, the smaller ones are folded into others. */
const SHOWN_ACCOUNTS = 1_000;

/** Values that the page has, in all cubes. */
const VALUES = { all: 420_000, places: 70_000, accounts: 191_000, breakdowns: 120_000 } as const;

/** The export that the page shows. */
export interface ReportRequest {
  readonly exports: ObjectStore;
  readonly exportName: string;
  readonly limits?: DuckLimits;
}

/**
 * Reads the data of the report page, from an export alone. The same export leads to the same data.
 *
 * @throws CarbonError of kind state when the export has no published month
 */
export function readReport({ exports, exportName, limits = {} }: ReportRequest): Promise<ReportData> {
  return withSession(limits, async (session) => {
    const months = await monthsOf(exports, exportName);
    const { members, locations, periods, placed } = await withReportRows(
      session,
      exports,
      { months, isBrokenDown: false },
      (rows) => readRows(session, rows, months),
    );
    const { accounts, asOf: accountsAsOf } = await namedAccounts(session, exports, members.account.kept);
    const request = { exports, exportName, months, members, budget: VALUES.breakdowns };
    const breakdowns = await reportBreakdowns(session, request);
    const used = breakdowns.breakdowns.map(({ cube }) => sizeOf(cube));
    return {
      format: 1,
      exportName,
      totals: months.some(({ manifest }) => manifest.awsTotals !== undefined) ? 'aws' : 'computed',
      asOf:
        periods
          .map(({ asOf }) => asOf)
          .sort()
          .at(-1) ?? '',
      ...{ accountsAsOf, periods: [...periods], accounts, foldedAccounts: members.account.folded },
      services: [...members.service.kept],
      regions: members.region.kept.map((code) => ({ code, location: locations.get(code) ?? '' })),
      cubes: await cubesOf(session, placed, months.length, sum(used)),
      ...breakdowns,
      restatements: await reportRestatements(exports, exportName, months),
    };
  });
}

/** What the page is made from. */
interface ReadRows {
  readonly members: AllMembers;
  readonly locations: ReadonlyMap<string, string>;
  readonly periods: readonly ReportPeriod[];
  readonly placed: PlacedRows;
}

async function readRows(
  session: DuckSession,
  rows: ReportRows,
  months: readonly PlacedManifest[],
): Promise<ReadRows> {
  const account = await membersOf(session, rows, 'account', accountLimit(months.length));
  const shown = await foldedRows(session, rows, account);
  const places = await placeRows(session, shown);
  const members: AllMembers = {
    account,
    region: await membersOf(session, places, 'region', Infinity),
    service: await membersOf(session, places, 'service', Infinity),
    value: { kept: [], folded: 0 },
  };
  return {
    members,
    locations: await locationsOf(session, places),
    periods: await reportPeriods(session, places, months),
    placed: await placedRows(session, shown, members),
  };
}

async function monthsOf(exports: ObjectStore, exportName: string): Promise<PlacedManifest[]> {
  const published = (await publishedMonths(exports, exportName)).slice(-SHOWN_PERIODS);
  const newestFirst: Manifest[] = [];
  let rows = 0;
  for (const at of published.reverse()) {
    const manifest = await readManifest(exports, exportName, at);
    if (manifest === undefined) continue;
    rows += manifest.file.rows;
    if (newestFirst.length > 0 && rows > READ_ROWS) break;
    newestFirst.push(manifest);
  }
  if (newestFirst.length > 0) return newestFirst.reverse().map((manifest, period) => ({ period, manifest }));
  throw new CarbonError(
    'state',
    `${exports.describe(exportName)}: found no published month, expected at least one; run first`,
  );
}

/** Figures that a cube stores where all scopes are known: totals are their sums. */
const STORED_FIGURES = 5;

/** Fewer accounts where there are many months, so that the page stays small. */
function accountLimit(periods: number): number {
  return Math.min(SHOWN_ACCOUNTS, Math.floor(VALUES.accounts / (periods * STORED_FIGURES)));
}

async function cubesOf(
  session: DuckSession,
  placed: PlacedRows,
  periods: number,
  used: number,
): Promise<ReportData['cubes']> {
  const forms: FigureForms = await figureForms(session, placed);
  const places = await reportCube(session, placed, forms, {
    dimensions: ['region', 'service'],
    ...{ periods, digits: 6, budget: VALUES.places },
  });
  const accounts = await reportCube(session, placed, forms, {
    dimensions: ['account'],
    ...{ periods, digits: 6, budget: VALUES.accounts },
  });
  const left = VALUES.all - used - sizeOf(places) - sizeOf(accounts);
  const detail = await reportCube(session, placed, forms, {
    dimensions: ['account', 'region', 'service'],
    ...{ periods, digits: 5, budget: left },
  });
  return { places, accounts, detail };
}

function sizeOf({ figures }: ReportCube): number {
  return sum(Object.values(figures).map((values) => (Array.isArray(values) ? values.length : 0)));
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

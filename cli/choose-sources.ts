import { resolve } from 'node:path';
import { CarbonError } from '../shared/base/carbon-error';
import { errorMessage, knownReason } from '../shared/base/error-info';
import type { FoundExport } from '../shared/compute/aws-totals/find-exports';
import { BILL_TABLES, type BillTable } from '../shared/usage/bills/bill-tables';
import { DELIVERED_NAMES, type DeliveredTable } from '../shared/usage/column-names';
import { howToCreate } from './create-exports';

/** Locations and the kind of bills that the user named. */
export interface NamedSources {
  readonly carbon?: string;
  readonly bills?: string;
  readonly billsTable?: BillTable;
}

/** What `init` needs from the world. */
export interface InitPorts {
  /** Lists the exports that the present credentials can list. */
  readonly find: () => Promise<readonly FoundExport[]>;
  /** The table of the files at a location, `unknown` for others; undefined where there is no file. */
  readonly look: (location: string) => Promise<DeliveredTable | 'unknown' | undefined>;
  /** Asks a person; undefined where no one is there to answer. */
  readonly ask?: (question: string) => Promise<string>;
}

/** Locations of the two exports. */
export type Sources = Readonly<Partial<Record<FoundExport['table'], string>>>;

/** A location, and its table where that is known. */
interface Chosen {
  readonly location: string;
  readonly table?: DeliveredTable;
}

/**
 * Returns the two locations: those of the options, otherwise the only exports that exist, otherwise the answers of a person.
 * Locations that were not found in AWS Data Exports are read: they must have files of the right table.
 *
 * @throws CarbonError of kind usage when a location is missing and no one can be asked, or has no such files
 */
export async function chooseSources(
  { carbon, bills, billsTable }: NamedSources,
  ports: InitPorts,
): Promise<Sources> {
  const isComplete = carbon !== undefined && bills !== undefined;
  const known = isComplete ? { exports: [] } : await found(ports.find);
  const carbonAt = carbon === undefined ? await choose('aws_carbon', known, ports) : { location: carbon };
  const billsAt = bills === undefined ? await choose('bills', known, ports) : { location: bills };
  const location = placeOf(billsAt.location);
  const table = billsAt.table ?? (await billsTableOf(location, billsTable, ports));
  return { aws_carbon: await carbonLocation(carbonAt, ports), [table]: location };
}

/** A folder is written with its full path: a relative one would be below the estate. */
function placeOf(location: string): string {
  return location.startsWith('s3:') ? location : resolve(location);
}

async function carbonLocation(chosen: Chosen, { look }: InitPorts): Promise<string> {
  const location = placeOf(chosen.location);
  const table = chosen.table ?? (await look(location));
  if (table === 'aws_carbon') return location;
  throw wrongPlace(location, table, DELIVERED_NAMES.aws_carbon, ['aws_carbon']);
}

async function billsTableOf(
  location: string,
  asked: BillTable | undefined,
  { look, ask }: InitPorts,
): Promise<BillTable> {
  const table = await look(location);
  const expected = asked === undefined ? 'FOCUS or CUR 2.0' : DELIVERED_NAMES[asked];
  const isBills = table === 'focus' || table === 'cur';
  if (isBills && (asked === undefined || asked === table)) return table;
  if (table !== 'unknown') throw wrongPlace(location, table, expected, ['focus', 'cur']);
  if (asked !== undefined) return asked;
  const answer = await ask?.(`${location}: are these bills FOCUS or CUR 2.0? (focus or cur): `);
  const named = BILL_TABLES.find((each) => each === answer?.trim().toLowerCase());
  if (named !== undefined) return named;
  throw new CarbonError(
    'usage',
    `${location}: found other columns than those of FOCUS and CUR 2.0; name the kind with --bills-table`,
  );
}

function wrongPlace(
  location: string,
  table: DeliveredTable | 'unknown' | undefined,
  expected: string,
  create: readonly DeliveredTable[],
): CarbonError {
  if (table === undefined)
    return new CarbonError(
      'usage',
      `${location}: found no data files, expected ${expected}\n${howToCreate(create)}`,
    );
  const name = table === 'unknown' ? 'other columns' : DELIVERED_NAMES[table];
  return new CarbonError('usage', `${location}: found ${name}, expected ${expected}`);
}

const WANTED = {
  aws_carbon: { what: 'carbon export', option: '--carbon', tables: ['aws_carbon'] },
  bills: { what: 'FOCUS or CUR 2.0 export', option: '--bills', tables: ['focus', 'cur'] },
} as const;

async function choose(
  wanted: keyof typeof WANTED,
  { exports, failure }: Found,
  { ask }: InitPorts,
): Promise<Chosen> {
  const { what, option, tables } = WANTED[wanted];
  const candidates = exports.filter(({ table }) => tables.some((each) => each === table));
  const [only, ...others] = candidates;
  if (only !== undefined && others.length === 0) return only;
  const list = candidates.map(({ location, table }) => `${location} (${DELIVERED_NAMES[table]})`).join(', ');
  const why =
    failure ??
    (only === undefined
      ? `AWS Data Exports: found no ${what}, expected one`
      : `AWS Data Exports: found several of ${what}, expected one: ${list}`);
  const advice =
    failure === undefined
      ? `set ${option} to its location`
      : `sign in (aws sso login), or set ${option} to the location of the ${what}`;
  const how = only === undefined ? `\n${howToCreate(tables)}` : '';
  if (ask === undefined) throw new CarbonError('usage', `${why}; ${advice}${how}`);
  const location = (
    await ask(`${why}${how}\nLocation of the ${what} (s3://bucket/prefix/name, or a folder): `)
  ).trim();
  if (location === '')
    throw new CarbonError('usage', `${option}: found nothing, expected the location of the ${what}`);
  return candidates.find((candidate) => candidate.location === location) ?? { location };
}

/** The exports of AWS Data Exports, or why they are unknown. */
interface Found {
  readonly exports: readonly FoundExport[];
  readonly failure?: string;
}

/** Credentials may be missing, or see nothing: then the locations have to be given. */
async function found(find: InitPorts['find']): Promise<Found> {
  try {
    return { exports: await find() };
  } catch (error) {
    return {
      exports: [],
      failure: `AWS Data Exports: found no access (${knownReason(error) ?? errorMessage(error)})`,
    };
  }
}

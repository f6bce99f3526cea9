import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { BCMDataExportsClient } from '@aws-sdk/client-bcm-data-exports';
import { type Command, Option } from 'commander';
import { withScratch } from '../api/with-scratch';
import { startingEstate } from '../sample/starting-estate';
import { CarbonError } from '../shared/base/carbon-error';
import { errorMessage } from '../shared/base/error-info';
import { addMonths, monthOfInstant } from '../shared/base/month';
import { findExports, type FoundExport } from '../shared/compute/aws-totals/find-exports';
import { TABLE_FILE } from '../shared/estate/data-export-layout';
import { SETTINGS_FILE } from '../shared/estate/estate-settings';
import { withSession } from '../shared/sql/duck-session';
import { openStore } from '../shared/stores/open-store';
import { BILL_TABLES, type BillTable } from '../shared/usage/bills/bill-tables';
import { DELIVERED_NAMES, type DeliveredTable, deliveredTableOf } from '../shared/usage/column-names';
import { scanContent } from '../shared/usage/lines/duck-engine';
import { howToCreate } from './create-exports';

/** Data Exports is a service of one Region; its buckets can be in any Region. */
const DATA_EXPORTS_REGION = 'us-east-1';

interface InitOptions {
  readonly inputs: string;
  readonly fromAws: boolean;
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

/** Defines the verb `init`. */
export function defineInit(verb: Command, finish: (exitCode: number) => void): void {
  verb
    .requiredOption('--inputs <dir>', 'folder of the estate')
    .option('--from-aws', "an estate that reads AWS's carbon export and bills where they are stored", false)
    .option('--carbon <location>', 'the carbon export: s3://bucket/prefix/name, or a folder')
    .option('--bills <location>', 'the FOCUS or CUR 2.0 export: s3://bucket/prefix/name, or a folder')
    .addOption(
      new Option('--bills-table <table>', 'kind of the bills (default: as their columns say)').choices([
        ...BILL_TABLES,
      ]),
    )
    .action(async (options: InitOptions) => {
      console.log(options.fromAws ? await initFromAws(options) : initEstate(options));
      finish(0);
    });
}

/** Writes a starting estate. Returns what was written, in words. */
function initEstate({ inputs, carbon, bills, billsTable }: InitOptions): string {
  if ([carbon, bills, billsTable].some((option) => option !== undefined)) {
    throw new CarbonError(
      'usage',
      "found --carbon, --bills or --bills-table, expected them with --from-aws; add --from-aws for an estate of AWS's own exports",
    );
  }
  if (existsSync(inputs) && readdirSync(inputs).length > 0) {
    throw new CarbonError('usage', `${inputs}: found files, expected a folder that is new or empty`);
  }
  const month = addMonths(monthOfInstant(new Date()), -1);
  const files = startingEstate(month);
  for (const [path, content] of files) {
    mkdirSync(dirname(join(inputs, path)), { recursive: true });
    writeFileSync(join(inputs, path), content, { flag: 'wx' });
  }
  return [
    `Wrote an estate of three clusters and two accounts for ${month} to ${inputs} (${String(files.size)} files). Its README.md explains every column.`,
    'Next:',
    `  carbon-exports validate --inputs ${inputs}`,
    `  carbon-exports run --inputs ${inputs} --out exports`,
  ].join('\n');
}

/** Writes settings.json with the locations of AWS's exports. Returns what was written, in words. */
async function initFromAws(options: InitOptions): Promise<string> {
  const path = join(options.inputs, SETTINGS_FILE);
  if (existsSync(path)) throw new CarbonError('usage', `${path} is there already; add "sources" to it`);
  const sources = await withScratch((scratch) => chooseSources(options, portsOfProcess(scratch)));
  mkdirSync(options.inputs, { recursive: true });
  writeFileSync(path, `${JSON.stringify({ sources }, undefined, 2)}\n`, { flag: 'wx' });
  const lines = Object.entries(sources).map(([table, location]) => `  ${table.padEnd(10)} ${location}`);
  return [
    `Wrote ${path}:`,
    ...lines,
    `Next: carbon-exports run --inputs ${options.inputs} --out exports`,
  ].join('\n');
}

/** A location, and its table where that is known. */
interface Chosen {
  readonly location: string;
  readonly table?: DeliveredTable;
}

/**
 * Returns the two locations: those of the options, otherwise the only exports that exist, otherwise the answers of a person.
 * Locations that were not found in AWS Data Exports are looked at: they must have files of the right table.
 *
 * @throws CarbonError of kind usage when a location is missing and no one can be asked, or has no such files
 */
export async function chooseSources(
  { carbon, bills, billsTable }: Pick<InitOptions, 'carbon' | 'bills' | 'billsTable'>,
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
    failure ?? (only === undefined ? `there is no ${what}` : `there are several of ${what}: ${list}`);
  const how = only === undefined ? `\n${howToCreate(tables)}` : '';
  if (ask === undefined) throw new CarbonError('usage', `${why}; name it with ${option}${how}`);
  const location = (
    await ask(`${why}${how}\nLocation of the ${what} (s3://bucket/prefix/name, or a folder): `)
  ).trim();
  if (location === '') throw new CarbonError('usage', `no location of the ${what} was given`);
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
    return { exports: [], failure: `AWS Data Exports could not be asked (${errorMessage(error)})` };
  }
}

/** Reads the columns of the smallest file at a location. */
async function lookAt(location: string, scratch: string): Promise<DeliveredTable | 'unknown' | undefined> {
  try {
    const store = await openStore(location, scratch);
    const files = (await store.list('')).filter(({ key }) => TABLE_FILE.test(key));
    const [smallest] = files.sort((a, b) => a.size - b.size);
    if (smallest === undefined) return undefined;
    const copy = await store.localCopy(smallest.key);
    return await withSession({}, async (session) => {
      const { header, types } = await scanContent(session, smallest.key, copy.path);
      return deliveredTableOf(header ?? types?.keys() ?? []) ?? 'unknown';
    });
  } catch (error) {
    throw new CarbonError('usage', `${location}: cannot be read (${errorMessage(error)})`);
  }
}

function portsOfProcess(scratch: string): InitPorts {
  const find = (): Promise<FoundExport[]> =>
    findExports(new BCMDataExportsClient({ region: DATA_EXPORTS_REGION }));
  const look = (location: string): ReturnType<InitPorts['look']> => lookAt(location, scratch);
  if (!process.stdin.isTTY) return { find, look };
  const ask = async (question: string): Promise<string> => {
    const lines = createInterface({ input: process.stdin, output: process.stdout });
    try {
      return await lines.question(question);
    } finally {
      lines.close();
    }
  };
  return { find, look, ask };
}

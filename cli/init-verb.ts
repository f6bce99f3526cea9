import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { BCMDataExportsClient } from '@aws-sdk/client-bcm-data-exports';
import { type Command, Option } from 'commander';
import { CarbonError } from '../shared/base/carbon-error';
import { errorMessage } from '../shared/base/error-info';
import { findExports, type FoundExport } from '../shared/compute/aws-totals/find-exports';
import { SETTINGS_FILE } from '../shared/estate/estate-settings';

/** Data Exports is a service of one Region; its buckets can be in any Region. */
const DATA_EXPORTS_REGION = 'us-east-1';

interface InitOptions {
  readonly inputs: string;
  readonly fromAws: true;
  readonly carbon?: string;
  readonly bills?: string;
  readonly billsTable: 'focus' | 'cur';
}

/** What `init` needs from the world. */
export interface InitPorts {
  /** Lists the exports that the present credentials can list. */
  readonly find: () => Promise<readonly FoundExport[]>;
  /** Asks a person; undefined where no person can answer. */
  readonly ask?: (question: string) => Promise<string>;
}

/** Locations of the two exports. */
export type Sources = Readonly<Partial<Record<FoundExport['table'], string>>>;

/** Adds the verb `init`. */
export function addInitVerb(program: Command, finish: (exitCode: number) => void): void {
  program
    .command('init')
    .description("write the settings of an estate that reads AWS's own exports where they lie")
    .requiredOption('--from-aws', "an estate of AWS's carbon export and bills")
    .requiredOption('--inputs <dir>', 'folder of the estate')
    .option('--carbon <location>', 'the carbon export: s3://bucket/prefix/name, or a folder')
    .option('--bills <location>', 'the FOCUS or CUR 2.0 export: s3://bucket/prefix/name, or a folder')
    .addOption(
      new Option('--bills-table <table>', 'what kind the bills of --bills are')
        .choices(['focus', 'cur'])
        .default('focus'),
    )
    .action(async (options: InitOptions) => {
      const path = join(options.inputs, SETTINGS_FILE);
      if (existsSync(path)) throw new CarbonError('usage', `${path} is there already; add "sources" to it`);
      const sources = await chooseSources(options, portsOfProcess());
      mkdirSync(options.inputs, { recursive: true });
      writeFileSync(path, `${JSON.stringify({ sources }, undefined, 2)}\n`, { flag: 'wx' });
      console.log(
        `Wrote ${path}:\n${Object.entries(sources)
          .map(([table, location]) => `  ${table.padEnd(10)} ${location}`)
          .join('\n')}\nNext: carbon-exports run --inputs ${options.inputs} --out exports`,
      );
      finish(0);
    });
}

/**
 * Returns the two locations: those of the options, else of the only exports, else those that a person enters.
 *
 * @throws CarbonError when one is missing and no person can be asked
 */
export async function chooseSources(
  { carbon, bills, billsTable }: Pick<InitOptions, 'carbon' | 'bills' | 'billsTable'>,
  { find, ask }: InitPorts,
): Promise<Sources> {
  const given = bills === undefined ? undefined : { table: billsTable, location: bills };
  if (carbon !== undefined && given !== undefined)
    return { aws_carbon: carbon, [given.table]: given.location };
  const { exports, failure } = await found(find);
  const choose = async (
    what: string,
    option: string,
    tables: readonly FoundExport['table'][],
  ): Promise<Pick<FoundExport, 'table' | 'location'>> => {
    const candidates = exports.filter(({ table }) => tables.includes(table));
    const [only, ...others] = candidates;
    if (only !== undefined && others.length === 0) return only;
    const list = candidates.map(({ location }) => location).join(', ');
    const why =
      failure ?? (candidates.length === 0 ? `there is no ${what}` : `there are several of ${what}: ${list}`);
    if (ask === undefined) throw new CarbonError('usage', `${why}; name it with ${option}`);
    const location = (await ask(`${why}\nLocation of the ${what} (s3://bucket/prefix/name): `)).trim();
    if (location === '') throw new CarbonError('usage', `no location of the ${what} was given`);
    const known = candidates.find((candidate) => candidate.location === location);
    return known ?? { table: tables.length === 1 ? (tables[0] ?? billsTable) : billsTable, location };
  };
  const carbonAt = carbon ?? (await choose('carbon export', '--carbon', ['aws_carbon'])).location;
  const billsAt = given ?? (await choose('FOCUS or CUR 2.0 export', '--bills', ['focus', 'cur']));
  return { aws_carbon: carbonAt, [billsAt.table]: billsAt.location };
}

/** Credentials may be missing or may not list exports: then the command needs the locations. */
async function found(
  find: InitPorts['find'],
): Promise<{ readonly exports: readonly FoundExport[]; readonly failure?: string }> {
  try {
    return { exports: await find() };
  } catch (error) {
    return { exports: [], failure: `AWS Data Exports could not be asked (${errorMessage(error)})` };
  }
}

function portsOfProcess(): InitPorts {
  const find = (): Promise<FoundExport[]> =>
    findExports(new BCMDataExportsClient({ region: DATA_EXPORTS_REGION }));
  if (!process.stdin.isTTY) return { find };
  const ask = async (question: string): Promise<string> => {
    const lines = createInterface({ input: process.stdin, output: process.stdout });
    try {
      return await lines.question(question);
    } finally {
      lines.close();
    }
  };
  return { find, ask };
}

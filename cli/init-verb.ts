import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type Command, Option } from 'commander';
import { withScratch } from '../api/with-scratch';
import { startingEstate } from '../sample/starting-estate';
import { CarbonError } from '../shared/base/carbon-error';
import { addMonths, type Month, monthOfInstant } from '../shared/base/month';
import { SETTINGS_FILE } from '../shared/estate/estate-settings';
import { BILL_TABLES } from '../shared/usage/bills/bill-tables';
import { chooseSources, type NamedSources, type Sources } from './choose-sources';
import { portsOfProcess } from './init-ports';
import { commandName } from './command-name';
import { jsonReport } from './json-report';

interface InitOptions extends NamedSources {
  readonly inputs: string;
  readonly fromAws: boolean;
  readonly json: boolean;
}

/** What `init` wrote. */
interface WrittenEstate {
  readonly inputs: string;
  /** Files below inputs. */
  readonly files: readonly string[];
  /** Month of the starting estate. */
  readonly month?: Month;
  /** Locations of AWS's exports, with --from-aws. */
  readonly sources?: Sources;
}

/** Defines the verb `init`. */
export function defineInit(verb: Command, finish: (exitCode: number) => void): void {
  verb
    .requiredOption('--inputs <dir>', 'folder of the estate')
    .option('--from-aws', "an estate that reads AWS's carbon export and bills where they are stored", false)
    .option(
      '--carbon <location>',
      'with --from-aws, the carbon export: s3://bucket/prefix/name, or a folder (default: the only one)',
    )
    .option('--bills <location>', 'with --from-aws, the FOCUS or CUR 2.0 export, likewise')
    .addOption(
      new Option(
        '--bills-table <table>',
        'with --from-aws, the kind of the bills (default: detected from their columns)',
      ).choices([...BILL_TABLES]),
    )
    .option('--json', 'ask nothing, and print what was written as JSON', false)
    .action(async (options: InitOptions) => {
      const written = options.fromAws ? await initFromAws(options) : initEstate(options);
      console.log(options.json ? jsonReport(written) : inWords(written));
      finish(0);
    });
}

/** Writes a starting estate. */
function initEstate({ inputs, carbon, bills, billsTable }: InitOptions): WrittenEstate {
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
  return { inputs, month, files: [...files.keys()].sort() };
}

/** Writes settings.json with the locations of AWS's exports. */
async function initFromAws(options: InitOptions): Promise<WrittenEstate> {
  const { inputs } = options;
  const path = join(inputs, SETTINGS_FILE);
  if (existsSync(path)) {
    throw new CarbonError('usage', `${path}: found a file, expected none; add "sources" to it by hand`);
  }
  const sources = await withScratch((scratch) => {
    const { ask, ...ports } = portsOfProcess(scratch);
    return chooseSources(options, options.json || ask === undefined ? ports : { ...ports, ask });
  });
  mkdirSync(inputs, { recursive: true });
  writeFileSync(path, `${JSON.stringify({ sources }, undefined, 2)}\n`, { flag: 'wx' });
  return { inputs, files: [SETTINGS_FILE], sources };
}

function inWords({ inputs, files, month, sources }: WrittenEstate): string {
  const command = commandName();
  const run = `${command} run --inputs ${inputs} --out exports`;
  if (sources === undefined) {
    return [
      `Wrote an estate of three clusters and two accounts for ${String(month)} to ${inputs} (${String(files.length)} files). Its README.md explains every column.`,
      'Next:',
      `  ${command} validate --inputs ${inputs}`,
      `  ${run}`,
    ].join('\n');
  }
  const lines = Object.entries(sources).map(([table, location]) => `  ${table.padEnd(10)} ${location}`);
  return [`Wrote ${join(inputs, SETTINGS_FILE)}:`, ...lines, `Next: ${run}`].join('\n');
}

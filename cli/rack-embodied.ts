import { type Command, InvalidArgumentError } from 'commander';
import { ARCHETYPE_SOURCE, serverKg, type ServerParts } from '../shared/audit/factors/server-archetype';
import { csvField } from '../shared/base/csv-field';
import { jsonReport } from './json-report';
import { day, positiveInteger, wholeNumber } from './option-values';

interface RackOptions extends ServerParts {
  readonly rack: string;
  readonly cluster: string;
  readonly inService: string;
  readonly servers: number;
  readonly json: boolean;
}

/** Defines `factors rack`, which writes a row of rack_embodied from the parts of a rack's servers. */
export function defineRack(factors: Command): void {
  factors
    .command('rack')
    .description('print a row of rack_embodied.csv that is estimated from the parts of the servers of a rack')
    .requiredOption('--rack <id>', 'rack_id')
    .requiredOption('--cluster <id>', 'cluster_id')
    .requiredOption('--in-service <YYYY-MM-DD>', 'in_service_on', day)
    .requiredOption('--servers <n>', 'servers in the rack', positiveInteger)
    .requiredOption('--cpus <n>', 'CPUs of a server', positiveInteger)
    .requiredOption('--cpu-die-cm2 <area>', 'silicon of a CPU, cm2', aboveZero)
    .requiredOption('--ram-modules <n>', 'memory modules of a server', positiveInteger)
    .requiredOption('--ram-gb <size>', 'size of a module, GB', aboveZero)
    .requiredOption('--ram-gb-per-cm2 <density>', 'GB per cm2 of its silicon', aboveZero)
    .option('--ssds <n>', 'SSDs of a server', wholeNumber, 0)
    .option('--ssd-gb <size>', 'size of an SSD, GB', aboveZero, 1)
    .option('--ssd-gb-per-cm2 <density>', 'GB per cm2 of its silicon', aboveZero, 1)
    .option('--hdds <n>', 'hard disks of a server', wholeNumber, 0)
    .requiredOption('--power-supply-kg <mass>', 'mass of the power supplies of a server, kg', aboveZero)
    .option('--json', 'print the row as JSON', false)
    .action((options: RackOptions) => {
      const row = rowOf(options);
      console.log(options.json ? jsonReport(row) : csvOf(row));
    });
}

/** Returns a row of rack_embodied.csv. */
function rowOf(options: RackOptions): Readonly<Record<string, string | number>> {
  return {
    rack_id: options.rack,
    cluster_id: options.cluster,
    in_service_on: options.inService,
    embodied_kg: Number((options.servers * serverKg(options)).toFixed(2)),
    method: 'category_average',
    source: ARCHETYPE_SOURCE,
  };
}

function csvOf(row: Readonly<Record<string, string | number>>): string {
  const fields = Object.values(row).map((value) =>
    csvField(typeof value === 'number' ? value.toFixed(2) : value),
  );
  return `${Object.keys(row).join(',')}\n${fields.join(',')}`;
}

/** @throws InvalidArgumentError when a text is not a number above 0 */
function aboveZero(text: string): number {
  if (!/^\d+(\.\d+)?$/.test(text) || Number(text) === 0) {
    throw new InvalidArgumentError('expected a number above 0, such as 6.94');
  }
  return Number(text);
}

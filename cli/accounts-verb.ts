import type { Command } from 'commander';
import { withScratch } from '../api/with-scratch';
import type { Month } from '../shared/base/month';
import { openInputs } from '../shared/estate/open-inputs';
import { readListAccountsFiles } from '../shared/organization/list-accounts-file';
import {
  differenceInWords,
  refreshSnapshot,
  type SnapshotDifference,
} from '../shared/organization/refresh-snapshot';
import { assertFolder, assertPlaces } from '../shared/runs/check-places';
import { openStore } from '../shared/stores/open-store';
import { jsonReport } from './json-report';
import { day, month } from './option-values';

interface RefreshOptions {
  readonly inputs: string;
  readonly out: string;
  readonly month: Month;
  readonly asOf?: string;
  readonly json: boolean;
}

/** Defines the verb `accounts` with `accounts refresh`. */
export function defineAccounts(verb: Command, finish: (exitCode: number) => void): void {
  verb
    .command('refresh')
    .description('replace the snapshot of a month by accounts.json; the replaced one stays in history')
    .requiredOption('--inputs <location>', 'folder of the estate, or s3://bucket/prefix')
    .requiredOption('--out <location>', 'folder of the exports, or s3://bucket/prefix')
    .requiredOption('--month <YYYY-MM>', 'month of the snapshot', month)
    .option('--as-of <YYYY-MM-DD>', 'day on which the list was made (default: today, UTC)', day)
    .option('--json', 'print what changed as JSON', false)
    .action(async (options: RefreshOptions) => {
      const difference = await withScratch((scratch) => refresh(options, scratch));
      console.log(options.json ? inJson(options, difference) : inWords(options, difference));
      finish(0);
    });
}

async function refresh(
  { inputs, out, month: of, asOf }: RefreshOptions,
  scratch: string,
): Promise<SnapshotDifference | undefined> {
  await assertPlaces(inputs, out);
  await assertFolder(out, 'the folder of the exports, or s3://bucket/prefix');
  const today = new Date().toISOString().slice(0, 10);
  const store = await openInputs(inputs, scratch);
  const now = await readListAccountsFiles(store, `${asOf ?? today}T00:00:00.000Z`);
  return refreshSnapshot({ exports: await openStore(out, scratch), month: of, scratch, now });
}

function inJson({ month: of }: RefreshOptions, difference: SnapshotDifference | undefined): string {
  const counts = difference ?? { added: 0, notListed: 0, changed: 0 };
  return jsonReport({ month: of, replaced: difference !== undefined, ...counts });
}

function inWords({ month: of }: RefreshOptions, difference: SnapshotDifference | undefined): string {
  if (difference === undefined) return `The snapshot of ${of} has the same accounts and stays.`;
  return `The snapshot of ${of} is replaced: ${differenceInWords(difference)}. The next run updates the months that use it.`;
}

import type { Command } from 'commander';
import type { Month } from '../shared/base/month';
import { openInputs } from '../shared/estate/open-inputs';
import { readListAccountsFiles } from '../shared/organization/list-accounts-file';
import { differenceInWords, refreshSnapshot } from '../shared/organization/refresh-snapshot';
import { assertFolder, assertPlaces } from '../shared/runs/check-places';
import { openStore } from '../shared/stores/open-store';
import { day, month } from './option-values';
import { withScratch } from '../api/with-scratch';

interface RefreshOptions {
  readonly inputs: string;
  readonly out: string;
  readonly month: Month;
  readonly asOf?: string;
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
    .action(async (options: RefreshOptions) => {
      console.log(await withScratch((scratch) => refresh(options, scratch)));
      finish(0);
    });
}

async function refresh({ inputs, out, month: of, asOf }: RefreshOptions, scratch: string): Promise<string> {
  await assertPlaces(inputs, out);
  await assertFolder(out, 'the folder of the exports, or s3://bucket/prefix');
  const today = new Date().toISOString().slice(0, 10);
  const store = await openInputs(inputs, scratch);
  const now = await readListAccountsFiles(store, `${asOf ?? today}T00:00:00.000Z`);
  const difference = await refreshSnapshot({
    exports: await openStore(out, scratch),
    month: of,
    scratch,
    now,
  });
  if (difference === undefined) return `The snapshot of ${of} has the same accounts and stays.`;
  return `The snapshot of ${of} is replaced: ${differenceInWords(difference)}. The next run updates the months that use it.`;
}

import type { Command } from 'commander';
import { CarbonError } from '../shared/base/carbon-error';
import type { MonthState } from '../shared/exports/month-state';
import { MonthStates } from '../shared/exports/month-states';
import { assertFolder, EXPORTS_FOLDER } from '../shared/runs/check-places';
import type { ObjectStore } from '../shared/stores/object-store';
import { openStore } from '../shared/stores/open-store';
import { exportNames } from './chosen-export';
import { coloured, formatNumber, type TextColumn, textTable } from './text-table';
import { withScratch } from './with-scratch';

interface StatusOptions {
  readonly out: string;
  readonly exportName?: string;
  readonly json: boolean;
}

/** Defines the verb `status`. */
export function defineStatus(verb: Command, finish: (exitCode: number) => void): void {
  verb
    .requiredOption('--out <location>', 'folder of the exports, or s3://bucket/prefix')
    .option('--export-name <name>', 'only this export')
    .option('--json', 'print the states as JSON', false)
    .action(async (options: StatusOptions) => {
      await assertFolder(options.out, EXPORTS_FOLDER);
      const states = await withScratch(async (scratch) =>
        readAll(options, await openStore(options.out, scratch)),
      );
      if (options.json) console.log(JSON.stringify(Object.fromEntries(states), undefined, 2));
      else console.log(inWords(states));
      finish([...states.values()].flat().some(({ status }) => status === 'failed') ? 1 : 0);
    });
}

async function readAll(
  { out, exportName: only }: StatusOptions,
  store: ObjectStore,
): Promise<Map<string, MonthState[]>> {
  const states = new Map<string, MonthState[]>();
  const known = await exportNames(store);
  if (only === undefined ? known.length === 0 : !known.includes(only)) {
    const found = known.length === 0 ? 'no export' : `the exports ${known.join(', ')}`;
    const expected = only === undefined ? 'the folder that run wrote to (--out)' : `export ${only}`;
    throw new CarbonError('usage', `${out}: found ${found}, expected ${expected}`);
  }
  const names = only === undefined ? known : [only];
  for (const name of names) states.set(name, (await MonthStates.read(store, name)).all());
  return states;
}

const COLUMNS: readonly TextColumn<MonthState>[] = [
  { title: 'month', value: ({ month }) => month },
  { title: 'version', value: ({ modelVersion }) => modelVersion },
  {
    title: 'status',
    value: ({ status }) => (status === 'failed' ? coloured('red', status) : status),
  },
  { title: 'as of', value: ({ asOf }) => asOf.slice(0, 10) },
  {
    title: 'rows',
    align: 'right',
    value: ({ summary }) => (summary === undefined ? '' : formatNumber(summary.rows)),
  },
  {
    title: 'MBM MTCO2e',
    align: 'right',
    value: ({ summary }) => (summary === undefined ? '' : formatNumber(summary.totalMbm, 3)),
  },
  { title: 'reason', value: ({ error }) => error?.split('\n')[0] ?? '' },
];

function inWords(states: ReadonlyMap<string, readonly MonthState[]>): string {
  return [...states].map(([name, months]) => `Export ${name}\n${textTable(COLUMNS, months)}`).join('\n\n');
}

import type { Command } from 'commander';
import { exportStatus, type StatusOptions } from '../api/export-status';
import type { MonthState } from '../shared/exports/month-state';
import { formatNumber, massText } from '../shared/base/people-number';
import { jsonReport } from './json-report';
import { coloured, fittedTable, type TextColumn } from './text-table';

interface StatusVerbOptions extends StatusOptions {
  readonly json: boolean;
}

/** Defines the verb `status`. */
export function defineStatus(verb: Command, finish: (exitCode: number) => void): void {
  verb
    .requiredOption('--out <location>', 'folder of the exports, or s3://bucket/prefix')
    .option('--export-name <name>', 'only this export')
    .option('--json', 'print the states as JSON', false)
    .action(async ({ json: isJson, ...options }: StatusVerbOptions) => {
      const states = await exportStatus(options);
      console.log(isJson ? jsonReport({ exports: states }) : inWords(states));
      finish(
        Object.values(states)
          .flat()
          .some(({ status }) => status === 'failed')
          ? 1
          : 0,
      );
    });
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
    title: 'MBM CO2e',
    align: 'right',
    value: ({ summary }) => (summary === undefined ? '' : massText(summary.totalMbm)),
  },
  { title: 'reason', value: ({ error }) => error?.split('\n')[0] ?? '' },
];

function inWords(states: Readonly<Record<string, readonly MonthState[]>>): string {
  return Object.entries(states)
    .map(([name, months]) => `Export ${name}\n${fittedTable(COLUMNS, months)}`)
    .join('\n\n');
}

import type { Command } from 'commander';
import { doctor, type DoctorCheck, type DoctorOptions } from '../api/doctor';
import { EXIT } from '../shared/base/carbon-error';
import { jsonReport } from './json-report';
import { coloured } from './text-table';

/** Defines the verb `doctor`. */
export function defineDoctor(verb: Command, finish: (exitCode: number) => void): void {
  verb
    .option('--inputs <location>', 'folder of the estate, or s3://bucket/prefix')
    .option('--out <location>', 'folder of the exports, or s3://bucket/prefix')
    .option('--aws', "check the credentials, and the rights on AWS's carbon export and bills", false)
    .option('--json', 'print the checks as JSON', false)
    .action(async ({ json: isJson, ...options }: DoctorOptions & { readonly json: boolean }) => {
      const checks = await doctor(options);
      console.log(isJson ? jsonReport({ checks }) : checks.map(lineOf).join('\n'));
      finish(checks.every(({ status }) => status === 'ok') ? EXIT.done : EXIT.failed);
    });
}

function lineOf({ check, status, found, fix }: DoctorCheck): string {
  const mark = status === 'ok' ? coloured('green', 'ok    ') : coloured('red', 'failed');
  return [`${mark}  ${check}: ${found}`, ...(fix === undefined ? [] : [`        Fix: ${fix}`])].join('\n');
}

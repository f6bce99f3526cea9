import { spawn } from 'node:child_process';
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { type ReportOptions, writeReport } from '../api/write-report';
import { CarbonError, EXIT } from '../shared/base/carbon-error';
import { parseS3Location } from '../shared/stores/open-store';
import { jsonReport } from './json-report';
import { EXPORT_NAME_HELP } from './option-values';

interface ReportVerbOptions extends ReportOptions {
  readonly open: boolean;
  readonly json: boolean;
}

/** Defines the verb `report`. */
export function defineReport(verb: Command, finish: (exitCode: number) => void): void {
  verb
    .requiredOption('--out <location>', 'folder of the exports, or s3://bucket/prefix')
    .option('--export-name <name>', EXPORT_NAME_HELP)
    .option('--html <file>', 'file of the page (default: report.html beside the data of the export)')
    .option('--open', 'open the page in the browser', false)
    .option('--json', 'print the place of the page as JSON', false)
    .action(async ({ open: isOpened, json: isJson, ...report }: ReportVerbOptions) => {
      if (isOpened) assertLocal(report);
      const page = await writeReport(report);
      console.log(isJson ? jsonReport({ page }) : page);
      if (isOpened) openInBrowser(page);
      finish(EXIT.done);
    });
}

/** @throws CarbonError of kind usage where the page would be written to S3 */
function assertLocal({ out, html }: ReportOptions): void {
  if (html !== undefined || parseS3Location(out) === undefined) return;
  throw new CarbonError(
    'usage',
    `--open: found exports in ${out}, expected a page on this machine; set --html`,
  );
}

const OPENERS: Readonly<Record<string, readonly [string, ...string[]]>> = {
  darwin: ['open'],
  win32: ['cmd', '/c', 'start', ''],
};

/** Opens a file with the system's program for it. Where the system has no such program, the printed path remains. */
function openInBrowser(path: string): void {
  const [command, ...parameters] = OPENERS[process.platform] ?? ['xdg-open'];
  const child = spawn(command, [...parameters, resolve(path)], { detached: true, stdio: 'ignore' });
  child.on('error', () => {
    console.error(`${command} is missing; open the page yourself: ${resolve(path)}`);
  });
  child.unref();
}

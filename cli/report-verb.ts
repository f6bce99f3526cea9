import { spawn } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { CarbonError, EXIT } from '../shared/base/carbon-error';
import { makeReportPage, writeReportPage } from '../shared/report/report-page';
import { assertFolder, EXPORTS_FOLDER } from '../shared/runs/check-places';
import { openStore, parseS3Location } from '../shared/stores/open-store';
import { chosenExport, EXPORT_NAME_HELP } from './chosen-export';
import { pagePlace, reportTemplate } from './report-template';
import { withScratch } from './with-scratch';

interface ReportOptions {
  readonly out: string;
  readonly exportName?: string;
  readonly html?: string;
  readonly open: boolean;
}

/** Defines the verb `report`. */
export function defineReport(verb: Command, finish: (exitCode: number) => void): void {
  verb
    .requiredOption('--out <location>', 'folder of the exports, or s3://bucket/prefix')
    .option('--export-name <name>', EXPORT_NAME_HELP)
    .option('--html <file>', 'file of the page (default: report.html beside the data of the export)')
    .option('--open', 'open the page in the browser', false)
    .action(async (options: ReportOptions) => {
      await assertFolder(options.out, EXPORTS_FOLDER);
      const page = await withScratch((scratch) => writePage(options, scratch));
      console.log(page);
      if (options.open) openInBrowser(page);
      finish(EXIT.done);
    });
}

/** Writes the page and returns its place. */
async function writePage(
  { out, exportName: asked, html, open }: ReportOptions,
  scratch: string,
): Promise<string> {
  if (open && html === undefined && parseS3Location(out) !== undefined) {
    throw new CarbonError(
      'usage',
      `--open: found exports in ${out}, expected a page on this machine; set --html`,
    );
  }
  const template = reportTemplate();
  if (template === undefined) {
    throw new CarbonError('state', 'report.html is missing beside the program; build it with npm run build');
  }
  const exports = await openStore(out, scratch);
  const request = { exports, exportName: await chosenExport(exports, out, asked), template };
  if (html === undefined) return pagePlace(out, await writeReportPage(request));
  await writeFile(html, await makeReportPage(request));
  return html;
}

const OPENERS: Readonly<Record<string, readonly [string, ...string[]]>> = {
  darwin: ['open'],
  win32: ['cmd', '/c', 'start', ''],
};

/** Opens a file with the program that the system has for it. The path was printed, in case there is none. */
function openInBrowser(path: string): void {
  const [command, ...parameters] = OPENERS[process.platform] ?? ['xdg-open'];
  const child = spawn(command, [...parameters, resolve(path)], { detached: true, stdio: 'ignore' });
  child.on('error', () => {
    console.error(`${command} is missing; open the page yourself: ${resolve(path)}`);
  });
  child.unref();
}

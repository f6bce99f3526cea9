import { asMonth, type Month } from '../../shared/base/month';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defined } from '../../shared/base/defined';
import type { ExportFormat } from '../../shared/exports/layout';
import { type ProductDetail } from '../../shared/exports/export-settings';
import { findModelVersion } from '../../shared/method/model-version';
import { readListAccountsFiles } from '../../shared/organization/list-accounts-file';
import { runExport, type RunReport } from '../../shared/runs/run-export';
import { FolderStore } from '../../shared/stores/folder-store';

/** Options of a run in a test. */
export interface RunOnOptions {
  readonly asOf?: string;
  readonly exportName?: string;
  readonly format?: ExportFormat;
  readonly productDetail?: ProductDetail;
  readonly from?: string;
  readonly to?: string;
  readonly model?: string;
  readonly threads?: number;
}

/** Name of the export in tests. */
export const EXPORT_NAME = 'carbon';

const monthOf = (text: string | undefined): Month | undefined =>
  text === undefined ? undefined : asMonth(text);

const SILENT = { planned: () => undefined, finished: () => undefined };

/** Runs an export over a folder, as the command does, and gives its report. */
export function runOn(inputs: string, out: string, options: RunOnOptions = {}): Promise<RunReport> {
  const model = options.model === undefined ? undefined : findModelVersion(options.model);
  return runExport(
    {
      inputs: new FolderStore(inputs),
      exports: new FolderStore(out),
      settings: {
        exportName: options.exportName ?? EXPORT_NAME,
        format: options.format ?? 'parquet',
        productDetail: options.productDetail ?? 'all',
      },
      selection: {
        ...defined({ from: monthOf(options.from), to: monthOf(options.to), model }),
      },
      asOf: new Date(`${options.asOf ?? '2025-03-15'}T00:00:00Z`),
      now: new Date(),
      limits: options.threads === undefined ? {} : { threads: options.threads },
      readOrganization: (asOf) => readListAccountsFiles(new FolderStore(inputs), asOf),
    },
    SILENT,
  );
}

/** A folder that is removed after each test of the file that asked for it. */
export function scratchFolders(): () => string {
  const folders: string[] = [];
  afterEach(() => {
    for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
  });
  return () => {
    const folder = mkdtempSync(join(tmpdir(), 'carbon-exports-test-'));
    folders.push(folder);
    return folder;
  };
}

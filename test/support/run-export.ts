import { defined } from '../../shared/base/defined';
import { asMonth, type Month } from '../../shared/base/month';
import { NO_PROGRESS } from '../../shared/base/progress';
import type { ExportFormat } from '../../shared/exports/layout';
import type { ProductDetail } from '../../shared/exports/export-settings';
import { findModelVersion } from '../../shared/method/model-version';
import { readListAccountsFiles } from '../../shared/organization/list-accounts-file';
import { runExport, type RunReport } from '../../shared/runs/run-export';
import { FolderStore } from '../../shared/stores/folder-store';
import type { InputStore, ObjectStore } from '../../shared/stores/object-store';
import { EXPORT_NAME } from './export-name';

/** Options of {@link runFolders} and {@link runStores}. */
export interface RunOptions {
  /** @default '2025-03-15' */
  readonly asOf?: string;
  /** The wall clock of the run. @default - the present */
  readonly now?: Date;
  readonly exportName?: string;
  readonly format?: ExportFormat;
  readonly productDetail?: ProductDetail;
  readonly from?: string;
  readonly to?: string;
  readonly model?: string;
  readonly threads?: number;
}

/** Runs an export from folder to folder without the command. Returns its report. */
export function runFolders(inputs: string, out: string, options: RunOptions = {}): Promise<RunReport> {
  return runStores(new FolderStore(inputs), new FolderStore(out), options);
}

/** Runs an export from store to store without the command. Returns its report. */
export function runStores(
  inputs: InputStore,
  exports: ObjectStore,
  options: RunOptions = {},
): Promise<RunReport> {
  const { asOf = '2025-03-15', now = new Date(), exportName = EXPORT_NAME, threads } = options;
  const { format = 'parquet', productDetail = 'all' } = options;
  const month = (text?: string): Month | undefined => (text === undefined ? undefined : asMonth(text));
  const model = options.model === undefined ? undefined : findModelVersion(options.model);
  return runExport(
    {
      inputs,
      exports,
      settings: { exportName, format, productDetail },
      selection: defined({ from: month(options.from), to: month(options.to), model }),
      asOf: new Date(`${asOf}T00:00:00Z`),
      now,
      limits: defined({ threads }),
      readOrganization: (day) => readListAccountsFiles(inputs, day),
    },
    NO_PROGRESS,
  );
}

/** Returns true when a month of a run, or the run itself, failed. */
export function hasFailed({ months, problems }: RunReport): boolean {
  return problems.length > 0 || months.some(({ status }) => status === 'failed');
}

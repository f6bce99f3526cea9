import { readListAccountsFiles } from '../shared/organization/list-accounts-file';
import { runExport, type RunReport } from '../shared/runs/run-export';
import type { DuckLimits } from '../shared/sql/duck-instance';
import { FolderStore } from '../shared/stores/folder-store';

const SILENT = { planned: () => undefined, finished: () => undefined };

/** Runs an export over a folder as the command does, and fails when a month does. */
export async function runFolder(
  inputs: string,
  out: string,
  asOf: string,
  limits: DuckLimits = { memoryLimit: '3GB' },
): Promise<RunReport> {
  const report = await runExport(
    {
      inputs: new FolderStore(inputs),
      exports: new FolderStore(out),
      settings: { exportName: 'bench', format: 'parquet', productDetail: 'all' },
      selection: {},
      asOf: new Date(`${asOf}T00:00:00Z`),
      now: new Date(),
      limits,
      readOrganization: (instant) => readListAccountsFiles(new FolderStore(inputs), instant),
    },
    SILENT,
  );
  const failed = report.months.find(({ status }) => status === 'failed');
  if (failed !== undefined) throw new Error(failed.error);
  return report;
}

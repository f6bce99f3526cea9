import { execFile } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { writeSampleEstate } from '../../sample/generate';
import type { Account, OrganizationSnapshot } from '../../shared/organization/account';
import { keepSnapshot } from '../../shared/organization/keep-snapshot';
import { readListAccountsFiles } from '../../shared/organization/list-accounts-file';
import { FolderStore } from '../../shared/stores/folder-store';
import { builtCommand } from '../support/built-command';
import { EstateFolder } from '../support/estate-folder';
import { HISTORY_BREAKDOWNS, writeHistory } from '../support/history-estate';
import { writeFullAwsEstate } from './aws-estate';

const run = promisify(execFile);
const ROOT = join(__dirname, '..', '..');

let program: string | undefined;

/** Day the sample is run for: its 38 months are then the last closed ones. */
const AS_OF = '2026-11-20';

/** Names of the two exports of computed totals. */
export const PARQUET_EXPORT = 'carbon-emissions';
export const CSV_EXPORT = 'carbon-emissions-csv';
/** What the rows of AWS's totals are broken down by. */
export const AWS_BREAKDOWN = 'tag:business_unit';
/** Name of the export of AWS's totals. */
export const AWS_EXPORT = 'carbon-emissions-aws';

const HISTORY_NAME = 'history';
/** Name of the export of AWS's whole history. */
export const HISTORY_EXPORT = `${HISTORY_NAME}-aws`;

/** Names of the exports of v3.0.0, as Parquet and as CSV, and how many months they have. */
export const SCOPE_3_EXPORT = 'carbon-scope';
export const SCOPE_3_CSV_EXPORT = `${SCOPE_3_EXPORT}-csv`;
export const SCOPE_3_MONTHS = 2;

/** Version of the method that restates, and months in which it is not the default. */
const RESTATEMENTS = [
  ['v2.0.0', '2023-09', '2024-12'],
  ['v1.0.0', '2025-01', '2026-10'],
] as const;

/**
 * Exports the sample's 38 months in both versions, and once as CSV, and the sample of AWS's totals, through the command.
 * Returns the folder.
 */
export async function exportSample(folder: string): Promise<string> {
  const [inputs, out] = [join(folder, 'inputs'), join(folder, 'out')];
  await writeSampleEstate({ outDir: inputs });
  await mkdir(out, { recursive: true });
  await keepSnapshots(inputs, out, folder);
  await command('run', '--inputs', inputs, '--out', out, '--as-of', AS_OF, '--format', 'both', '--json');
  for (const [model, from, to] of RESTATEMENTS) {
    const months = ['--from', from, '--to', to, '--model', model];
    await command('run', '--inputs', inputs, '--out', out, '--as-of', AS_OF, ...months, '--json');
  }
  await command(
    ...['run', '--inputs', inputs, '--out', out, '--as-of', AS_OF, '--format', 'both', '--json'],
    ...['--model', 'v3.0.0', '--months', String(SCOPE_3_MONTHS), '--export-name', SCOPE_3_EXPORT],
  );
  const awsInputs = join(folder, 'aws-inputs');
  await writeFullAwsEstate(awsInputs);
  await command(
    'run',
    '--inputs',
    awsInputs,
    '--out',
    out,
    '--as-of',
    AS_OF,
    '--by',
    AWS_BREAKDOWN,
    '--json',
  );
  await exportHistory(folder, out);
  return out;
}

/** Exports everything that AWS delivered since January 2022, of two payers, with three breakdowns. */
async function exportHistory(folder: string, out: string): Promise<void> {
  const inputs = join(folder, 'history-inputs');
  writeHistory(new EstateFolder(inputs));
  const options = ['--as-of', AS_OF, '--export-name', HISTORY_NAME, '--by', ...HISTORY_BREAKDOWNS, '--json'];
  await command('run', '--inputs', inputs, '--out', out, ...options);
}

async function command(...args: string[]): Promise<void> {
  program ??= builtCommand();
  await run(process.execPath, [program, ...args], {
    cwd: ROOT,
    maxBuffer: 1 << 28,
  });
}

/** Two snapshots of the organization, so that names change over the months; the second no longer lists an account. */
async function keepSnapshots(inputs: string, out: string, scratch: string): Promise<void> {
  const list = (asOf: string): Promise<OrganizationSnapshot> =>
    readListAccountsFiles(new FolderStore(inputs), asOf);
  const keep = (day: string, unit: string, skipped: number): Promise<unknown> =>
    keepSnapshot({
      ...{ exports: new FolderStore(out), asOf: new Date(`${day}T00:00:00Z`), scratch },
      readOrganization: async (asOf) => {
        const snapshot = await list(asOf);
        const accounts = snapshot.accounts.slice(skipped).map((account, at) => placed(account, at, unit));
        return { ...snapshot, accounts };
      },
    });
  await keep('2025-06-10', 'First', 0);
  await keep(AS_OF, 'Second', 1);
}

function placed(account: Account, at: number, unit: string): Account {
  const tags = at % 5 === 0 ? {} : { team: `team-${String(at % 3)}`, 'cost-center': `c"${String(at % 4)}` };
  return { ...account, ouPath: `Root/${unit} ${String(at % 4)}`, tags };
}

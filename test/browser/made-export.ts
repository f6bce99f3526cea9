import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { EXPORT_COLUMNS } from '../../shared/exports/columns';
import { asExportMonth, dataKey, manifestKey } from '../../shared/exports/layout';
import { byCategory } from '../../shared/method/categories';
import { asKg } from '../../shared/base/mass';
import { asAccountId } from '../../shared/base/account-id';
import type { Account, OrganizationSnapshot } from '../../shared/organization/account';
import { keepSnapshot } from '../../shared/organization/keep-snapshot';
import { type DuckSession, numberIn, withSession } from '../../shared/sql/duck-session';
import { FolderStore } from '../../shared/stores/folder-store';

/** Months of a made export and the version of each. */
export interface MadeMonth {
  readonly month: string;
  readonly version: string;
  /** True where AWS delivered no location-based total and no scope. */
  readonly isUnknown?: boolean;
}

/** An export that no estate led to, to show what a page does with it. */
export interface MadeExport {
  readonly folder: string;
  readonly exportName: string;
  readonly months: readonly MadeMonth[];
  readonly accounts: number;
  readonly regions: readonly string[];
  readonly services: readonly string[];
  /** Name, OU and tag of every account. */
  readonly text: (account: number) => string;
}

/** Writes the data files, manifests and list of accounts of a made export. Its numbers are the same each time. */
export async function writeMadeExport(made: MadeExport): Promise<void> {
  await withSession({}, async (session) => {
    for (const month of made.months) await writeMonth(session, made, month);
    const [last] = made.months.slice(-1);
    await keepSnapshot({
      exports: new FolderStore(made.folder),
      asOf: new Date(`${last?.month ?? ''}-28T00:00:00.000Z`),
      scratch: session.scratch,
      readOrganization: (asOf) => Promise.resolve(organizationOf(made, asOf)),
    });
  });
}

function organizationOf(made: MadeExport, asOf: string): OrganizationSnapshot {
  const accounts = Array.from({ length: made.accounts }, (_, index): Account => ({
    accountId: asAccountId(idOf(index)),
    accountName: made.text(index),
    state: 'ACTIVE',
    ouPath: made.text(index % 7),
    tags: { team: made.text(index % 11) },
    joined: '',
    left: false,
  }));
  return { asOf, payerAccountId: asAccountId(idOf(0)), accounts };
}

function idOf(index: number): string {
  return String(100_000_000_000 + index);
}

async function writeMonth(
  session: DuckSession,
  made: MadeExport,
  { month, version, isUnknown = false }: MadeMonth,
): Promise<void> {
  const at = asExportMonth(month, version);
  const key = dataKey(made.exportName, at, 'parquet');
  const path = join(made.folder, key);
  mkdirSync(dirname(path), { recursive: true });
  const text = (value: string): string => `'${value.replaceAll("'", "''")}'`;
  const list = (values: readonly string[]): string => `[${values.map(text).join(', ')}]`;
  // A few large accounts and many small ones; about every third combination is used.
  const size = `(hash(account * 31 + region * 7 + service) % 1000 + 1) / (1 + account) * (1 + (hash(account * 13 + ${month.replace('-', '')}) % 20) / 100.0) / 5000`;
  const values: Readonly<Record<string, string>> = {
    total_scope_1_emissions_value: `0.05 * ${size}`,
    total_scope_2_lbm_emissions_value: `1.4 * ${size}`,
    total_scope_2_mbm_emissions_value: `0.8 * ${size}`,
    total_scope_3_lbm_emissions_value: '0.0',
    total_scope_3_mbm_emissions_value: '0.0',
    total_lbm_emissions_value: `1.45 * ${size}`,
    total_mbm_emissions_value: `0.85 * ${size}`,
  };
  const columns = EXPORT_COLUMNS.map(({ name, type }) => {
    const value = values[name];
    if (value !== undefined)
      return `${isUnknown && name !== 'total_mbm_emissions_value' ? 'CAST(NULL AS DOUBLE)' : `CAST(${value} AS DOUBLE)`} AS ${name}`;
    if (name === 'usage_account_id') return `CAST(100000000000 + account AS VARCHAR) AS ${name}`;
    if (name === 'region_code' || name === 'location') return `${list(made.regions)}[region + 1] AS ${name}`;
    if (name === 'product_code') return `${list(made.services)}[service + 1] AS ${name}`;
    return `${type === 'timestamp' ? `TIMESTAMP '${month}-01'` : text(version)} AS ${name}`;
  });
  const [a, r, s] = [made.accounts, made.regions.length, made.services.length].map(String);
  await session.run(
    `COPY (SELECT ${columns.join(', ')} FROM range(${a ?? ''}) a(account), range(${r ?? ''}) r(region), range(${s ?? ''}) s(service)
WHERE hash(account * 1009 + region * 13 + service) % 3 = 0) TO ${text(path)} (FORMAT parquet)`,
  );
  const [row] = await session.rows(`SELECT count(*) AS n FROM read_parquet(${text(path)})`);
  write(
    join(made.folder, manifestKey(made.exportName, at)),
    manifestText(made, { month, version, key, rows: numberIn(row, 'n'), path }),
  );
}

function manifestText(
  { accounts }: MadeExport,
  {
    month,
    version,
    key,
    rows,
    path,
  }: { month: string; version: string; key: string; rows: number; path: string },
): string {
  const none = byCategory(() => asKg(0));
  const content = readFileSync(path);
  return JSON.stringify({
    ...{ executionId: `made-${month}-${version}`, exportArn: 'arn:made', columns: [], dataFiles: [key] },
    file: { key, sha256: createHash('sha256').update(content).digest('hex'), bytes: content.length, rows },
    ...{ modelVersion: version, usagePeriod: month, productDetail: 'all', asOf: `${month}-28T00:00:00.000Z` },
    ...{ metadataAsOf: '', accounts, usageLines: rows, fingerprint: 'made', inputs: { usage: month } },
    ledgerKg: {
      ...{ in: none, exported: none, residual: none, steps: [] },
      ...{
        retained_internal: none,
        retained_unused: none,
        retained_overhead: none,
        retained_unclaimed: none,
      },
    },
    ...{
      largestResidual: 0,
      estimatedClusters: [],
      unknownAccounts: { count: 0, accountIds: [] },
      warnings: [],
    },
    warningDetails: [],
  });
}

function write(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { carbonExports, type CommandResult } from '../support/run-command';

/*
 * Cases out of public bug reports and files: accounts, names and amounts are made up, the shape of the files is what
 * people really have. Each test states the right value.
 */

/** Name of the export of AWS's totals. */
export const AWS_EXPORT = 'carbon-emissions-aws';

/** Copies the inputs of a case, so that a test may change them. */
export function caseInputs(name: string, to: string): string {
  cpSync(join('test', 'field', 'cases', name), to, { recursive: true });
  return to;
}

/** Runs the export over inputs, as a user does who sets no export name. */
export function run(
  inputs: string,
  out: string,
  asOf: string,
  ...options: readonly string[]
): Promise<CommandResult> {
  return carbonExports('run', '--inputs', inputs, '--out', out, '--as-of', asOf, ...options);
}

/** What the run over a case printed and where it wrote. */
export interface RanCase {
  readonly code: number;
  readonly printed: string;
  readonly out: string;
}

/**
 * Runs the export over the folder `in` of a case, or of a part of it as `case/part`.
 *
 * @param folder makes an empty folder
 */
export async function runCase(
  folder: () => string,
  asOf: string,
  name: string,
  ...options: readonly string[]
): Promise<RanCase> {
  const out = folder();
  const [first = '', ...part] = name.split('/');
  const inputs = join(caseInputs(first, folder()), ...part, 'in');
  const { code, stdout, stderr } = await run(inputs, out, asOf, ...options);
  return { code, printed: stdout + stderr, out };
}

/** Rows of a query over an export: numbers to 4 decimals, all else as text; null for unknown values. */
export async function query(
  out: string,
  sql: string,
  exportName: string = AWS_EXPORT,
): Promise<(string | number | null)[][]> {
  const { code, stdout, stderr } = await carbonExports(
    ...['query', sql, '--out', out, '--export-name', exportName, '--format', 'json'],
  );
  if (code !== 0) throw new Error(stderr);
  const rows = JSON.parse(stdout) as Record<string, string | number | null>[];
  return rows.map((row) =>
    Object.values(row).map((value) => (typeof value === 'number' ? Number(value.toFixed(4)) : value)),
  );
}

/** Market-based MTCO2e of every row of AWS's totals by account, Region and service. */
export function rowsByService(out: string): Promise<(string | number | null)[][]> {
  return query(
    out,
    `SELECT coalesce(region_code, '') AS region, product_code, total_mbm_emissions_value
     FROM carbon_latest ORDER BY 1, 2`,
  );
}

/** Market-based MTCO2e of every value of a breakdown. */
export function rowsByValue(out: string): Promise<(string | number | null)[][]> {
  return query(
    out,
    `SELECT split_by, split_value, sum(total_mbm_emissions_value) AS mbm
     FROM carbon_by_tag GROUP BY 1, 2 ORDER BY 1, 2`,
  );
}

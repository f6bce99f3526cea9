import type { Verification } from '../../shared/audit/verify/verification';
import { EXPORT_NAME } from './export-name';
import { carbonExports, type CommandResult } from './run-command';

/** Verifies an export of an estate. Returns what the command prints. */
export function runVerify(
  inputs: string,
  out: string,
  ...options: readonly string[]
): Promise<CommandResult> {
  const name = options.includes('--export-name') ? [] : ['--export-name', EXPORT_NAME];
  return carbonExports('verify', '--inputs', inputs, '--out', out, ...name, ...options);
}

/** Verifies an export of an estate. Returns what the command prints for programs. */
export async function verifyEstate(
  inputs: string,
  out: string,
  ...options: readonly string[]
): Promise<Verification & { readonly code: number; readonly verified: boolean }> {
  const { code, stdout, stderr } = await runVerify(inputs, out, '--json', ...options);
  if (stdout === '') throw new Error(stderr);
  return { code, ...(JSON.parse(stdout) as Verification & { verified: boolean }) };
}

/** Returns everything that was found to differ. */
export function differencesIn({ months, problems }: Verification): string[] {
  return [
    ...problems,
    ...months.flatMap((month) => [
      ...month.differences,
      ...(month.notRecomputed === undefined ? [] : [`not recomputed: ${month.notRecomputed}`]),
    ]),
  ];
}

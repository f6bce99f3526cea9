import { lstatSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { verifyExport } from '../../shared/audit/verify/verify-export';
import { CarbonError } from '../../shared/base/carbon-error';
import type { RunReport } from '../../shared/runs/run-export';
import { FolderStore } from '../../shared/stores/folder-store';
import { billCsv, type Charge, curRow, estateWithoutUsage, focusRow } from '../support/bills';
import { EstateFolder } from '../support/estate-folder';
import { monthlyEstate } from '../support/estates/monthly-estate';
import { EXPORT_NAME } from '../support/export-name';
import { filesBelow } from '../support/folder-contents';
import { runFolders } from '../support/run-export';
import type { Breakage, EstateFiles } from './breakage';

const MONTHS = ['2024-12', '2025-01'];

/** A case that takes longer counts as hanging. */
const HANG_MS = 60_000;

/** Result of the run of a broken estate: published months, which are right, and failed months, which have a clear error. */
export interface FuzzOutcome {
  readonly published: number;
  readonly failed: number;
  readonly refused: boolean;
}

/** Tables that usage may come from. */
export const USAGE_KINDS = ['usage', 'focus', 'cur'] as const;

/** One of the {@link USAGE_KINDS}. */
export type UsageKind = (typeof USAGE_KINDS)[number];

/** Returns a valid estate in memory. */
export function validEstate(kind: UsageKind = 'usage'): EstateFiles {
  const folder = mkdtempSync(join(tmpdir(), 'carbon-exports-fuzz-'));
  try {
    if (kind === 'usage') EstateFolder.of(monthlyEstate(MONTHS), folder);
    else writeBills(estateWithoutUsage(folder), kind);
    return new Map(filesBelow(folder).map((file) => [file, readFileSync(join(folder, file))]));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Writes bills of both months: two accounts, an internal account, a charge across the end of a month, and a tax. */
function writeBills(estate: EstateFolder, kind: 'focus' | 'cur'): void {
  const row = kind === 'focus' ? focusRow : curRow;
  for (const month of MONTHS) {
    const day = (from: number, to = from): Partial<Charge> => ({
      start: `${month}-${String(from).padStart(2, '0')} 00:00:00`,
      end: `${month}-${String(to).padStart(2, '0')} 12:00:00`,
    });
    const rows = [
      row({ ...day(3), quantity: '3', cost: '1.5' }),
      row({ ...day(4), account: '000000000002', quantity: '0.25', cost: '2' }),
      row({ ...day(5), account: '000000000002', service: 'B', cost: '2.5', unit: 'GB' }),
      row({ ...day(6), account: '000000000009', quantity: '1' }),
      row({ ...day(7), service: 'Something else', cost: '4', unit: '' }),
      row({ start: '2024-12-31 12:00:00', end: '2025-01-01 12:00:00', quantity: '24', cost: '7' }),
      row(day(8, 9), kind === 'focus' ? { ChargeCategory: 'Tax' } : { line_item_line_item_type: 'Tax' }),
    ];
    estate.write(`${kind}/usage_period=${month}/bill.csv`, billCsv(rows));
  }
}

/**
 * Breaks an estate, runs it and checks the result.
 *
 * @throws Error with the reason: a crash, a hang, a wrong number, a file outside the folders, or a month published in part
 */
export async function runBroken(valid: EstateFiles, breakages: readonly Breakage[]): Promise<FuzzOutcome> {
  const home = mkdtempSync(join(tmpdir(), 'carbon-exports-fuzz-'));
  try {
    const files = new Map(valid);
    for (const { apply } of breakages) apply(files);
    const [inputs, out] = [join(home, 'inputs'), join(home, 'out')];
    for (const folder of [inputs, out]) mkdirSync(folder);
    for (const [file, content] of files) {
      mkdirSync(dirname(join(inputs, file)), { recursive: true });
      writeFileSync(join(inputs, file), content);
    }
    for (const { onDisk } of breakages) onDisk?.(inputs, files);
    const report = await withinTime(reportOf(inputs, out));
    const elsewhere = readdirSync(home).filter((name) => !['inputs', 'out'].includes(name));
    if (elsewhere.length > 0) throw new Error(`files outside: ${elsewhere.join(', ')}`);
    assertUnchanged(inputs, files);
    if (report === undefined) return { published: 0, failed: 0, refused: true };
    assertWhole(out, report);
    assertInWords(report);
    await assertRight(inputs, out, report);
    const failed = report.months.filter(({ status }) => status === 'failed').length;
    return { published: report.months.length - failed, failed, refused: false };
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}

/** Returns the report of a run; undefined where the run was refused with a clear error. */
async function reportOf(inputs: string, out: string): Promise<RunReport | undefined> {
  try {
    return await runFolders(inputs, out, { threads: 1 });
  } catch (error) {
    if (error instanceof CarbonError) return undefined;
    throw error;
  }
}

async function withinTime<T>(work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new Error(`the run hangs: no end after ${String(HANG_MS)} ms`));
    }, HANG_MS);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** A message that begins with the name of an error class is a crash: an error of an input begins with its file. */
const CRASH = /^(the organization could not be read: )?\w*(Error|Exception): /;
const UNBALANCED = /ledger does not balance/;

function assertInWords({ months, problems }: RunReport): void {
  for (const text of [...problems, ...months.flatMap(({ error }) => error ?? [])]) {
    if (/^the organization (?:was never|could not be) read: /.test(text)) continue;
    if (CRASH.test(text) || UNBALANCED.test(text)) throw new Error(`no clear error: ${text}`);
  }
}

function assertUnchanged(inputs: string, files: EstateFiles): void {
  for (const [file, content] of files) {
    const path = join(inputs, file);
    if (!lstatSync(path, { throwIfNoEntry: false })?.isFile()) continue;
    if (!readFileSync(path).equals(content)) throw new Error(`the run changed ${file}`);
  }
}

/** Asserts that a failed month has no files, and that no file is unfinished. */
function assertWhole(out: string, { months }: RunReport): void {
  const names = filesBelow(out);
  for (const { month, status } of months) {
    const own = names.filter((name) => name.includes(`usage_period=${month}/${EXPORT_NAME}`));
    const expected = status === 'failed' ? 0 : 2;
    if (own.length !== expected) throw new Error(`${month} ${status} left ${own.join(', ') || 'nothing'}`);
  }
  const unfinished = names.filter((name) => name.startsWith('.uploads') || name.includes('/state/lock'));
  if (unfinished.length > 0) throw new Error(`left behind: ${unfinished.join(', ')}`);
}

async function assertRight(inputs: string, out: string, report: RunReport): Promise<void> {
  if (!report.months.some(({ status }) => status !== 'failed')) return;
  const verification = await verifyExport({
    inputs: () => Promise.resolve(new FolderStore(inputs)),
    exports: new FolderStore(out),
    exportName: EXPORT_NAME,
    overrides: {},
  });
  const wrong = verification.months.flatMap(({ month, differences, notRecomputed }) =>
    [...differences, ...(notRecomputed === undefined ? [] : [notRecomputed])].map(
      (text) => `${month}: ${text}`,
    ),
  );
  if (wrong.length > 0) throw new Error(`wrong: ${wrong.slice(0, 5).join('\n')}`);
}

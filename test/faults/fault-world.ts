import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EstateFolder } from '../support/estate-folder';
import { monthlyEstate } from '../support/estates/monthly-estate';
import { fuelUse } from '../support/estates/tiny-estate';
import { copyFolder, hashesOf } from '../support/folder-contents';
import { hasFailed, runFolders } from '../support/run-export';

/** Months of the estate: two of v1.0.0 and four of v2.0.0. */
const MONTHS = ['2024-11', '2024-12', '2025-01', '2025-02', '2025-03', '2025-04'] as const;

/** Days of a first run and of one that finds changed inputs. */
export const FIRST_DAY = '2025-05-15';
const SECOND_DAY = '2025-05-16';

/** Content of every file by its name: SHA-256. */
export type Tree = Readonly<Record<string, string>>;

/** The place of a trial: where its runs read and write, their as-of day, and what an undisturbed run leaves. */
export interface Trial {
  readonly inputs: string;
  readonly out: string;
  readonly day: string;
  readonly expected: Tree;
}

/** What became of runs that met faults. */
export interface FaultFigures {
  readonly scenario: string;
  /** Times that it was tried. */
  readonly trials: number;
  /** Faults that hit a run at work. */
  readonly faults: number;
  /** Runs that ended with an error in words. */
  readonly failedRuns: number;
  /** Files missing at the end, against an undisturbed run. */
  readonly lost: number;
  /** Files with other content. */
  readonly wrong: number;
  /** Files that an undisturbed run does not leave. */
  readonly stray: number;
}

/** An estate, the same with other usage, and what undisturbed runs make of them. */
export class FaultWorld {
  readonly inputs: string;
  readonly changedInputs: string;
  /** What the first run publishes. */
  readonly published: string;
  readonly expectedFirst: Tree;
  /** After a second run, on the changed inputs: every month restated, with its history. */
  readonly expectedSecond: Tree;

  private constructor(
    private readonly home: string,
    trees: readonly [Tree, Tree],
  ) {
    this.inputs = join(home, 'inputs');
    this.changedInputs = join(home, 'changed');
    this.published = join(home, 'published');
    [this.expectedFirst, this.expectedSecond] = trees;
  }

  static async open(): Promise<FaultWorld> {
    const home = mkdtempSync(join(tmpdir(), 'carbon-exports-faults-'));
    const path = (name: string): string => join(home, name);
    const fuel = [fuelUse('2024', '366'), fuelUse('2025', '365')];
    const estate = EstateFolder.of(monthlyEstate(MONTHS, { fuel_use: fuel }), path('inputs'));
    const changed = new EstateFolder(copyFolder(estate.path, path('changed')));
    for (const month of MONTHS) changed.edit(`usage/usage_period=${month}/usage-part-1.csv`, ',3,', ',4,');
    await runFolders(estate.path, path('published'), { asOf: FIRST_DAY, threads: 1 });
    copyFolder(path('published'), path('restated'));
    await runFolders(changed.path, path('restated'), { asOf: SECOND_DAY, threads: 1 });
    return new FaultWorld(home, [hashesOf(path('published')), hashesOf(path('restated'))]);
  }

  /** A new folder: empty, or a copy of what the first run published. */
  folder(isPublished: boolean): string {
    const folder = mkdtempSync(join(this.home, 'out-'));
    return isPublished ? copyFolder(this.published, folder) : folder;
  }

  /** Where a trial begins: nothing is published, or everything is and its inputs have changed. */
  trial(isRestatement: boolean): Omit<Trial, 'out'> {
    return isRestatement
      ? { inputs: this.changedInputs, day: SECOND_DAY, expected: this.expectedSecond }
      : { inputs: this.inputs, day: FIRST_DAY, expected: this.expectedFirst };
  }

  /** Trials with their output folders: every other one is a backfill from nothing, the others are restatements. */
  *trials(count: number): Generator<Trial> {
    for (let trial = 0; trial < count; trial += 1) {
      const isRestatement = trial % 2 === 1;
      yield { ...this.trial(isRestatement), out: this.folder(isRestatement) };
    }
  }

  close(): void {
    rmSync(this.home, { recursive: true, force: true });
  }
}

/**
 * Runs an export again after a disturbed run, in this process: only the disturbed run must be a process of its own. Returns
 * true when nothing failed.
 */
export async function runsAgain(inputs: string, out: string, day: string): Promise<boolean> {
  return !hasFailed(await runFolders(inputs, out, { asOf: day, threads: 1 }));
}

/** Counts what differs between what is there and what should be. */
export function compareTrees(found: Tree, expected: Tree): Pick<FaultFigures, 'lost' | 'wrong' | 'stray'> {
  const names = Object.keys(expected);
  return {
    lost: names.filter((name) => found[name] === undefined).length,
    wrong: names.filter((name) => found[name] !== undefined && found[name] !== expected[name]).length,
    stray: Object.keys(found).filter((name) => expected[name] === undefined).length,
  };
}

/** Adds the figures of many trials up. */
export function summed(
  scenario: string,
  trials: readonly Omit<FaultFigures, 'scenario' | 'trials'>[],
): FaultFigures {
  const sum = (of: 'faults' | 'failedRuns' | 'lost' | 'wrong' | 'stray'): number =>
    trials.reduce((total, trial) => total + trial[of], 0);
  return {
    scenario,
    trials: trials.length,
    faults: sum('faults'),
    failedRuns: sum('failedRuns'),
    lost: sum('lost'),
    wrong: sum('wrong'),
    stray: sum('stray'),
  };
}

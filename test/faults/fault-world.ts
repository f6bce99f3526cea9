import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EstateFolder } from '../support/estate-folder';
import { monthlyEstate } from '../support/estates/monthly-estate';
import { fuelUse } from '../support/estates/tiny-estate';
import { copyFolder, hashesOf } from '../support/folder-contents';
import { hasFailed, runFolders } from '../support/run-export';

/** Months of the estate: two of v1.0.0 and four of v2.0.0. */
export const MONTHS = ['2024-11', '2024-12', '2025-01', '2025-02', '2025-03', '2025-04'] as const;

/** Days of a first run and of one that finds changed inputs. */
export const FIRST_DAY = '2025-05-15';
const SECOND_DAY = '2025-05-16';

/** SHA-256 of every file by its name. */
export type Tree = Readonly<Record<string, string>>;

/** Where the runs of a trial read and write, their as-of day, and the files that a run without faults leaves. */
export interface Trial {
  readonly inputs: string;
  readonly out: string;
  readonly day: string;
  readonly expected: Tree;
}

/** Results of runs with faults. */
export interface FaultFigures {
  readonly scenario: string;
  /** Number of trials. */
  readonly trials: number;
  /** Faults that hit a run while it worked. */
  readonly faults: number;
  /** Runs that ended with a clear error. */
  readonly failedRuns: number;
  /** Files that are missing at the end, compared with a run without faults. */
  readonly lost: number;
  /** Files with different content. */
  readonly wrong: number;
  /** Files that a run without faults does not leave. */
  readonly stray: number;
}

/** An estate, the same estate with changed usage, and the files that runs without faults publish of both. */
export class FaultWorld {
  readonly inputs: string;
  readonly changedInputs: string;
  /** What the first run publishes. */
  readonly published: string;
  readonly expectedFirst: Tree;
  /** After a second run on the changed inputs: every month is restated and has a history. */
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

  /** Publishes an estate of these months, and again with changed inputs, both without faults. */
  static async open(months: readonly string[] = MONTHS): Promise<FaultWorld> {
    const home = mkdtempSync(join(tmpdir(), 'carbon-exports-faults-'));
    const path = (name: string): string => join(home, name);
    const fuel = [fuelUse('2024', '366'), fuelUse('2025', '365')];
    const estate = EstateFolder.of(monthlyEstate(months, { fuel_use: fuel }), path('inputs'));
    const changed = new EstateFolder(copyFolder(estate.path, path('changed')));
    for (const month of months) changed.edit(`usage/usage_period=${month}/usage-part-1.csv`, ',3,', ',4,');
    await runFolders(estate.path, path('published'), { asOf: FIRST_DAY, threads: 1 });
    copyFolder(path('published'), path('restated'));
    await runFolders(changed.path, path('restated'), { asOf: SECOND_DAY, threads: 1 });
    return new FaultWorld(home, [hashesOf(path('published')), hashesOf(path('restated'))]);
  }

  /** Returns a new folder: empty, or a copy of what the first run published. */
  folder(isPublished: boolean): string {
    const folder = mkdtempSync(join(this.home, 'out-'));
    return isPublished ? copyFolder(this.published, folder) : folder;
  }

  /** Returns how a trial starts: nothing is published, or everything is published and its inputs have changed. */
  trial(isRestatement: boolean): Omit<Trial, 'out'> {
    return isRestatement
      ? { inputs: this.changedInputs, day: SECOND_DAY, expected: this.expectedSecond }
      : { inputs: this.inputs, day: FIRST_DAY, expected: this.expectedFirst };
  }

  /** Yields trials with their output folders: backfills into an empty folder and restatements, in turn. */
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
 * Runs an export again after a run with faults, in this process: only the run with faults needs a separate process. Returns
 * true when nothing failed.
 */
export async function runsAgain(inputs: string, out: string, day: string): Promise<boolean> {
  return !hasFailed(await runFolders(inputs, out, { asOf: day, threads: 1 }));
}

/** Counts the differences between the files found and the files expected. */
export function compareTrees(found: Tree, expected: Tree): Pick<FaultFigures, 'lost' | 'wrong' | 'stray'> {
  const names = Object.keys(expected);
  return {
    lost: names.filter((name) => found[name] === undefined).length,
    wrong: names.filter((name) => found[name] !== undefined && found[name] !== expected[name]).length,
    stray: Object.keys(found).filter((name) => expected[name] === undefined).length,
  };
}

/** Returns the sums of the figures of many trials. */
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

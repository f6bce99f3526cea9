import { SHOWN } from '../../base/shown';

/** Everything that was found to differ: all of it counted, the first thousand in words. */
export class ProblemList {
  readonly kept: string[] = [];
  count = 0;

  add(problem: string): void {
    this.count += 1;
    if (this.kept.length < SHOWN.problems) this.kept.push(problem);
  }

  /** Adds a problem unless the condition holds. */
  expect(holds: boolean, problem: () => string): void {
    if (!holds) this.add(problem());
  }

  /** Counts problems that are not put into words. */
  addUnlisted(count: number): void {
    this.count += count;
  }
}

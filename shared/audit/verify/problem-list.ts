import { SHOWN } from '../../base/shown';

/** The differences that were found: all are counted, the first thousand are kept as texts. */
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

  /** Counts problems without a text. */
  addUnlisted(count: number): void {
    this.count += count;
  }
}

/** How many differences are kept in words; all are counted. */
const KEPT = 1_000;

/** Everything that was found to differ, the first thousand in words. */
export class ProblemList {
  readonly kept: string[] = [];
  count = 0;

  add(problem: string): void {
    this.count += 1;
    if (this.kept.length < KEPT) this.kept.push(problem);
  }

  /** Adds a problem unless the condition holds. */
  expect(holds: boolean, problem: () => string): void {
    if (!holds) this.add(problem());
  }
}

/** Runs checks one after the other, prints how each went, and counts. */
export class Checks {
  private passed = 0;
  private readonly failures: string[] = [];

  /** Runs one check: it passes unless it throws. */
  async check(name: string, work: () => Promise<void> | void): Promise<void> {
    const start = Date.now();
    try {
      await work();
      this.passed += 1;
      console.log(`  ok    ${name} (${String(Date.now() - start)} ms)`);
    } catch (error) {
      this.failures.push(name);
      console.log(`  FAIL  ${name}\n        ${error instanceof Error ? error.message : String(error)}`);
    }
  }

  /**
   * The closing line, and whether all went well.
   *
   * @param expected number of checks: where one is lost, the suite fails
   */
  summary(expected: number): { line: string; ok: boolean } {
    const failed = this.failures.length;
    const line = `${String(this.passed)} passed, ${String(failed)} failed, ${String(expected)} expected`;
    return { line, ok: failed === 0 && this.passed === expected };
  }
}

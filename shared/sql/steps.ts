/** Columns that are made in steps, so that no SQL of a value is repeated. */
export interface Steps {
  /** Columns over a relation. */
  readonly ofLine: readonly string[];
  /** Further columns; each list is over the columns before it. @default - none */
  readonly steps?: readonly (readonly string[])[];
}

/** Returns the columns of all parts, step by step. */
export function mergedSteps(parts: readonly Steps[]): Required<Steps> {
  const most = Math.max(0, ...parts.map(({ steps = [] }) => steps.length));
  return {
    ofLine: parts.flatMap(({ ofLine }) => ofLine),
    steps: Array.from({ length: most }, (_, step) => parts.flatMap(({ steps = [] }) => steps[step] ?? [])),
  };
}

/** Returns a SELECT of the columns of all steps over a relation. */
export function selectSteps({ ofLine, steps = [] }: Steps, from: string): string {
  return steps.reduce(
    (inner, columns, step) => `SELECT *, ${columns.join(', ')} FROM (${inner}) step_${String(step)}`,
    `SELECT ${ofLine.join(', ')} FROM ${from}`,
  );
}

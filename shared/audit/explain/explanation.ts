/** A record of an input file that a number was made of. */
export interface InputPlace {
  /** File below the inputs' root. */
  readonly file: string;
  /** Record of the file, counted from 1, header excluded. */
  readonly row: number;
}

/** A part of a number, taken apart further where it can be. */
export interface Explanation {
  readonly label: string;
  /** kgCO2e. */
  readonly kg: number;
  /** What it was computed with, units in the names. */
  readonly facts: Readonly<Record<string, string | number>>;
  readonly inputs: readonly InputPlace[];
  /** Parts that add up to `kg`; none where it is a product of facts alone. */
  readonly parts: readonly Explanation[];
}

/** An explanation whose members that are left out are empty. */
export function explanation(
  label: string,
  kg: number,
  rest: Partial<Omit<Explanation, 'label' | 'kg'>> = {},
): Explanation {
  return { label, kg, facts: {}, inputs: [], parts: [], ...rest };
}

/** The same explanation for a part of the whole. */
export function scaled(whole: Explanation, factor: number): Explanation {
  return { ...whole, kg: whole.kg * factor, parts: whole.parts.map((part) => scaled(part, factor)) };
}

/**
 * The largest difference between a number and the sum of its parts anywhere below, as a part of the number at the top.
 */
export function largestGap(root: Explanation): number {
  const gapOf = (node: Explanation): number =>
    node.parts.length === 0
      ? 0
      : Math.max(
          Math.abs(node.kg - node.parts.reduce((sum, { kg }) => sum + kg, 0)),
          ...node.parts.map(gapOf),
        );
  const gap = gapOf(root);
  return gap === 0 ? 0 : gap / Math.abs(root.kg);
}

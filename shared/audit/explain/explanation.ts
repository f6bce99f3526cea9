import { asKg, type Kg } from '../../base/mass';

/** A record of an input file that a number was computed from. */
export interface InputPlace {
  /** File below the inputs' root. */
  readonly file: string;
  /** Record of the file, counted from 1, header excluded. */
  readonly row: number;
}

/** A number or a part of it, explained by smaller parts where there are any. */
export interface Explanation {
  readonly label: string;
  readonly kg: Kg;
  /** Values that it was computed with; units are in the names. */
  readonly facts: Readonly<Record<string, string | number>>;
  readonly inputs: readonly InputPlace[];
  /** Parts that add up to `kg`; none where it is a product of facts alone. */
  readonly parts: readonly Explanation[];
}

/** Returns an explanation; members that are left out are empty. */
export function explanation(
  label: string,
  kg: number,
  rest: Partial<Omit<Explanation, 'label' | 'kg'>> = {},
): Explanation {
  return { label, kg: asKg(kg), facts: {}, inputs: [], parts: [], ...rest };
}

/** Returns the same explanation for a part of the whole. */
export function scaled(whole: Explanation, factor: number): Explanation {
  return { ...whole, kg: asKg(whole.kg * factor), parts: whole.parts.map((part) => scaled(part, factor)) };
}

/**
 * Returns the largest difference between a number and the sum of its parts, at any level, as a part of the number at the top.
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

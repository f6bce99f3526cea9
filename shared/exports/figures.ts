/** The values of a row: the totals that people read, and what they are made of. */
export const FIGURES = [
  'total_lbm',
  'total_mbm',
  'scope_1',
  'scope_2_lbm',
  'scope_2_mbm',
  'scope_3_lbm',
  'scope_3_mbm',
] as const;

/** One of the {@link FIGURES}. */
export type Figure = (typeof FIGURES)[number];

/** Column of a figure, MTCO2e. */
export function figureColumn(figure: Figure): string {
  return figure.startsWith('total_') ? `${figure}_emissions_value` : `total_${figure}_emissions_value`;
}

import { type Figure, FIGURES } from '../../exports/emissions';
import type { PairedRow } from '../../exports/compare-data-files';

/** A figure on both sides, MTCO2e; null where AWS did not deliver it of every row. */
export interface Moved {
  readonly before: number | null;
  readonly after: number | null;
  /** Rows whose value AWS did not deliver. */
  readonly unknownRows: { readonly before: number; readonly after: number };
}

/** The changed values of one account, service or Region. */
export interface MovedKey {
  readonly key: string;
  readonly figures: Readonly<Record<Figure, Moved>>;
}

/** Dimensions that changes are reported by. */
export const DIMENSIONS = ['accounts', 'services', 'regions'] as const;

/** One of the {@link DIMENSIONS}. */
export type Dimension = (typeof DIMENSIONS)[number];

/** What changed between two files of a month. */
export interface MovedFigures {
  readonly rowsBefore: number;
  readonly rowsAfter: number;
  readonly rowsChanged: number;
  readonly totals: Readonly<Record<Figure, Moved>>;
  /** Only keys with a changed value, the largest change of a total first. */
  readonly by: Readonly<Record<Dimension, readonly MovedKey[]>>;
}

interface Sum {
  before: number | null;
  after: number | null;
  readonly unknownRows: { before: number; after: number };
}

type Sums = Record<Figure, Sum>;

const KEY_OF: Readonly<Record<Dimension, (row: PairedRow) => string>> = {
  accounts: ({ accountId }) => accountId,
  services: ({ productCode }) => productCode,
  regions: ({ regionCode }) => regionCode,
};

/** Returns the sums of the rows of two files. The rows have a fixed order, so that the sums are the same each time. */
export async function movedFigures(rows: AsyncIterable<PairedRow>): Promise<MovedFigures> {
  const totals = noSums();
  const sums = {
    accounts: new Map<string, Sums>(),
    services: new Map<string, Sums>(),
    regions: new Map<string, Sums>(),
  };
  const changed = { accounts: new Set<string>(), services: new Set<string>(), regions: new Set<string>() };
  let [rowsBefore, rowsAfter, rowsChanged] = [0, 0, 0];
  for await (const row of rows) {
    if (row.before !== undefined) rowsBefore += 1;
    if (row.after !== undefined) rowsAfter += 1;
    const differs = FIGURES.some((figure) => row.before?.[figure] !== row.after?.[figure]);
    if (differs) rowsChanged += 1;
    addRow(totals, row);
    for (const dimension of DIMENSIONS) {
      const key = KEY_OF[dimension](row);
      const own = sums[dimension].get(key) ?? noSums();
      addRow(own, row);
      sums[dimension].set(key, own);
      if (differs) changed[dimension].add(key);
    }
  }
  const movedOf = (dimension: Dimension): MovedKey[] =>
    [...sums[dimension]]
      .filter(([key]) => changed[dimension].has(key))
      .map(([key, figures]) => ({ key, figures }))
      .sort((a, b) => sizeOf(b) - sizeOf(a) || (a.key < b.key ? -1 : 1));
  const by = { accounts: movedOf('accounts'), services: movedOf('services'), regions: movedOf('regions') };
  return { rowsBefore, rowsAfter, rowsChanged, totals, by };
}

function noSums(): Sums {
  const sums = FIGURES.map((figure) => [
    figure,
    { before: 0, after: 0, unknownRows: { before: 0, after: 0 } },
  ]);
  // Every figure has a sum; the type of fromEntries does not show it.
  return Object.fromEntries(sums) as Sums;
}

function addRow(sums: Sums, { before, after }: PairedRow): void {
  for (const figure of FIGURES) {
    add(sums[figure], 'before', before === undefined ? 0 : before[figure]);
    add(sums[figure], 'after', after === undefined ? 0 : after[figure]);
  }
}

/** Adds a value to one side. A sum with an unknown part is unknown. */
function add(sum: Sum, side: 'before' | 'after', value: number | null): void {
  const present = sum[side];
  sum[side] = present === null || value === null ? null : present + value;
  if (value === null) sum.unknownRows[side] += 1;
}

/** Returns the change of a figure, MTCO2e; null where a side is unknown. */
export function changeOf({ before, after }: Pick<Moved, 'before' | 'after'>): number | null {
  return before === null || after === null ? null : after - before;
}

function sizeOf({ figures }: MovedKey): number {
  const change = (moved: Moved): number => Math.abs(changeOf(moved) ?? 0);
  return Math.max(change(figures.total_lbm), change(figures.total_mbm));
}

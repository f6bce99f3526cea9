import { groupBy } from '../../base/group';
import type { InputProblem } from '../../base/input-problem';
import { type Warning, warningAbout } from '../../base/warning';
import type { BillFacts } from './bill-facts';
import type { BillTable } from './bill-tables';

/**
 * What is wrong with a month's bills as a whole: one payer's bill that is in two deliveries, such as an export as
 * CSV and as Parquet, would count twice.
 *
 * @param deliveryOf folder of the export that a file belongs to
 */
export function billProblems(
  table: BillTable,
  files: readonly { readonly file: string; readonly facts?: BillFacts }[],
  deliveryOf: (file: string) => string,
): InputProblem[] {
  const bills = files.flatMap(({ file, facts }) => (facts?.payers ?? []).map((payer) => ({ file, payer })));
  return [...groupBy(bills, ({ payer }) => payer)].flatMap(([payer, ofPayer]): InputProblem[] => {
    const [first, ...others] = [...groupBy(ofPayer, ({ file }) => deliveryOf(file)).values()];
    const [kept] = first ?? [];
    if (kept === undefined) return [];
    return others.flatMap(([other]) => {
      if (other === undefined) return [];
      const expected = `one delivery of the bill of payer ${payer}; ${kept.file} is another one, and it would count twice`;
      return [{ table, file: other.file, expected }];
    });
  });
}

/** Reports that files of one month do not have the same columns: each is read by its own. */
export function columnWarnings(
  table: BillTable,
  files: readonly { readonly file: string; readonly columns: readonly string[] }[],
): Warning[] {
  const sets = groupBy(files, ({ columns }) => JSON.stringify([...columns].sort()));
  if (sets.size <= 1) return [];
  const all = new Set(files.flatMap(({ columns }) => columns));
  const partial = [...all].filter((name) => files.some(({ columns }) => !columns.includes(name))).sort();
  return warningAbout(
    { severity: 'worth-a-look', code: 'columns-differ' },
    partial,
    (columns) =>
      `${table}: the files of the month do not have the same columns (${columns}); each is read by its own`,
  );
}

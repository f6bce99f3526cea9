import { accessOf } from '../../sql/file-relation';
import { constantText } from '../../sql/summed-texts';
import type { TextColumns, UsageFile } from '../../sql/text-columns';
import type { FileTexts } from '../lines/usage-engine';

/** Texts of lines, without those that are the same in all lines of all files. */
export interface VaryingTexts {
  readonly texts: FileTexts;
  /** SQL of each text that is the same in all lines, by its name. */
  readonly constants: ReadonlyMap<string, string>;
}

/** Divides texts into those that are the same in all lines of all files, and the others. The account is one of the others. */
export function varyingTexts(texts: FileTexts): VaryingTexts {
  const [first, ...others] = texts.files.map((file) => constantsIn(file, texts.columnsOf(file)));
  const constants = new Map(
    [...(first ?? [])].filter(([name, sql]) => others.every((other) => other.get(name) === sql)),
  );
  const columnsOf = (file: UsageFile): TextColumns =>
    texts.columnsOf(file).filter(([, name]) => !constants.has(name));
  return { texts: { ...texts, columnsOf }, constants };
}

function constantsIn(file: UsageFile, columns: TextColumns): Map<string, string> {
  const access = accessOf(file);
  const found = new Map<string, string>();
  for (const column of columns) {
    const [inFile, name, kind] = column;
    if (name === 'account_id' || (kind !== undefined && kind !== 'id')) continue;
    const sql = inFile === undefined ? 'NULL' : constantText(column, access);
    if (sql !== undefined) found.set(name, sql);
  }
  return found;
}

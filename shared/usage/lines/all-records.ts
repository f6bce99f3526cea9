import { InputError } from '../../base/input-problem';
import type { FileTexts } from './usage-engine';

/**
 * Compares the number of records that an engine read with the number in the scan of the bytes. An engine may skip a record
 * that it cannot read.
 *
 * @throws InputError when they differ
 */
export function assertAllRecordsRead({ table, files }: Omit<FileTexts, 'columnsOf'>, read: number): void {
  const records = files.map((file) => file.records ?? NaN);
  const found = records.reduce((sum, count) => sum + count, 0);
  if (Number.isNaN(found) || found === read) return;
  const names = files.map(({ file }) => file).join(', ');
  const expected = `every record to be read; found ${String(found)} records in the bytes of ${names}, and the engine read ${String(read)}. Write the file again by RFC 4180, or as Parquet`;
  throw new InputError([{ table, expected }]);
}

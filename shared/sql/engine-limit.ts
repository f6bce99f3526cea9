import { dirname } from 'node:path';
import { CarbonError } from '../base/carbon-error';
import { errorMessage } from '../base/error-info';

/** DuckDB's words where its disk or its own limit of temporary files is full. */
const DISK = /No space left on device|Disk quota exceeded|max_temp_directory_size/;

/** DuckDB's words where a step needs more memory than its limit or the machine has. */
const MEMORY = /^Out of Memory Error|\bstd::bad_alloc\b/;

/**
 * Returns the error for a statement that failed because the engine has no room; undefined where it failed otherwise. Such a
 * failure says nothing about the inputs.
 *
 * @param folder the scratch folder of the DuckDB
 * @param memoryLimit its limit of memory, e.g. `3GB`
 */
export function engineLimit(error: unknown, folder: string, memoryLimit: string): CarbonError | undefined {
  const message = errorMessage(error);
  const parent = dirname(folder);
  if (DISK.test(message)) {
    return new CarbonError(
      'state',
      `${parent}: found no space left on its disk, expected room for temporary files; free some space there, or set TMPDIR to another folder`,
      { cause: error },
    );
  }
  if (!MEMORY.test(message)) return undefined;
  return new CarbonError(
    'state',
    `the engine: found a step that needs more than its memory of ${memoryLimit} and the disk of ${parent}; give it more memory (--memory-limit), or set TMPDIR to a folder with more space`,
    { cause: error },
  );
}

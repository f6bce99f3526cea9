import { cpSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

const INPUTS = join(__dirname, '..', 'cases', 'small', 'inputs');

/** The estate of the worked case. */
export const SMALL_ESTATE = {
  copyTo: (folder: string): void => {
    cpSync(INPUTS, folder, { recursive: true });
  },
  /** Files of a month's usage, below the estate's root. */
  usageFiles: (month: string): string[] => {
    const folder = join('usage', `usage_period=${month}`);
    return readdirSync(join(INPUTS, folder)).map((name) => join(folder, name));
  },
};

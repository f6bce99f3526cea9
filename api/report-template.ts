import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseS3Location } from '../shared/stores/open-store';

/**
 * Returns the report page without its data, which `npm run build` writes beside the program; undefined for a program that
 * runs from its source.
 */
export function reportTemplate(): string | undefined {
  const path = join(__dirname, 'report.html');
  return existsSync(path) ? readFileSync(path, 'utf8') : undefined;
}

/** Returns the place of a page below the place of the exports, as a person opens it. */
export function pagePlace(out: string, key: string): string {
  return parseS3Location(out) === undefined ? join(out, key) : `${out.replace(/\/+$/, '')}/${key}`;
}

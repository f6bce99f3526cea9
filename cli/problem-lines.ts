import { formatNumber } from '../shared/base/people-number';

/** Equal problems that are shown. */
const SHOWN_EQUAL = 3;

/**
 * Returns the lines of an error of the inputs. Lines that differ only in the row and in the value that was found are equal:
 * the first ones are shown and the others counted, unless `isVerbose`.
 */
export function problemLines(error: string, isVerbose: boolean): string[] {
  const lines = error.split('\n');
  if (isVerbose) return lines;
  const counts = new Map<string, number>();
  const shown: string[] = [];
  for (const line of lines) {
    const kind = kindOf(line);
    const count = (counts.get(kind) ?? 0) + 1;
    counts.set(kind, count);
    if (count <= SHOWN_EQUAL) shown.push(line);
  }
  const folded = lines.length - shown.length;
  if (folded === 0) return shown;
  return [...shown, `… and ${formatNumber(folded)} more of these kinds; --verbose lists them`];
}

function kindOf(line: string): string {
  return line
    .replace(/, row \d+/, '')
    .replace(/found "(?:[^"\\]|\\.)*"/, '')
    .replace(/this one has \d+ digits/, '');
}

import { createHash } from 'node:crypto';
import { cpSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { EXPORT_NAME } from './export-name';

/** Inodes and times of files: no two folders have the same. */
const OF_THIS_FOLDER = ['index.json', 'page.json'].map((name) => join('state', name));

/** Returns the paths of all files below a folder, relative to it, sorted; without those that only this folder can have. */
export function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
    .filter((path) => !OF_THIS_FOLDER.some((name) => path.endsWith(name)))
    .sort();
}

/** Returns the SHA-256 of every file below a folder, by path. */
export function hashesOf(folder: string): Record<string, string> {
  return Object.fromEntries(filesBelow(folder).map((file) => [file, sha256(join(folder, file))]));
}

/** Returns the SHA-256 and the time of the last write of every file below a folder, by path. */
export function hashesAndTimesOf(
  folder: string,
  isWanted: (path: string) => boolean = () => true,
): Record<string, string> {
  const entries = filesBelow(folder)
    .filter(isWanted)
    .map((file) => {
      const path = join(folder, file);
      return [file, `${sha256(path)} ${String(statSync(path, { bigint: true }).mtimeNs)}`];
    });
  return Object.fromEntries(entries) as Record<string, string>;
}

function sha256(path: string): string {
  return createHash('sha256').update(readFileSync(path)).digest('hex');
}

/** Returns the hash and time of the data files and manifests of a month, in every model version. */
export function filesOfMonth(out: string, month: string): Record<string, string> {
  return hashesAndTimesOf(out, (path) => path.includes(`usage_period=${month}/${EXPORT_NAME}`));
}

/** Copies a folder with the times of its files. Returns the path of the copy. */
export function copyFolder(folder: string, to: string): string {
  cpSync(folder, to, { recursive: true, preserveTimestamps: true });
  return to;
}

import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

const { resolve } = createRequire(import.meta.url);

/**
 * Returns the folder of an installed package, which may be in a folder above the project.
 *
 * @throws Error when it is not installed
 */
export function packageFolder(name) {
  const folders = (resolve.paths(name) ?? []).map((place) => join(place, name));
  const found = folders.find((folder) => existsSync(join(folder, 'package.json')));
  if (found === undefined) throw new Error(`the package ${name} is not installed; run npm ci`);
  return found;
}

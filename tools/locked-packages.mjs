import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Returns the part of package-lock.json that some packages need: they and everything that they depend on, for every
 * platform, with the hashes of their content. The result is a package-lock.json for `npm ci`, or null for no package.
 */
export function lockedPackages(root, names) {
  if (names.length === 0) return null;
  const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'));
  const needed = names.map((name) => `node_modules/${name}`);
  for (const path of needed) {
    const { dependencies = {}, optionalDependencies = {} } = packages[path];
    for (const name of Object.keys({ ...dependencies, ...optionalDependencies })) {
      const found = locate(packages, path, name);
      if (found !== undefined && !needed.includes(found)) needed.push(found);
    }
  }
  const dependencies = Object.fromEntries(
    names.map((name) => [name, packages[`node_modules/${name}`].version]),
  );
  const locked = needed.sort().map((path) => [path, packages[path]]);
  return {
    name: 'function',
    lockfileVersion: 3,
    packages: { '': { name: 'function', dependencies }, ...Object.fromEntries(locked) },
  };
}

/** Returns the path of a package as Node.js finds it from another package: the nearest node_modules first. */
function locate(packages, from, name) {
  for (let at = from; ; at = at.slice(0, Math.max(0, at.lastIndexOf('/node_modules/')))) {
    const path = at === '' ? `node_modules/${name}` : `${at}/node_modules/${name}`;
    if (packages[path] !== undefined) return path;
    if (at === '') return undefined;
  }
}

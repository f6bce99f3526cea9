/*
 * `npm run licences`: writes docs/dependencies.md from package-lock.json. With `-- --releases` it asks the registry for
 * the last release of each direct dependency; otherwise those stay as they are in the document.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(__dirname, '..');
const DOCUMENT = join(ROOT, 'docs', 'dependencies.md');

interface LockedPackage {
  readonly version?: string;
  readonly license?: string;
  readonly dev?: boolean;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
}

/** A direct dependency. */
export interface Dependency {
  readonly name: string;
  readonly version: string;
  readonly licence: string;
  readonly ships: boolean;
}

/** Newest version and day of the last release, by package. */
export type Releases = ReadonlyMap<string, { readonly newest: string; readonly on: string }>;

function lockedPackages(): Readonly<Record<string, LockedPackage>> {
  const lock = JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8')) as {
    packages: Record<string, LockedPackage>;
  };
  return lock.packages;
}

/** The direct dependencies, those that ship first. */
export function directDependencies(): Dependency[] {
  const packages = lockedPackages();
  const root = packages[''] ?? {};
  const list = (names: Readonly<Record<string, string>> = {}, ships: boolean): Dependency[] =>
    Object.keys(names)
      .sort()
      .map((name) => {
        const { version = '', license = 'none stated' } = packages[`node_modules/${name}`] ?? {};
        return { name, version, licence: license, ships };
      });
  return [...list(root.dependencies, true), ...list(root.devDependencies, false)];
}

/** How many packages of each licence are installed where the product runs, direct and indirect. */
export function licencesThatShip(): Map<string, number> {
  const counts = new Map<string, number>();
  for (const [path, { license = 'none stated', dev }] of Object.entries(lockedPackages())) {
    if (path !== '' && dev !== true) counts.set(license, (counts.get(license) ?? 0) + 1);
  }
  return new Map([...counts].sort());
}

/** Returns the releases in the document. */
export function releasesIn(document: string): Releases {
  const rows = [
    ...document.matchAll(/^\| (\S+) +\| [^|]+\| [^|]+\| [^|]+\| (\S+) +\| (\d{4}-\d\d-\d\d) +\|$/gm),
  ];
  return new Map(rows.map(([, name = '', newest = '', on = '']) => [name, { newest, on }]));
}

/** The document. */
export function dependenciesDocument(releases: Releases): string {
  const direct = directDependencies().map(({ name, version, licence, ships }) => {
    const { newest, on } = releases.get(name) ?? { newest: 'unknown', on: 'unknown' };
    return [name, version, licence, ships ? 'ships' : 'builds and tests', newest, on];
  });
  const licences = [...licencesThatShip()].map(([licence, count]) => [licence, String(count)]);
  return `# Dependencies

Made by \`npm run licences\`; a test compares it with package-lock.json. Versions are pinned exactly and locked with their
hashes. Last releases are those of the registry when \`npm run licences -- --releases\` was last run.

${table(['package', 'version', 'licence', 'use', 'newest', 'last release'], direct)}

Licences of all packages that ship, direct and indirect:

${table(['licence', 'packages'], licences)}

Known advisories: CI runs \`npm audit\` if the registry supports it, and reports if it does not. Where the registry does
not support it, nothing is claimed about advisories.
`;
}

function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = header.map((title, index) =>
    Math.max(...[header, ...rows].map((row) => row[index]?.length ?? 0), title.length),
  );
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, index) => cell.padEnd(widths[index] ?? 0)).join(' | ')} |`;
  return [line(header), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)].join('\n');
}

function askRegistry(): Releases {
  return new Map(
    directDependencies().map(({ name }) => {
      const text = execFileSync('npm', ['view', name, 'time', 'dist-tags.latest', '--json'], {
        encoding: 'utf8',
      });
      const answer = JSON.parse(text) as { time: Record<string, string>; 'dist-tags.latest': string };
      const newest = answer['dist-tags.latest'];
      return [name, { newest, on: (answer.time[newest] ?? '').slice(0, 10) }];
    }),
  );
}

if (require.main === module) {
  const present = existsSync(DOCUMENT) ? readFileSync(DOCUMENT, 'utf8') : '';
  const releases = process.argv.includes('--releases') ? askRegistry() : releasesIn(present);
  writeFileSync(DOCUMENT, dependenciesDocument(releases));
}

import { strict as assert } from 'node:assert';
import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';

/** A release of Node.js in a folder, with the npm of this computer. */
export interface Node {
  readonly version: string;
  /** Path of the program. */
  readonly program: string;
}

const npmProgram = (): string => {
  const path = process.env['npm_execpath'];
  assert(path !== undefined, 'start this suite by npm run test:package');
  return path;
};

/** Runs a program; fails where it fails. Returns what it printed. */
export function run(program: string, args: readonly string[], cwd: string, path?: string): string {
  const env = {
    ...process.env,
    ...(path === undefined ? {} : { PATH: `${path}${delimiter}${process.env['PATH'] ?? ''}` }),
    // Settings of the npm that started this suite.
    npm_config_loglevel: 'warn',
  };
  const { status, stdout, stderr } = spawnSync(program, args, { cwd, env, encoding: 'utf8' });
  assert.equal(status, 0, `${program} ${args.join(' ')}\n${stdout}${stderr}`);
  return `${stdout}${stderr}`;
}

/** Runs npm by a release of Node.js. */
export function npm(node: Node, args: readonly string[], cwd: string): string {
  return run(node.program, [npmProgram(), ...args], cwd, dirname(node.program));
}

/** Packs the package as `npm publish` would. Returns the path of the tarball. */
export function packedTarball(root: string, folder: string): string {
  run(process.execPath, [npmProgram(), 'pack', '--pack-destination', folder], root);
  const [name = ''] = readdirSync(folder).filter((file) => file.endsWith('.tgz'));
  const bytes = statSync(join(folder, name)).size;
  console.log(`${name}: ${String(bytes)} bytes`);
  assert(bytes < 3_000_000, 'the tarball has at most 3 MB');
  return join(folder, name);
}

/** Installs a release of Node.js from the registry. */
export function installedNode(folder: string, version: string): Node {
  const name = `node-${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`;
  const home = join(folder, `node-${version}`);
  emptyPackage(home);
  run(process.execPath, [npmProgram(), 'install', '--no-audit', '--no-fund', `${name}@${version}`], home);
  const program = join(home, 'node_modules', name, 'bin', 'node');
  return { version: run(program, ['--version'], home).trim(), program };
}

/** Creates a folder with a package.json, as a person's project has. */
export function emptyPackage(folder: string): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), '{ "name": "a-project", "private": true }\n');
}

/** Installs packages into a folder; fails where npm warns. */
export function install(node: Node, folder: string, packages: readonly string[]): void {
  emptyPackage(folder);
  const printed = npm(node, ['install', '--no-audit', '--no-fund', ...packages], folder);
  assert(!/warn|deprecated/i.test(printed), `npm install by Node.js ${node.version} warns:\n${printed}`);
}

/*
 * `npm run test:package`: packs the package and installs it into empty folders, as its users do, with each Node.js that
 * package.json allows. It needs the registry, and brings the other releases of Node.js from there.
 */
import { strict as assert } from 'node:assert';
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { checkCdkApp } from './cdk-app';
import { checkCommand } from './command';
import { partsDone } from './done';
import { checkLibrary } from './library';
import { installedNode, packedTarball } from './npm';
import { checkReaders } from './readers';
import { checkShells } from './shells';
import { checkTerminal } from './terminal';

const ROOT = join(__dirname, '..', '..');
const FOLDER = join(ROOT, 'build', 'package');

/** Lowest release that engines allows, and the newest of each later line with long-term support. */
const NODES = ['20.19.0', '22', '24'];

function main(): void {
  rmSync(FOLDER, { recursive: true, force: true });
  mkdirSync(FOLDER, { recursive: true });
  const tarball = packedTarball(ROOT, FOLDER);
  for (const version of NODES) {
    const node = installedNode(FOLDER, version);
    checkCommand(node, tarball, join(FOLDER, `command-${version}`));
  }
  const node = installedNode(FOLDER, '22');
  checkTerminal(node, join(FOLDER, 'command-22'));
  checkShells(node, join(FOLDER, 'command-22'));
  checkReaders(node, { folder: join(FOLDER, 'command-22'), root: ROOT });
  checkLibrary(node, { tarball, folder: join(FOLDER, 'library'), root: ROOT });
  checkCdkApp(node, tarball, join(FOLDER, 'cdk-app'));
  assert.equal(partsDone(), NODES.length + 5, 'a part of the suite did not run');
  console.log('The package works.');
}

main();

import { strict as assert } from 'node:assert';
import { done } from './done';
import { install, type Node, npm } from './npm';

/** Installs the package into an empty folder and uses its command there. */
export function checkCommand(node: Node, tarball: string, folder: string): void {
  install(node, folder, [tarball]);
  const command = (...args: readonly string[]): string =>
    npm(node, ['exec', '--offline', '--', 'carbon-exports', ...args], folder);
  assert.match(command('version'), new RegExp(`Node.js ${node.version.slice(1)}`));
  assert.match(command('doctor'), /ok +engine: DuckDB/);
  command('init', '--inputs', 'estate');
  assert.match(command('validate', '--inputs', 'estate', '--strict'), /1 of 1 months are valid/);
  assert.match(
    command('run', '--inputs', 'estate', '--out', 'exports'),
    /1 published, 0 unchanged, 0 failed/,
  );
  assert.match(command('query', '--out', 'exports', '--named', 'by-service'), /AmazonEC2/);
  assert.match(command('verify', '--inputs', 'estate', '--out', 'exports'), /\nVERIFIED/);
  command('sample', '--out', 'sample', '--months', '1');
  done(`The command works on Node.js ${node.version}`);
}

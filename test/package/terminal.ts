import { strict as assert } from 'node:assert';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { done } from './done';
import type { Node } from './npm';

/** Returns what the command shows on a terminal of so many columns, by script(1). */
function shown(node: Node, folder: string, columns: number, args: readonly string[]): string {
  const program = [node.program, join('node_modules', '.bin', 'carbon-exports'), ...args];
  const command = `stty cols ${String(columns)} rows 24; ${program.map((word) => `'${word}'`).join(' ')}`;
  const { status, stdout } = spawnSync('script', ['-qec', command, '/dev/null'], {
    cwd: folder,
    encoding: 'utf8',
    env: { ...process.env, TERM: 'xterm', NO_COLOR: undefined, FORCE_COLOR: undefined },
  });
  assert.equal(status, 0, stdout);
  return stdout.replaceAll('\r', '');
}

const widest = (text: string): number => Math.max(...text.split('\n').map(({ length }) => length));

/** Checks that tables fit terminals of 80 and of 200 columns, in a folder where checkCommand ran. */
export function checkTerminal(node: Node, folder: string): void {
  const table = ['status', '--out', 'exports'];
  const query = ['query', '--out', 'exports', 'SELECT * FROM carbon_latest'];
  for (const columns of [80, 200]) {
    assert(widest(shown(node, folder, columns, table)) <= columns, `status fits ${String(columns)} columns`);
  }
  const narrow = shown(node, folder, 80, query);
  assert.match(
    narrow,
    /\nusage_account_id +\d{12}\n/,
    'rows that are too wide are shown one below the other',
  );
  const long = 'SELECT range AS n FROM range(100)';
  assert.match(
    shown(node, folder, 80, ['query', '--out', 'exports', long]),
    /\(19 of 100 rows; --limit 0 shows all/,
  );
  assert.match(
    shown(node, folder, 200, ['query', '--out', 'exports', '--limit', '0', long]),
    /\n\(100 rows\)/,
  );
  done('Tables fit terminals of 80 and of 200 columns');
}

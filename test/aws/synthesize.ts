import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(__dirname, '..', '..');

/**
 * The app as CDK builds it for this machine, functions bundled.
 *
 * @param out folder that is made anew
 * @param settings settings at the top beside those of cdk.json
 */
export function synthesize(out: string, settings: Readonly<Record<string, string>> = {}): void {
  rmSync(out, { recursive: true, force: true });
  const all = { architecture: process.arch === 'arm64' ? 'arm64' : 'x86_64', ...settings };
  const context = Object.entries(all).flatMap(([name, value]) => ['-c', `carbonExports.${name}=${value}`]);
  const { status, stderr } = spawnSync('npx', ['cdk', 'synth', '--quiet', '-o', out, ...context], {
    cwd: ROOT,
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`cdk synth failed:\n${stderr}`);
}

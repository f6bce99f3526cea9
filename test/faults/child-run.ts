import { type ChildProcess, spawn, type SpawnOptions } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { buildSync } from 'esbuild';

const BUNDLE = join(__dirname, '..', '..', 'build', 'faults', 'cli.cjs');

/** Bundles the command once, so that a child is at work soon after it starts. */
export function bundleCommand(): void {
  buildSync({
    entryPoints: [join(__dirname, '..', '..', 'cli', 'carbon-exports.ts')],
    bundle: true,
    platform: 'node',
    packages: 'external',
    outfile: BUNDLE,
    logLevel: 'error',
  });
}

/** How a child ended. */
export interface ChildEnd {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stderr: string;
}

/** A command that runs as a process of its own. */
export class ChildRun {
  private constructor(
    private readonly child: ChildProcess,
    /** Resolves when it is gone. */
    readonly ended: Promise<ChildEnd>,
  ) {}

  /**
   * @param shellPrefix run by a shell before the command, such as `ulimit -f 8`
   */
  static start(args: readonly string[], env: NodeJS.ProcessEnv = {}, shellPrefix?: string): ChildRun {
    const command = [BUNDLE, ...args];
    const options: SpawnOptions = { env: { ...process.env, ...env }, stdio: ['ignore', 'ignore', 'pipe'] };
    const child =
      shellPrefix === undefined
        ? spawn(process.execPath, command, options)
        : spawn('bash', ['-c', `${shellPrefix}; exec "$0" "$@"`, process.execPath, ...command], options);
    let stderr = '';
    child.stderr?.on('data', (chunk: Buffer) => {
      stderr += chunk.toString();
    });
    const ended = once(child, 'close').then(([code, signal]): ChildEnd => ({
      code: code as number | null,
      signal: signal as NodeJS.Signals | null,
      stderr,
    }));
    return new ChildRun(child, ended);
  }

  get isRunning(): boolean {
    return this.child.exitCode === null && this.child.signalCode === null;
  }

  kill(signal: NodeJS.Signals = 'SIGKILL'): void {
    this.child.kill(signal);
  }
}

import { type ChildProcess, spawn, type SpawnOptions } from 'node:child_process';
import { once } from 'node:events';
import { builtCommand } from '../support/built-command';

/** Compiled once, so that a child starts fast. */
const PROGRAM = builtCommand();

/** How a child ended. */
export interface ChildEnd {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stderr: string;
}

/** The command in a separate process. */
export class ChildRun {
  private constructor(
    private readonly child: ChildProcess,
    /** Resolves when the process has ended. */
    readonly ended: Promise<ChildEnd>,
  ) {}

  /**
   * @param shellPrefix a shell runs it before the command, such as `ulimit -f 8`
   */
  static start(args: readonly string[], env: NodeJS.ProcessEnv = {}, shellPrefix?: string): ChildRun {
    const command = [PROGRAM, ...args];
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

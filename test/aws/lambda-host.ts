import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { DeployedFunction } from '../support/deployment';

/** What an invocation left behind. */
export interface Invocation {
  readonly step: string;
  readonly event: unknown;
  readonly milliseconds: number;
  readonly maxRssKb: number;
  /** Log of the function, with its metrics. */
  readonly log: string;
  /** Files left in the folder for temporary files. */
  readonly leftovers: readonly string[];
  readonly error?: string;
}

interface Answer {
  readonly result?: unknown;
  readonly errorType?: string;
  readonly errorMessage?: string;
  readonly trace?: readonly string[];
  readonly maxRssKb?: number;
}

/** An error as Step Functions sees it: the name is the error's type, the message is Lambda's JSON. */
class LambdaError extends Error {
  constructor(name: string, answer: Answer) {
    super(JSON.stringify(answer));
    this.name = name;
  }
}

/** Runs bundled handlers, each invocation in a separate process with an environment like Lambda's. */
export class LambdaHost {
  readonly invocations: Invocation[] = [];
  /** Processes at work, by the step and the event they were given. */
  readonly running = new Set<{
    readonly step: string;
    readonly event: unknown;
    readonly child: ChildProcess;
  }>();

  /** @param more further variables of the environment, e.g. where a service answers that the endpoint does not have */
  constructor(
    private readonly endpoint: string,
    private readonly tmp: string,
    private readonly more: Readonly<Record<string, string>> = {},
  ) {}

  /** @param caller access key of the function's requests */
  async invoke(step: string, deployed: DeployedFunction, event: unknown, caller = 'test'): Promise<unknown> {
    const folder = mkdtempSync(join(this.tmp, 'lambda-'));
    const started = performance.now();
    const child = fork(
      join(__dirname, 'lambda-process.cjs'),
      [deployed.assetDir, step, `${step}-${folder}`],
      {
        stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
        execArgv: [],
        env: {
          ...deployed.environment,
          PATH: process.env.PATH ?? '',
          TMPDIR: folder,
          AWS_REGION: 'us-east-1',
          AWS_ACCESS_KEY_ID: caller,
          AWS_SECRET_ACCESS_KEY: 'test',
          AWS_ENDPOINT_URL: this.endpoint,
          AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(deployed.memoryMb),
          AWS_LAMBDA_FUNCTION_NAME: step,
          POWERTOOLS_TRACE_ENABLED: 'false',
          ...this.more,
        },
      },
    );
    const entry = { step, event, child };
    this.running.add(entry);
    let log = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on('data', (data: Buffer) => {
        log += data.toString('utf8');
      });
    }
    let answer: Answer = {
      errorType: 'Runtime.ExitError',
      errorMessage: 'Runtime exited with error: signal: killed',
    };
    child.on('message', (message: Answer) => {
      answer = message;
    });
    child.send({ event });
    await once(child, 'close');
    this.running.delete(entry);
    const leftovers = readdirSync(folder, { recursive: true }).map(String);
    rmSync(folder, { recursive: true, force: true });
    const milliseconds = performance.now() - started;
    const { maxRssKb = 0, errorType } = answer;
    const failure = errorType === undefined ? {} : { error: errorType };
    this.invocations.push({ step, event, milliseconds, maxRssKb, log, leftovers, ...failure });
    if (errorType !== undefined) throw new LambdaError(errorType, answer);
    return answer.result;
  }
}

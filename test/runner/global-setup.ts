import { randomUUID } from 'node:crypto';
import process from 'node:process';

/** Names this run of the tests for built-command.ts, whose build all workers share. */
export default function nameRun(): void {
  process.env['TEST_RUN'] = randomUUID();
}

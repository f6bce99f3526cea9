import type { Context } from 'aws-lambda';
import { z } from 'zod';
import { MissingVariableError, requireEnv } from '../../lambdas/require-env';
import { stepHandler } from '../../lambdas/step-handler';
import { logger } from '../../lambdas/telemetry';
import { InputError } from '../../shared/base/input-problem';

const context = { functionName: 'step' } as Context;

beforeEach(() => {
  jest.spyOn(logger, 'error').mockImplementation(() => undefined);
});

async function failureOf(error: unknown): Promise<Error> {
  const handler = stepHandler(z.object({}), () => Promise.reject(error as Error));
  return handler({}, context).then(
    () => new Error('nothing failed'),
    (failure: unknown) => failure as Error,
  );
}

describe('stepHandler', () => {
  test('returns the result of the step', async () => {
    const handler = stepHandler(z.object({ n: z.number() }), ({ n }) => Promise.resolve(n + 1));
    await expect(handler({ n: 1 }, context)).resolves.toBe(2);
  });

  test('keeps the name of an error that will not pass', async () => {
    const failure = await failureOf(new InputError([{ table: 'usage', expected: 'something else' }]));
    expect(failure.name).toBe('InputError');
    expect(failure.message).toContain('something else');
  });

  test('has one name for all transient errors', async () => {
    const reset = Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' });
    const failure = await failureOf(reset);
    expect(failure.name).toBe('TransientError');
    expect(failure.message).toBe('unexpected error: socket hang up');
  });

  test('shortens a message that Step Functions could not keep', async () => {
    const failure = await failureOf(new Error('x'.repeat(10_000)));
    expect(`${failure.message}${failure.stack ?? ''}`.length).toBeLessThan(4_000);
  });
});

test('a missing environment variable is an error with its name', () => {
  expect(() => requireEnv('NO_SUCH_VARIABLE')).toThrow(MissingVariableError);
  expect(() => requireEnv('NO_SUCH_VARIABLE')).toThrow(/NO_SUCH_VARIABLE/);
});

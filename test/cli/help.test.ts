import { EXAMPLES } from '../../cli/examples';
import { carbonExports } from '../support/run-command';

const ALL = Object.entries(EXAMPLES).flatMap(([verb, examples]) =>
  examples.map((example) => ({ verb, example })),
);

test('verbs have examples', () => {
  expect(ALL.length).toBeGreaterThan(10);
});

test.each(ALL)(
  'the help of "$verb" has the example $example, and its verb has the options',
  async ({ verb, example }) => {
    const shown = await carbonExports(...verb.split(' ').filter((word) => word !== ''), '--help');
    expect(shown.stdout).toContain(example);
    const [, own = ''] = /^carbon-exports ([a-z ]+?)(?: --| "|$)/.exec(example) ?? [];
    const { stdout } = await carbonExports(...own.split(' '), '--help');
    for (const [option] of example.matchAll(/ --[a-z-]+/g)) expect(stdout).toContain(option);
  },
);

test('required options are marked', async () => {
  const { stdout } = await carbonExports('run', '--help');
  expect(stdout.replaceAll(/\s+/g, ' ')).toContain(
    '--inputs <location> folder of the estate, or s3://bucket/prefix (required)',
  );
});

describe('did you mean', () => {
  test.each([
    { args: ['rum'], near: 'run' },
    { args: ['run', '--inptus', 'x'], near: '--inputs' },
    { args: ['accounts', 'refresh', '--mont', '2025-01'], near: '--month' },
  ])('$args', async ({ args, near }) => {
    const { code, stderr } = await carbonExports(...args);
    expect([code, stderr]).toEqual([2, expect.stringContaining(`(Did you mean ${near}?)`)]);
  });
});

describe('errors as JSON', () => {
  test.each([
    { name: 'a wrong option', args: ['run', '--jsn', '--json'], kind: 'usage', exitCode: 2 },
    { name: 'a missing option', args: ['run', '--json'], kind: 'usage', exitCode: 2 },
    {
      name: 'a wrong location',
      args: ['status', '--out', 'nowhere', '--json'],
      kind: 'usage',
      exitCode: 2,
    },
    {
      name: 'a wrong query',
      args: ['query', '--out', 'nowhere', '--named', 'nothing', '--format', 'json'],
      kind: 'usage',
      exitCode: 2,
    },
  ])('$name', async ({ args, kind, exitCode }) => {
    const { code, stdout, stderr } = await carbonExports(...args);
    expect([code, stdout]).toEqual([exitCode, '']);
    expect(JSON.parse(stderr)).toEqual({
      schema: 1,
      error: { kind, exitCode, message: expect.not.stringMatching(/^error|^$/) as string },
    });
  });
});

test('version names the versions that a report of a problem needs', async () => {
  const { stdout } = await carbonExports('version', '--json');
  expect(JSON.parse(stdout)).toMatchObject({
    schema: 1,
    version: '0.1.0',
    modelVersions: expect.any(Array) as [],
  });
});

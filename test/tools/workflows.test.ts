import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { engines } from '../../package.json';

const ROOT = join(__dirname, '..', '..');
const FOLDER = join(ROOT, '.github', 'workflows');

const WORKFLOWS = readdirSync(FOLDER).map((name) => ({
  name,
  text: readFileSync(join(FOLDER, name), 'utf8'),
}));

/** Commands of the workflows, with the file they are in. */
const RUNS = WORKFLOWS.flatMap(({ name, text }) =>
  [...text.matchAll(/^ +- run: (.+)$/gm)].map(([, command = '']) => ({ name, command })),
);

/** Programs that a runner has. */
const PROGRAMS = ['gh', 'node', 'npm'];

test('the workflows have commands', () => {
  expect(WORKFLOWS.map(({ name }) => name)).toEqual(['ci.yml', 'release.yml']);
  expect(RUNS.length).toBeGreaterThan(5);
});

test.each(RUNS)('$name: $command exists', ({ command }) => {
  const [program = '', argument = ''] = command.split(' ');
  if (!PROGRAMS.includes(program)) expect(existsSync(join(ROOT, program))).toBe(true);
  if (program === 'node') expect(existsSync(join(ROOT, argument))).toBe(true);
  if (program === 'npm') expect(['ci', 'test', 'pkg', 'publish']).toContain(argument);
});

test('a workflow runs the tests on the lowest Node.js that package.json allows', () => {
  const lowest = engines.node.replace('>=', '');
  expect(WORKFLOWS.map(({ text }) => text).join('\n')).toContain(`node: ['${lowest}', `);
});

test('a workflow has no right that a job does not ask for', () => {
  for (const { text } of WORKFLOWS) expect(text).toMatch(/^permissions: \{\}$/m);
});

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeAwsEstate } from '../../sample/aws-estate';
import { carbonExports } from '../support/run-command';
import { scratch } from '../support/scratch';
import { blockCommands, type DocCommand, documents, inlineCommands, ROOT } from './doc-commands';

const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
  readonly scripts: Readonly<Record<string, string>>;
};

const TEST_FILES = readdirSync(join(ROOT, 'test'), { recursive: true, encoding: 'utf8' }).map(
  (path) => `test/${path}`,
);

/** Commands of the AWS CLI in the documents, with their options. */
const AWS_COMMANDS: Readonly<Record<string, readonly string[]>> = {
  's3 sync': [],
  'stepfunctions start-execution': ['--state-machine-arn', '--input'],
  'organizations list-accounts': [],
  'lambda get-function-configuration': [],
};

const CDK_COMMANDS = ['bootstrap', 'deploy', 'destroy', 'synth'];

const NPM_COMMANDS = ['audit', 'ci', 'install', 'prune', 'start', 'test'];

/** Arguments of our own command, where the command is ours. */
function ownArguments({ words }: DocCommand): readonly string[] | undefined {
  if (words[0] === 'carbon-exports') return words.slice(1);
  if (words[0] === 'npx' && words[1] === 'carbon-exports') return words.slice(2);
  const npm = words.filter((word) => word !== '--silent');
  return npm.slice(0, 4).join(' ') === 'npm run cli --' ? npm.slice(4) : undefined;
}

/** What cannot work in the command, or undefined where the command can work. */
async function fault(command: DocCommand): Promise<string | undefined> {
  const own = ownArguments(command);
  if (own !== undefined) return faultOfOptions(own);
  const [program = '', verb = '', name = ''] = command.words.filter((word) => word !== '--silent');
  if (program === 'npm') return faultOfNpm(verb, name);
  if (program === 'npx' && verb === 'jest') return faultOfTestPath(name);
  if (program === 'npx' && verb === 'cdk') return known(CDK_COMMANDS, name);
  if (program === 'aws') return faultOfAws(command.words.slice(1));
  return `${program} is not a program that the documents may name`;
}

const known = (names: readonly string[], name: string): string | undefined =>
  names.includes(name) ? undefined : `found ${name}, expected one of ${names.join(', ')}`;

function faultOfNpm(verb: string, script: string): string | undefined {
  if (verb !== 'run') return known(NPM_COMMANDS, verb);
  const file = / (\S+\.ts)$/.exec(scripts[script] ?? '')?.[1];
  if (file !== undefined && !existsSync(join(ROOT, file)))
    return `${file} of the script ${script} is missing`;
  return known(Object.keys(scripts), script);
}

const faultOfTestPath = (path: string): string | undefined =>
  TEST_FILES.some((file) => file.startsWith(path) && file.endsWith('.test.ts'))
    ? undefined
    : `no test file begins with ${path}`;

function faultOfAws(words: readonly string[]): string | undefined {
  const [command, ...rest] = [words.slice(0, 2).join(' '), ...words.slice(2)];
  const options = AWS_COMMANDS[command];
  if (options === undefined) return known(Object.keys(AWS_COMMANDS), command);
  const unknown = rest.find((word) => word.startsWith('--') && !options.includes(word));
  return unknown === undefined ? undefined : `aws ${command} is not known to have ${unknown}`;
}

/** Compares the verb and options with the help of the command; a word such as `<verb>` represents any. */
async function faultOfOptions([verb = '', ...rest]: readonly string[]): Promise<string | undefined> {
  if (verb.startsWith('<')) return undefined;
  const { code, stdout } = await carbonExports(verb, '--help');
  if (code !== 0 || verb.startsWith('-')) return `the command has no verb ${verb}`;
  const unknown = rest.find((word) => word.startsWith('--') && !new RegExp(`${word}[ \n]`).test(stdout));
  return unknown === undefined ? undefined : `${verb} has no option ${unknown}`;
}

/** Whether a command runs here: it is ours, is complete and needs nothing of AWS. */
const canRun = (command: DocCommand): boolean =>
  ownArguments(command) !== undefined &&
  !command.words.some((word) => /^(s3:\/\/|<)|^--(from-)?aws$/.test(word));

const BLOCKS = documents().flatMap(blockCommands);
const RUNNABLE = BLOCKS.filter(canRun);
const CHECKED = [...BLOCKS, ...documents().flatMap(inlineCommands)];

const newFolder = scratch();
const startedIn = process.cwd();

beforeAll(async () => {
  // The sample estate ends in October 2026, and a run selects months by the present day.
  jest.useFakeTimers({
    now: new Date('2026-11-20T00:00:00Z'),
    doNotFake: [
      'hrtime',
      'nextTick',
      'performance',
      'queueMicrotask',
      'setImmediate',
      'clearImmediate',
      'setInterval',
      'clearInterval',
      'setTimeout',
      'clearTimeout',
    ],
  });
  const folder = newFolder();
  await writeAwsEstate(join(folder, 'estate'));
  process.chdir(folder);
});

afterAll(() => {
  process.chdir(startedIn);
  jest.useRealTimers();
});

test('the documents have commands', () => {
  expect(RUNNABLE.length).toBeGreaterThan(10);
  expect(CHECKED.length).toBeGreaterThan(40);
});

test.each(CHECKED)('$where can work: $text', async (command) => {
  expect(await fault(command)).toBeUndefined();
});

/** Paths of tests in the scripts that call jest, one a line. */
const SCRIPT_PATHS = Object.entries(scripts)
  .filter(([, script]) => /\bjest\b/.test(script))
  .flatMap(([name, script]) => script.split(' ').map((word) => ({ name, word })))
  .filter(({ word }) => word.startsWith('test/'));

test('the scripts have paths of tests', () => {
  expect(SCRIPT_PATHS.length).toBeGreaterThan(3);
});

// jest ignores a path without a test if another path has one.
test.each(SCRIPT_PATHS)('$word in the script $name is the beginning of a test file', ({ word }) => {
  expect(faultOfTestPath(word)).toBeUndefined();
});

test.each(RUNNABLE)('$where runs in the order of the documents: $text', async (command) => {
  const { code, stdout, stderr } = await carbonExports(...(ownArguments(command) ?? []));
  expect({ code, output: code === 0 ? '' : stdout + stderr }).toEqual({ code: 0, output: '' });
  expect(stdout).not.toBe('');
});

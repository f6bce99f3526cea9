import { join } from 'node:path';
import type { Command } from 'commander';
import { z } from 'zod';
import { REPORT_SCHEMAS } from '../../api/report-schemas';
import { commandTree } from '../../cli/main';
import { carbonCsv, AWS_ROW } from '../support/aws-totals';
import { billCsv, curRow } from '../support/bills';
import { EstateFolder } from '../support/estate-folder';
import { publishedEstate } from '../support/published-estate';
import { AS_OF, carbonExports } from '../support/run-command';
import { scratch } from '../support/scratch';

/*
 * The outputs of the verbs with --json follow the published schemas, which refuse unknown members.
 */

// The build writes the page beside the compiled program.
jest.mock('../../api/report-template', () => ({
  ...jest.requireActual<object>('../../api/report-template'),
  reportTemplate: () => '<html></html>',
}));

const folder = scratch();

type Report = keyof typeof REPORT_SCHEMAS;

function assertReport(report: Report, text: string): void {
  const parsed = z.safeParse<z.ZodType>(REPORT_SCHEMAS[report], JSON.parse(text));
  expect(parsed.error === undefined ? '' : z.prettifyError(parsed.error)).toBe('');
}

const base = publishedEstate(folder);
let [inputs, out] = ['', ''];
const places = (): string[] => ['--inputs', inputs, '--out', out];

beforeAll(() => {
  const { estate, out: published } = base.again();
  [inputs, out] = [estate.path, published];
});

const RACK = ['--rack', 'r', '--cluster', 'c', '--in-service', '2025-01-01', '--servers', '10'];
const SERVER = ['--cpus', '2', '--cpu-die-cm2', '5', '--ram-modules', '4', '--ram-gb', '32'];
const DENSITY = ['--ram-gb-per-cm2', '2', '--power-supply-kg', '2'];

/** The arguments that make each verb print its report. */
const VERBS: Readonly<Record<string, () => readonly string[]>> = {
  run: () => ['--inputs', inputs, '--out', folder(), '--as-of', AS_OF, '--months', '1', '--json'],
  validate: () => ['--inputs', inputs, '--json'],
  status: () => ['--out', out, '--json'],
  report: () => ['--out', out, '--json'],
  query: () => ['--out', out, '--format', 'json', 'SELECT usage_account_id FROM carbon_latest LIMIT 3'],
  explain: () => [...places(), '--month', '2025-01', '--account', '000000000001', '--json'],
  verify: () => [...places(), '--month', '2025-01', '--json'],
  diff: () => ['--out', out, '--out-b', out, '--json'],
  'accounts refresh': () => [...places(), '--month', '2025-03', '--json'],
  'factors check': () => ['--inputs', inputs, '--json'],
  'factors reference': () => ['--json'],
  'factors rack': () => [...RACK, ...SERVER, ...DENSITY, '--json'],
  init: () => ['--inputs', folder(), '--json'],
  doctor: () => ['--out', out, '--json'],
  sample: () => ['--out', folder(), '--months', '1', '--json'],
  version: () => ['--json'],
};

/** The estate has factors that are older than the reference. */
const EXIT_CODES: Readonly<Record<string, number>> = { 'factors check': 1 };

/** Verbs whose output is not a report: completion prints a script for a shell. */
const WITHOUT_REPORT = ['completion'];

function verbsOf(command: Command, above = ''): string[] {
  return command.commands.flatMap((verb) => {
    const name = `${above} ${verb.name()}`.trim();
    return verb.commands.length > 0 ? verbsOf(verb, name) : [name];
  });
}

test('every verb of the command has a report, and every report a verb', async () => {
  const verbs = verbsOf(await commandTree(undefined));
  expect(verbs.sort()).toEqual([...Object.keys(VERBS), ...WITHOUT_REPORT].sort());
  const reports = Object.keys(VERBS).map((verb) => verb.replaceAll(' ', '-'));
  expect(Object.keys(REPORT_SCHEMAS).sort()).toEqual([...reports, 'error'].sort());
});

test.each(Object.entries(VERBS))('%s', async (verb, args) => {
  const { code, stdout, stderr } = await carbonExports(...verb.split(' '), ...args());
  expect([code, stderr]).toEqual([EXIT_CODES[verb] ?? 0, '']);
  assertReport(verb.replaceAll(' ', '-') as Report, stdout);
});

test('init --from-aws', async () => {
  const exports = new EstateFolder(folder());
  exports.write('carbon/data/part.csv', carbonCsv([AWS_ROW]));
  exports.write('bills/data/part.csv', billCsv([curRow()]));
  const at = ['--carbon', join(exports.path, 'carbon'), '--bills', join(exports.path, 'bills')];
  const { stdout } = await carbonExports('init', '--from-aws', '--inputs', folder(), ...at, '--json');
  assertReport('init', stdout);
});

test('errors of use and of inputs', async () => {
  const wrong = await carbonExports('run', '--inputs', inputs, '--out', inputs, '--json');
  assertReport('error', wrong.stderr);
  const unknown = await carbonExports('run', '--wordy', '--json');
  assertReport('error', unknown.stderr);
});

import { z } from 'zod';
import { REPORT_SCHEMAS } from '../../api/report-schemas';
import { publishedEstate } from '../support/published-estate';
import { AS_OF, carbonExports } from '../support/run-command';
import { scratch } from '../support/scratch';

/*
 * The outputs of the verbs with --json follow the published schemas, which refuse unknown members.
 */

const folder = scratch();

type Verb = keyof typeof REPORT_SCHEMAS;

function assertReport(verb: Verb, text: string): void {
  const parsed = z.safeParse<z.ZodType>(REPORT_SCHEMAS[verb], JSON.parse(text));
  expect(parsed.error === undefined ? '' : z.prettifyError(parsed.error)).toBe('');
}

const base = publishedEstate(folder);
let [inputs, out] = ['', ''];

beforeAll(() => {
  const { estate, out: published } = base.again();
  [inputs, out] = [estate.path, published];
});

test('run', async () => {
  const places = ['--inputs', inputs, '--out', folder(), '--as-of', AS_OF];
  const { code, stdout } = await carbonExports('run', ...places, '--months', '1', '--json');
  expect(code).toBe(0);
  assertReport('run', stdout);
});

test.each([
  ['validate', () => ['--inputs', inputs]],
  ['status', () => ['--out', out]],
  ['verify', () => ['--inputs', inputs, '--out', out, '--month', '2025-01']],
  ['diff', () => ['--out', out, '--out-b', out]],
  ['doctor', () => ['--out', out]],
  ['version', () => []],
] as const)('%s', async (verb, args) => {
  const { code, stdout } = await carbonExports(verb, ...args(), '--json');
  expect(code).toBe(0);
  assertReport(verb, stdout);
});

test('query', async () => {
  const sql = 'SELECT usage_account_id, count(*) AS n FROM carbon_latest GROUP BY 1 ORDER BY 1';
  const { stdout } = await carbonExports('query', '--out', out, '--format', 'json', sql);
  assertReport('query', stdout);
  const [first] = JSON.parse(stdout) as { usage_account_id: string }[];
  const account = first?.usage_account_id ?? '';
  const places = ['--inputs', inputs, '--out', out, '--month', '2025-01'];
  const explained = await carbonExports('explain', ...places, '--account', account, '--json');
  expect(explained.code).toBe(0);
  assertReport('explain', explained.stdout);
});

test('errors of use and of inputs', async () => {
  const wrong = await carbonExports('run', '--inputs', inputs, '--out', inputs, '--json');
  assertReport('error', wrong.stderr);
  const unknown = await carbonExports('run', '--wordy', '--json');
  assertReport('error', unknown.stderr);
});

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { builtCommand } from '../support/built-command';
import { EstateFolder } from '../support/estate-folder';
import { listedAccount, monthlyEstate } from '../support/estates/monthly-estate';
import { EXPORT_NAME } from '../support/export-name';
import { carbonExports, runEstate } from '../support/run-command';
import { scratch } from '../support/scratch';

/*
 * Secrets are in nothing that is written or printed. Texts that a spreadsheet would run as formulas are not formulas. Keys
 * made of names stay in their folder.
 */

const ROOT = join(__dirname, '..', '..');
const SENTINEL = 'SENTINEL-3f9a1c7e';

const folder = scratch();

/** A run of the command in a separate process, with secret credentials. */
interface CredentialRun {
  readonly printed: string;
  readonly code: unknown;
}

let credentialsOut = '';
let credentialRuns: Promise<readonly CredentialRun[]>;

// The retries of S3 take seconds, in which the other tests run.
beforeAll(() => {
  const program = builtCommand();
  const estate = EstateFolder.of(monthlyEstate(['2025-01']), join(folder(), 'inputs'));
  credentialsOut = folder();
  const places = [credentialsOut, 's3://some-bucket/prefix'];
  credentialRuns = Promise.all(
    places.map((out) => runWithCredentials([program, 'run', '--inputs', estate.path, '--out', out])),
  );
});

async function runWithCredentials(command: readonly string[]): Promise<CredentialRun> {
  const env = {
    ...process.env,
    AWS_ACCESS_KEY_ID: `key-${SENTINEL}`,
    AWS_SECRET_ACCESS_KEY: `secret-${SENTINEL}`,
    AWS_SESSION_TOKEN: `token-${SENTINEL}`,
    AWS_REGION: 'us-east-1',
    AWS_ENDPOINT_URL: 'http://127.0.0.1:9',
  };
  const child = spawn(process.execPath, command, { cwd: ROOT, env });
  let printed = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      printed += chunk.toString();
    });
  }
  const [code] = (await once(child, 'close')) as unknown[];
  return { printed, code };
}

function everyByteIn(path: string): string {
  return readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'latin1'))
    .join('\n');
}

test('e-mail addresses of accounts are in nothing that is written or printed', async () => {
  // Prepare
  const tables = monthlyEstate(['2025-01']);
  const accounts = { Accounts: [{ ...listedAccount('000000000042'), Email: `${SENTINEL}@example.com` }] };
  const estate = EstateFolder.of({ ...tables, accounts }, join(folder(), 'inputs'));
  const out = folder();
  // Act
  const { code, stdout, stderr } = await carbonExports(
    'run',
    '--inputs',
    estate.path,
    '--out',
    out,
    '--as-of',
    '2025-03-15',
  );
  // Assess
  expect(code).toBe(0);
  expect(stdout + stderr + everyByteIn(out)).not.toContain(SENTINEL);
});

describe('formulas', () => {
  test.each([
    { file: 'services.csv', from: 'A,A,physical', to: '=A,A,physical', column: 'product_code' },
    { file: 'services.csv', from: 'A,A,physical', to: '@A,A,physical', column: 'product_code' },
    { file: 'clusters.csv', from: 'c1,region,c1,c1', to: 'c1,region,+c1,c1', column: 'region_code' },
    { file: 'clusters.csv', from: 'c1,region,c1,c1', to: 'c1,region,c1,-c1', column: 'location' },
    {
      file: 'clusters.csv',
      from: 'c1,region,c1,c1',
      to: 'c1,region,c1,"=HYPERLINK(""http://x"")"',
      column: 'location',
    },
    { file: 'clusters.csv', from: 'c1,region,c1,c1', to: 'c1,region,c1,\tc1', column: 'location' },
  ])(
    '$to in $column of $file is bad input: rows of the export would show it',
    async ({ file, from, to, column }) => {
      // Prepare
      const estate = EstateFolder.of(monthlyEstate(['2025-01']), join(folder(), 'inputs'));
      estate.edit(file, from, to);
      // Act
      const run = await runEstate(estate.path, folder());
      // Assess
      expect(run.code).toBe(1);
      expect(run.outcomes['2025-01']?.error).toContain(`column ${column}: found `);
      expect(run.outcomes['2025-01']?.error).toContain('a spreadsheet would take it for a formula');
    },
  );

  test('a query printed as CSV has an apostrophe before texts that begin like one, and numbers as they are', async () => {
    // Prepare
    const estate = EstateFolder.of(monthlyEstate(['2025-01']), join(folder(), 'inputs'));
    const out = folder();
    await runEstate(estate.path, out);
    const sql = `SELECT '=1+1' AS a, '+x' AS b, '-x' AS c, '@x' AS d, 'x=1' AS e, -1.5 AS f, '="a,b"' AS g`;
    const common = ['query', sql, '--out', out, '--export-name', EXPORT_NAME, '--format'];
    // Act
    const [csv, json] = [await carbonExports(...common, 'csv'), await carbonExports(...common, 'json')];
    // Assess
    expect(csv.stdout.trimEnd()).toBe(`a,b,c,d,e,f,g\r\n'=1+1,'+x,'-x,'@x,x=1,-1.5,"'=""a,b"""`);
    expect(JSON.parse(json.stdout)).toMatchObject([{ a: '=1+1', g: '="a,b"' }]);
  });
});

describe('names that become keys', () => {
  test.each(['../x', 'a/b', '..', 'a b', '', 'accounts', 'ü', 'x'.repeat(129)])(
    'export name %j is refused',
    async (name) => {
      const out = folder();
      const { code } = await carbonExports('run', '--inputs', out, '--out', out, '--export-name', name);
      expect(code).toBe(2);
      expect(readdirSync(out)).toEqual([]);
    },
  );
});

test('credentials are in no message and no file, also when S3 cannot be reached', async () => {
  const [local, remote] = await credentialRuns;
  expect([local?.code, remote?.code]).toEqual([0, 1]);
  expect(remote?.printed).toContain('ECONNREFUSED');
  const written = everyByteIn(credentialsOut);
  expect(written.length).toBeGreaterThan(1_000);
  expect(`${String(local?.printed)}${String(remote?.printed)}${written}`).not.toContain(SENTINEL);
});

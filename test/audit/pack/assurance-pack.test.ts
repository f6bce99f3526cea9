import { createHash } from 'node:crypto';
import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Sample } from '../../../shared/audit/pack/sampled-rows';
import { nonEmpty } from '../../support/non-empty';
import { carbonExports } from '../../support/run-command';
import { runFolders } from '../../support/run-export';
import { scratch } from '../../support/scratch';

/* What `verify --pack` writes, on the worked case of v3.0.0. */

const CASE = join(__dirname, '..', '..', 'cases', 'scope-3', 'inputs');

const folder = scratch();

interface Published {
  readonly inputs: string;
  readonly out: string;
}

async function published(): Promise<Published> {
  const [inputs, out] = [join(folder(), 'inputs'), folder()];
  cpSync(CASE, inputs, { recursive: true });
  await runFolders(inputs, out, { model: 'v2.0.0' });
  await runFolders(inputs, out, { model: 'v3.0.0' });
  return { inputs, out };
}

async function pack({ inputs, out }: Published, ...options: readonly string[]): Promise<string> {
  const path = join(folder(), 'pack');
  const places = ['--inputs', inputs, '--out', out, '--pack', path];
  const { code, stderr } = await carbonExports('verify', ...places, ...options, '--json');
  if (code === 2) throw new Error(stderr);
  return path;
}

const read = (path: string, file: string): string => readFileSync(join(path, file), 'utf8');

const table = (path: string, file: string): string[][] =>
  nonEmpty(read(path, file).trim().split('\n').slice(1)).map((line) => line.split(','));

const sampleIn = (path: string): Sample => JSON.parse(read(path, 'sampled-rows.json')) as Sample;

const hashOf = (content: Buffer | string): string => createHash('sha256').update(content).digest('hex');

test('a pack has the statement, the ledger, the quality of the data, hashes, rows and how to repeat it', async () => {
  const at = await published();
  const path = await pack(at);
  const files = readdirSync(path).sort();
  expect(files).toEqual([
    ...['SHA256SUMS', 'data-quality.csv', 'how-to-repeat.md', 'input-files.csv', 'input-fingerprints.csv'],
    ...['ledger-steps.csv', 'ledger.csv', 'published-files.csv', 'sampled-rows.json', 'sampled-rows.txt'],
    'statement.md',
  ]);
  const statement = read(path, 'statement.md');
  for (const part of [
    'VERIFIED',
    'Level',
    'Criteria',
    'Boundary',
    'Period',
    'self-recomputed, not third-party',
  ]) {
    expect(statement).toContain(part);
  }
  const ledger = table(path, 'ledger.csv');
  // Three categories of v2.0.0 and eight of v3.0.0.
  expect(ledger.map(([, version]) => version)).toEqual([
    ...Array<string>(3).fill('v2.0.0'),
    ...Array<string>(8).fill('v3.0.0'),
  ]);
  expect(ledger.find(([, , category]) => category === 's3_hardware')?.[3]).toBe('1148');
  expect(table(path, 'ledger-steps.csv')).toHaveLength(4 * ledger.length);
  expect(read(path, 'data-quality.csv')).toContain('2025-02,v3.0.0,share of kg with assured activity,0\n');
});

test('every hash is that of its file', async () => {
  const at = await published();
  const path = await pack(at);
  const sums = nonEmpty(read(path, 'SHA256SUMS').trim().split('\n')).map((line) => line.split('  '));
  expect(sums.map(([, name]) => name).sort()).toEqual(
    readdirSync(path)
      .filter((name) => name !== 'SHA256SUMS')
      .sort(),
  );
  for (const [sum, name = ''] of sums)
    expect([name, sum]).toEqual([name, hashOf(readFileSync(join(path, name)))]);
  for (const [name = '', sum] of table(path, 'input-files.csv')) {
    expect([name, sum]).toEqual([name, hashOf(readFileSync(join(at.inputs, name)))]);
  }
  const publishedFiles = table(path, 'published-files.csv').map(
    ([, , , name = '', sum]) => [name, sum] as const,
  );
  // Two data files and one companion.
  expect(publishedFiles).toHaveLength(3);
  for (const [name, sum] of publishedFiles) {
    expect([name, sum]).toEqual([name, hashOf(readFileSync(join(at.out, name)))]);
  }
});

test('the seed decides which rows are drawn, and each is explained', async () => {
  const at = await published();
  const [first, again, other] = [
    sampleIn(await pack(at, '--sample', '2', '--seed', 'a')),
    sampleIn(await pack(at, '--sample', '2', '--seed', 'a')),
    sampleIn(await pack(at, '--sample', '6', '--seed', 'b')),
  ];
  expect(first).toEqual(again);
  expect(first).toMatchObject({ seed: 'a', population: 6 });
  expect([first.rows.length, other.rows.length]).toEqual([2, 6]);
  for (const row of other.rows) {
    const key = ['b', row.month, row.modelVersion, row.accountId, row.regionCode, row.productCode];
    expect(row.rank).toBe(hashOf(key.join('/')));
    expect([row.notExplained, row.categories.length]).toEqual([
      undefined,
      row.modelVersion === 'v3.0.0' ? 8 : 3,
    ]);
    for (const { rows } of row.categories) expect(rows).toHaveLength(1);
  }
});

test('without a seed the data files decide: a pack can be made again', async () => {
  const at = await published();
  const [first, again] = [await pack(at), await pack(at)];
  for (const name of readdirSync(first).filter((file) => !file.endsWith('.md') && file !== 'SHA256SUMS')) {
    expect(read(again, name)).toBe(read(first, name));
  }
});

test('where the inputs changed, the statement says so and rows have the reason', async () => {
  const at = await published();
  const electricity = join(at.inputs, 'electricity.csv');
  writeFileSync(electricity, readFileSync(electricity, 'utf8').replace(',10,', ',11,'));
  const path = await pack(at);
  expect(read(path, 'statement.md')).toContain('**NOT VERIFIED**');
  const { rows } = sampleIn(path);
  expect(nonEmpty(rows).every(({ notExplained }) => notExplained?.includes('electricity') === true)).toBe(
    true,
  );
});

test('a folder with files is refused before anything is computed', async () => {
  const path = folder();
  mkdirSync(path, { recursive: true });
  writeFileSync(join(path, 'x'), '');
  const places = ['--inputs', CASE, '--out', CASE, '--pack', path];
  expect(await carbonExports('verify', ...places)).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('found 1 files, expected a new or empty folder') as string,
  });
});

import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { builtCommand } from '../support/built-command';

/*
 * What `npm pack` packs. test/package/main.ts (npm run test:package) installs it, on every Node.js that it names.
 */

const ROOT = join(__dirname, '..', '..');

const packed = z.array(
  z.object({ size: z.number(), files: z.array(z.object({ path: z.string(), size: z.number() })) }),
);

const manifest = z.object({
  name: z.string(),
  main: z.string(),
  bin: z.record(z.string(), z.string()),
  exports: z.record(z.string(), z.union([z.string(), z.object({ types: z.string(), default: z.string() })])),
  dependencies: z.record(z.string(), z.string()),
});

let pack: z.infer<typeof packed>[number];

beforeAll(() => {
  builtCommand();
  const args = ['pack', '--dry-run', '--json', '--ignore-scripts', '--loglevel=error'];
  const text = execFileSync('npm', args, { cwd: ROOT, encoding: 'utf8' });
  [pack] = packed.parse(JSON.parse(text)) as [typeof pack];
});

const paths = (): string[] => pack.files.map(({ path }) => path);

test('the package is smaller than 3 MB', () => {
  expect(pack.size).toBeGreaterThan(100_000);
  expect(pack.size).toBeLessThan(3_000_000);
});

test('it has the command, the library, the construct with its functions, the schemas and the documents', () => {
  expect(paths()).toEqual(
    expect.arrayContaining([
      'bin/carbon-exports.js',
      'dist/carbon-exports.js',
      'dist/index.js',
      'dist/cdk.js',
      'dist/functions/functions.json',
      'dist/functions/export-month.js',
      'dist/queries/by-service.sql',
      'dist/views/carbon_latest.sql',
      'dist/reference/gwp.csv',
      'dist/report.html',
      'dist/runbook.md',
      'schemas/settings.schema.json',
      'docs/user-guide.md',
      'CHANGELOG.md',
      'LICENSE',
      'README.md',
    ]),
  );
});

test('it has no tests, no sources and no programs of the repository', () => {
  expect(paths().length).toBeGreaterThan(30);
  const own = /^(test|bench|cli|infra|lambdas|shared|tools|\.ci|build)\/|^dist\/(app|start|start-aws)\.js$/;
  expect(paths().filter((path) => own.test(path))).toEqual([]);
});

test('every entry of package.json is packed; types are made by npm run types', () => {
  const { bin, main, exports } = manifest.parse(JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')));
  const entries = [...Object.values(bin), main, ...Object.values(exports)].flatMap((entry) =>
    typeof entry === 'string' ? entry : entry.default,
  );
  expect(entries.length).toBeGreaterThan(4);
  for (const entry of entries.filter((each) => !each.includes('*') && each !== './package.json')) {
    expect(paths()).toContain(entry.replace(/^\.\//, ''));
  }
  const sources = Object.values(exports).flatMap((entry) => (typeof entry === 'string' ? [] : entry.types));
  expect(sources).toHaveLength(2);
  for (const types of sources) {
    expect(existsSync(join(ROOT, types.replace('./dist/types/', '').replace('.d.ts', '.ts')))).toBe(true);
  }
});

test('the library has the functions that its documentation names', () => {
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- the compiled library, as `require` loads it
  const library = require(join(ROOT, 'dist', 'index.js')) as Record<string, unknown>;
  const functions = Object.keys(library).filter((name) => typeof library[name] === 'function');
  expect(functions.sort()).toEqual([
    'CarbonError',
    'diffExports',
    'doctor',
    'explainExport',
    'exportStatus',
    'isGoodRun',
    'isValid',
    'isVerified',
    'queryExport',
    'runExport',
    'validateEstate',
    'verifyExport',
    'writeReport',
  ]);
});

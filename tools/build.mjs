/*
 * `npm run build`: compiles everything into dist/, so that no compiler, and no compiler's cache in a folder that others may
 * write to, takes part when it runs: the command, `npm start`, `npm run start:aws`, the library, the CDK construct and app,
 * and the functions of the pipeline. With `command` as its argument it leaves out the functions, which take longest.
 */
import { Buffer } from 'node:buffer';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { compiledParts } from './compiled-parts.mjs';
import { buildFunctions } from './functions.mjs';
import { packageFolder } from './package-folder.mjs';
import { reportTemplate } from './report-template.mjs';
import { replace } from './replace.mjs';

const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..');
const DIST = join(ROOT, 'dist');

/** Programs that run here: their name in dist/ and their source. */
const PROGRAMS = {
  'carbon-exports': 'cli/carbon-exports.ts',
  start: 'cli/start.ts',
  'start-aws': 'cli/start-aws.ts',
};

/** What other programs load. */
const LIBRARIES = { index: 'api/index.ts', cdk: 'infra/index.ts', app: 'infra/app.ts' };

/** Packages of the CDK: those who use the construct have them. */
const CDK = ['aws-cdk-lib', 'cdk-nag', 'constructs'];

/** What the code reads from the folder of its source file; in dist/ that is the folder of the program. */
const DATA = [
  'shared/catalog/queries',
  'shared/catalog/views',
  'shared/usage/bills/focus-services.csv',
  'shared/usage/bills/instance-sizes.csv',
  'shared/usage/bills/unit-spellings.csv',
  'shared/audit/factors/reference-factors',
  'sample/reference',
  'docs/runbook.md',
];

const read = (folder) => JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));

/** True for a package that `require` loads. One that has ES modules only becomes part of the program. */
function isRequired(name) {
  const { type, exports = '' } = read(packageFolder(name));
  return type !== 'module' || JSON.stringify(exports).includes('"require"');
}

/** Copies a file, or a folder with its files, into dist/. */
function copy(path) {
  const source = join(ROOT, path);
  if (!statSync(source).isDirectory()) return replace(join(DIST, basename(path)), readFileSync(source));
  for (const name of readdirSync(source))
    replace(join(DIST, basename(path), name), readFileSync(join(source, name)));
}

await compiledParts({
  absWorkingDir: ROOT,
  entryPoints: { ...PROGRAMS, ...LIBRARIES },
  outdir: DIST,
  // Native packages cannot be bundled, and the others need not be: node_modules is beside dist/.
  external: [...Object.keys(read(ROOT).dependencies).filter(isRequired), ...CDK],
  target: 'node20',
});
for (const path of DATA) copy(path);
replace(join(DIST, 'report.html'), Buffer.from(await reportTemplate(ROOT)));
if (process.argv[2] !== 'command') await buildFunctions(ROOT, join(DIST, 'functions'));

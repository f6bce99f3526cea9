/*
 * `npm run build`: compiles the command, `npm start` and `npm run start:aws` into dist/, so that no compiler, and no
 * compiler's cache in a folder that others may write to, takes part when they run.
 */
import { Buffer } from 'node:buffer';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { packageFolder } from './package-folder.mjs';
import { reportTemplate } from './report-template.mjs';

const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..');
const DIST = join(ROOT, 'dist');

/** Programs, by their file in cli/. */
const PROGRAMS = ['carbon-exports', 'start', 'start-aws'];

/** What the code reads from the folder of its source file; in dist/ that is the folder of the program. */
const DATA = [
  'shared/catalog/queries',
  'shared/catalog/views',
  'shared/usage/bills/focus-services.csv',
  'shared/usage/bills/instance-sizes.csv',
  'shared/usage/bills/unit-spellings.csv',
  'shared/audit/factors/reference-factors',
  'sample/reference',
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
  mkdirSync(join(DIST, basename(path)), { recursive: true });
  for (const name of readdirSync(source))
    replace(join(DIST, basename(path), name), readFileSync(join(source, name)));
}

/** Replaces a file in one step: a program that starts meanwhile never loads half of it. */
function replace(path, content) {
  if (existsSync(path) && readFileSync(path).equals(content)) return;
  const unfinished = `${path}.${String(process.pid)}.unfinished`;
  writeFileSync(unfinished, content);
  renameSync(unfinished, path);
}

const { outputFiles } = await build({
  absWorkingDir: ROOT,
  entryPoints: PROGRAMS.map((program) => `cli/${program}.ts`),
  outdir: DIST,
  bundle: true,
  // Native packages cannot be bundled, and the others need not be: node_modules is beside dist/.
  external: Object.keys(read(ROOT).dependencies).filter(isRequired),
  platform: 'node',
  target: 'node20',
  format: 'cjs',
  logLevel: 'error',
  write: false,
});
mkdirSync(DIST, { recursive: true });
for (const { path, contents } of outputFiles) replace(path, Buffer.from(contents));
for (const path of DATA) copy(path);
replace(join(DIST, 'report.html'), Buffer.from(await reportTemplate(ROOT)));

/*
 * Compiles the functions of the pipeline into dist/functions/, for infra/function-code.ts. What they share is stored
 * once, so that the npm package stays small; functions.json lists the files of each function and the packages that are
 * installed beside them.
 */
import { Buffer } from 'node:buffer';
import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { compiledParts } from './compiled-parts.mjs';
import { lockedPackages } from './locked-packages.mjs';
import { replace } from './replace.mjs';

/** Packages that are installed, because they have native code or fail in strict mode. */
const INSTALLED = ['@duckdb/node-api', 'parquetjs-lite'];

const SUFFIX = '.lambda.ts';

/** Files that functions read at run time: shared/usage/bills/shipped-tables.ts. */
const DATA = ['focus-services.csv', 'instance-sizes.csv', 'unit-spellings.csv'];

/** Compiles all functions into a folder. */
export async function buildFunctions(root, folder) {
  const names = readdirSync(join(root, 'lambdas'))
    .filter((file) => file.endsWith(SUFFIX))
    .map((file) => file.slice(0, -SUFFIX.length));
  const metafile = await compiledParts(
    {
      absWorkingDir: root,
      entryPoints: names.map((name) => ({ in: `lambdas/${name}${SUFFIX}`, out: name })),
      outdir: folder,
      target: 'node22',
      minify: true,
      keepNames: true,
      external: INSTALLED,
    },
    { minifyWhitespace: true },
  );
  for (const name of DATA) replace(join(folder, name), readFileSync(join(root, 'shared/usage/bills', name)));
  const functions = names.map((name) => [name, contentOf(root, name, byName(metafile))]);
  replace(
    join(folder, 'functions.json'),
    Buffer.from(`${JSON.stringify(Object.fromEntries(functions), undefined, 1)}\n`),
  );
}

/** Outputs of esbuild by the name of their file. */
function byName({ outputs }) {
  return new Map(Object.entries(outputs).map(([path, output]) => [basename(path), output]));
}

/** Returns the files of a function, its entry first, and the packages that it loads, with everything that they need. */
function contentOf(root, name, outputs) {
  const files = [`${name}.js`];
  const packages = new Set();
  for (const file of files) {
    for (const { path, external } of outputs.get(file).imports) {
      if (external === true) {
        if (INSTALLED.includes(path)) packages.add(path);
      } else if (!files.includes(basename(path))) files.push(basename(path));
    }
  }
  return { files: [...files, ...DATA], packages: lockedPackages(root, [...packages].sort()) };
}

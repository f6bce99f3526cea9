import { strict as assert } from 'node:assert';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { done } from './done';
import { install, type Node, run } from './npm';

/** A program that uses the library, in TypeScript. */
const PROGRAM = `import { CarbonError, exportStatus, isVerified, queryExport, runExport, verifyExport } from 'carbon-exports';
import type { RunReport } from 'carbon-exports';

async function main(): Promise<void> {
  const [inputs, out] = ['estate', 'exports'];
  const reports: RunReport[] = await runExport({ inputs, out, by: [] });
  const month: string | undefined = reports[0]?.months[0]?.month;
  const { columns, rows } = await queryExport({ out, named: 'by-service' });
  const verification = await verifyExport({ inputs, out });
  const states = await exportStatus({ out });
  console.log(JSON.stringify({ month, columns: columns.length, rows: rows.length, verified: isVerified(verification), exports: Object.keys(states) }));
  // @ts-expect-error -- the account is required
  const failed: unknown = await import('carbon-exports').then(({ explainExport }) => explainExport({ inputs, out })).catch((error: unknown) => error);
  if (!(failed instanceof CarbonError) || failed.kind !== 'usage') throw new Error('expected a CarbonError');
}

void main();
`;

const MODULE = `import { runExport } from 'carbon-exports';
import schema from 'carbon-exports/schemas/settings.schema.json' with { type: 'json' };
if (typeof runExport !== 'function' || schema.type !== 'object') throw new Error('not loaded');
`;

/** Installs the package into an empty folder and compiles and runs programs that use it. */
export function checkLibrary(
  node: Node,
  { tarball, folder, root }: { readonly tarball: string; readonly folder: string; readonly root: string },
): void {
  install(node, folder, [tarball, '@types/node@22']);
  run(node.program, [join('node_modules', '.bin', 'carbon-exports'), 'init', '--inputs', 'estate'], folder);
  writeFileSync(join(folder, 'program.ts'), PROGRAM);
  writeFileSync(join(folder, 'module.mjs'), MODULE);
  const options = {
    strict: true,
    module: 'node20',
    target: 'es2022',
    types: ['node'],
    exactOptionalPropertyTypes: true,
  };
  writeFileSync(
    join(folder, 'tsconfig.json'),
    JSON.stringify({ compilerOptions: options, files: ['program.ts'] }),
  );
  run(node.program, [join(root, 'node_modules', 'typescript', 'bin', 'tsc')], folder);
  const printed = run(node.program, ['program.js'], folder);
  assert.match(printed, /"rows":3,"verified":true,"exports":\["carbon-emissions"\]/);
  run(node.program, ['module.mjs'], folder);
  done('The library works, with types');
}

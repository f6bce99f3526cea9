import { join, relative } from 'node:path';
import { SAMPLE_AS_OF, sampleFolder } from '../sample/sample-folder';
import { exitWith, main } from './main';

/** `npm start`: runs the sample estate and prints where the results are. */
async function start(): Promise<number> {
  const base = join(__dirname, '..', 'build', 'sample');
  const inputs = await sampleFolder(base);
  const out = join(base, 'exports');
  const run = ['run', '--inputs', inputs, '--out', out, '--as-of', SAMPLE_AS_OF];
  const exitCodes = [await main(run), await main([...run, '--model', 'v3.0.0'])];
  const shown = (path: string): string => relative(process.cwd(), path);
  console.log(`
Next steps
  the report page, in a browser          ${shown(join(out, 'carbon-emissions', 'report.html'))}
  inputs, and which of them are real     ${shown(join(inputs, 'README.md'))}
  the exports, laid out as in S3         ${shown(join(out, 'carbon-emissions', 'data'))}
  a month's ledger and warnings          ${shown(join(out, 'carbon-emissions', 'metadata'))}/…/carbon-emissions-Manifest.json
  Scope 3 by GHG Protocol category       ${shown(join(out, 'carbon-emissions-scope-3', 'data'))}
  the state of every month               npx carbon-exports status --out ${shown(out)}
  check an estate before a run           npx carbon-exports validate --inputs ${shown(inputs)}
  recompute 2024 under v2.0.0            npx carbon-exports run --inputs ${shown(inputs)} --out ${shown(out)} --as-of ${SAMPLE_AS_OF} --from 2024-01 --to 2024-12 --model v2.0.0
  your own estate                        docs/user-guide.md`);
  return Math.max(...exitCodes);
}

exitWith(start);

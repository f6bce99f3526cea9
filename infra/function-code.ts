import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { AssetHashType, DockerImage } from 'aws-cdk-lib';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { z } from 'zod';
import { CarbonError } from '../shared/base/carbon-error';
import type { Settings } from './settings';

/** The compiled functions: beside the compiled construct, and in dist/ where the source runs. */
const FOLDERS = [join(__dirname, 'functions'), join(__dirname, '..', 'dist', 'functions')] as const;

/** The report page without its data, beside the folder of the functions; lambdas/report-page.ts reads it. */
export const REPORT_PAGE = '../report.html';

/** functions.json: what tools/functions.mjs compiled. */
const functionsSchema = z.record(
  z.string(),
  z.object({
    /** Entry first. */
    files: z.array(z.string()).min(1),
    /** A package-lock.json of the packages that are installed beside the files. */
    packages: z.looseObject({ packages: z.record(z.string(), z.looseObject({})) }).nullable(),
  }),
);

type FunctionContent = z.infer<typeof functionsSchema>[string];

/**
 * Returns the code of a function. Packages with native code are installed for the architecture when the app is
 * synthesized, on any machine and without Docker.
 *
 * @param more further files, relative to the folder of the functions
 * @throws CarbonError of kind state when the functions are not compiled
 */
export function functionCode(
  entry: string,
  architecture: Settings['architecture'],
  more: readonly string[] = [],
): Code {
  const folder = FOLDERS.find((each) => existsSync(each)) ?? FOLDERS[0];
  const list = join(folder, 'functions.json');
  if (!existsSync(list)) {
    throw new CarbonError('state', `${list}: found no such file; compile the functions with: npm run build`);
  }
  const compiled = functionsSchema.parse(JSON.parse(readFileSync(list, 'utf8')))[entry];
  if (compiled === undefined) throw new Error(`${list} has no function ${entry}`);
  const content = { ...compiled, files: [...compiled.files, ...more] };
  return Code.fromAsset(folder, {
    assetHashType: AssetHashType.CUSTOM,
    assetHash: hashOf(folder, content, architecture),
    bundling: {
      // Not used: local bundling always succeeds or throws.
      image: DockerImage.fromRegistry('public.ecr.aws/docker/library/node:22'),
      local: {
        tryBundle: (out) => {
          assemble(folder, content, out, architecture);
          return true;
        },
      },
    },
  });
}

function hashOf(folder: string, { files, packages }: FunctionContent, architecture: string): string {
  const hash = createHash('sha256').update(architecture).update(JSON.stringify(packages));
  for (const file of files) hash.update(file).update(readFileSync(join(folder, file)));
  return hash.digest('hex');
}

function assemble(
  folder: string,
  { files, packages }: FunctionContent,
  out: string,
  architecture: Settings['architecture'],
): void {
  files.forEach((file, index) => {
    copyFileSync(join(folder, file), join(out, index === 0 ? 'index.js' : basename(file)));
  });
  if (packages === null) return;
  writeFileSync(join(out, 'package.json'), JSON.stringify(packages.packages['']));
  writeFileSync(join(out, 'package-lock.json'), JSON.stringify(packages));
  const cpu = architecture === 'arm64' ? 'arm64' : 'x64';
  const options = ['--no-audit', '--no-fund', '--ignore-scripts', '--loglevel=error'];
  execFileSync('npm', ['ci', ...options, '--os=linux', `--cpu=${cpu}`, '--libc=glibc'], {
    cwd: out,
    // On Windows npm is a script of the shell.
    shell: process.platform === 'win32',
    stdio: ['ignore', 'ignore', 'inherit'],
  });
}

import { Buffer } from 'node:buffer';
import { readdirSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { build, transform } from 'esbuild';
import { replace } from './replace.mjs';

const CHUNK = /^chunk-[0-9A-Z]+\.js$/;

/**
 * Compiles programs into a folder. What several of them use, and what a program loads later, are files that are stored
 * once, so that the npm package stays small and a program starts fast. Chunks of older builds are removed.
 *
 * @param options of esbuild: entryPoints, outdir, target, external and, for small files, minify
 * @param transformOptions of the last step
 * @returns what esbuild knows about the outputs
 */
export async function compiledParts(options, transformOptions = {}) {
  const { outputFiles, metafile } = await build({
    bundle: true,
    splitting: true,
    // Splitting needs ES modules; they become CommonJS below.
    format: 'esm',
    platform: 'node',
    chunkNames: 'chunk-[hash]',
    metafile: true,
    logLevel: 'error',
    write: false,
    ...options,
  });
  for (const { path, text } of outputFiles) {
    const { code } = await transform(text, {
      format: 'cjs',
      platform: 'node',
      target: options.target,
      supported: { 'dynamic-import': false },
      ...transformOptions,
    });
    replace(path, Buffer.from(code));
  }
  const names = new Set(outputFiles.map(({ path }) => basename(path)));
  const folder = dirname(outputFiles[0].path);
  for (const name of readdirSync(folder)) {
    if (CHUNK.test(name) && !names.has(name)) rmSync(join(folder, name), { force: true });
  }
  return metafile;
}

import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { build, transform } from 'esbuild';
import { packageFolder } from './package-folder.mjs';

const sha256 = (text) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

/** The style that Observable Plot adds to each of its charts, which the policy has to allow. */
function plotStyle() {
  const path = join(packageFolder('@observablehq/plot'), 'src');
  const source = readFileSync(join(path, 'plot.js'), 'utf8');
  const style = /svg\.append\("style"\)\.text\(\s*`([^`]*)`/.exec(source)?.[1];
  const name = /`(plot-[0-9a-f]+)`|"(plot-[0-9a-f]+)"/.exec(readFileSync(join(path, 'style.js'), 'utf8'));
  if (style === undefined || name === null)
    throw new Error('the style of Observable Plot has moved: see tools/report-template.mjs');
  return style.replaceAll('${className}', name[1] ?? name[2]);
}

/** Returns the licences of the packages in the page, each text once: they ask for it. */
function licences(root, { inputs }) {
  const folders = Object.keys(inputs).flatMap(
    (file) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file) ?? [],
  );
  const names = new Map();
  for (const folder of [...new Set(folders)].sort()) {
    const file = readdirSync(join(root, folder)).find((name) => /^licen[cs]e/i.test(name));
    const text = file === undefined ? '' : readFileSync(join(root, folder, file), 'utf8').trim();
    names.set(text, [...(names.get(text) ?? []), folder.replace(/^.*node_modules\//, '')]);
  }
  const all = [...names].map(([text, packages]) => `${[...new Set(packages)].join(', ')}:\n${text}`);
  // Two hyphens would end the comment.
  return all.join('\n\n').replaceAll('--', '- -');
}

/**
 * Returns the report page without its data: one HTML file that loads nothing. Its policy allows this script and these
 * styles alone, by their hashes.
 *
 * @param root folder of the project
 */
export async function reportTemplate(root) {
  const { outputFiles, metafile } = await build({
    absWorkingDir: root,
    entryPoints: ['report/main.ts'],
    bundle: true,
    minify: true,
    platform: 'browser',
    target: 'es2022',
    format: 'iife',
    legalComments: 'none',
    logLevel: 'error',
    metafile: true,
    write: false,
  });
  // A script element ends at the first end tag, even within a text of the script.
  const script = outputFiles[0].text.trim().replaceAll('</script', '<\\/script');
  const { code } = await transform(readFileSync(join(root, 'report/page.css'), 'utf8'), {
    loader: 'css',
    minify: true,
  });
  const style = code.trim();
  const policy = [
    "default-src 'none'",
    `script-src ${sha256(script)}`,
    `style-src ${sha256(style)} ${sha256(plotStyle())}`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
  return readFileSync(join(root, 'report/page.html'), 'utf8')
    .replace('POLICY', () => policy)
    .replace('<!--style-->', () => `<style>${style}</style>`)
    .replace('<!--licences-->', () => `<!--\n${licences(root, metafile)}\n-->`)
    .replace('<!--script-->', () => `<script>${script}</script>`);
}

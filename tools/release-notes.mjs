/*
 * `node tools/release-notes.mjs 0.1.0`: prints the part of CHANGELOG.md about a version. It fails where package.json or
 * CITATION.cff have another version, so that a tag cannot be published by mistake.
 */
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..');
const read = (path) => readFileSync(join(ROOT, path), 'utf8');

/** Returns the text below the heading of a version. */
export function releaseNotes(changelog, version) {
  const sections = changelog.split(/^## /m).slice(1);
  const section = sections.find((text) => text.split(/[\s,(]/)[0] === version);
  return section === undefined ? undefined : section.slice(section.indexOf('\n')).trim();
}

function problemsOf(version, notes) {
  const { version: packed } = JSON.parse(read('package.json'));
  const cited = /^version: (.+)$/m.exec(read('CITATION.cff'))?.[1];
  return [
    ...(packed === version ? [] : [`package.json: found version ${packed}, expected ${version}`]),
    ...(cited === version ? [] : [`CITATION.cff: found version ${cited}, expected ${version}`]),
    ...(notes === undefined
      ? [`CHANGELOG.md: found no heading "## ${version}", expected the release notes`]
      : []),
  ];
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const version = process.argv[2] ?? '';
  const notes = releaseNotes(read('CHANGELOG.md'), version);
  const problems = problemsOf(version, notes);
  const isBad = problems.length > 0;
  (isBad ? process.stderr : process.stdout).write(`${isBad ? problems.join('\n') : notes}\n`);
  process.exitCode = problems.length > 0 ? 1 : 0;
}

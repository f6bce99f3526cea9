import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { documents, ROOT } from './doc-commands';

interface Link {
  readonly where: string;
  readonly path: string;
  readonly anchor: string;
}

function linksOf(document: string): Link[] {
  const text = readFileSync(join(ROOT, document), 'utf8');
  return [...text.matchAll(/\]\((?!https?:)([^)#\s]*)#?([^)\s]*)\)/g)].map(([, path = '', anchor = '']) => ({
    where: document,
    path: path === '' ? document : join(dirname(document), path),
    anchor,
  }));
}

/** Anchors that GitHub makes of the headings of a document. */
function anchorsOf(document: string): string[] {
  const headings = [...readFileSync(join(ROOT, document), 'utf8').matchAll(/^#+ (.+)$/gm)];
  return headings.map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^\p{Letter}\p{Number} _-]/gu, '')
      .replaceAll(' ', '-'),
  );
}

const FOLDERS = 'api|bench|bin|cli|docs|infra|lambdas|sample|shared|test|tools';

/** Files and folders of the repository that a document names in code, such as `shared/runs`. */
function pathsOf(document: string): Pick<Link, 'where' | 'path'>[] {
  const text = readFileSync(join(ROOT, document), 'utf8');
  return [...text.matchAll(new RegExp(`\`((?:${FOLDERS})/[\\w./-]*)\``, 'g'))].map(([, path = '']) => ({
    where: document,
    path,
  }));
}

const LINKS = documents().flatMap(linksOf);

const PATHS = documents().flatMap(pathsOf);

test('the documents have links, and name files', () => {
  expect(LINKS.length).toBeGreaterThan(30);
  expect(PATHS.length).toBeGreaterThan(15);
});

test.each(LINKS)('$where: $path#$anchor is there', ({ path, anchor }) => {
  expect(existsSync(join(ROOT, path))).toBe(true);
  if (anchor !== '') expect(anchorsOf(path)).toContain(anchor);
});

test.each(PATHS)('$where: $path is there', ({ path }) => {
  expect(existsSync(join(ROOT, path))).toBe(true);
});

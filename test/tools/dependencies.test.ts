import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  dependenciesDocument,
  directDependencies,
  licencesThatShip,
  releasesIn,
} from '../../tools/dependencies';
import { nonEmpty } from '../support/non-empty';

const ROOT = join(__dirname, '..', '..');

test('docs/dependencies.md is what the locked packages are: npm run licences', () => {
  const document = readFileSync(join(ROOT, 'docs', 'dependencies.md'), 'utf8');
  expect(document).toBe(dependenciesDocument(releasesIn(document)));
});

test('every licence that ships lets others use, change and pass on', () => {
  const permissive = ['0BSD', 'Apache-2.0', 'BSD-2-Clause', 'BSD-3-Clause', 'ISC', 'MIT', 'MIT-0'];
  expect([...licencesThatShip().keys()].filter((licence) => !permissive.includes(licence))).toEqual([]);
});

test('what is installed is what is locked, and versions are pinned', () => {
  const manifest = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as Record<
    'dependencies' | 'devDependencies',
    Record<string, string>
  >;
  const pinned = { ...manifest.dependencies, ...manifest.devDependencies };
  for (const { name, version, licence } of nonEmpty(directDependencies())) {
    expect([name, pinned[name]]).toEqual([name, version]);
    const installed = JSON.parse(
      readFileSync(join(ROOT, 'node_modules', name, 'package.json'), 'utf8'),
    ) as Record<'version' | 'license', string>;
    expect([name, installed.version, installed.license]).toEqual([name, version, licence]);
  }
});

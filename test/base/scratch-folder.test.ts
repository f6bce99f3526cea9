import { mkdirSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { thisProcess } from '../../shared/base/process-identity';
import {
  createOwnedScratch,
  createScratchFolder,
  removeAbandonedScratch,
} from '../../shared/base/scratch-folder';
import { withSession } from '../../shared/sql/duck-session';
import { scratch } from '../support/scratch';

const folder = scratch();

test('a new folder is created in its parent', async () => {
  const parent = folder();
  expect(await createScratchFolder(parent, 'x-')).toMatch(new RegExp(`^${parent}/x-`));
});

test('a parent that does not exist is an error with its name and a fix', async () => {
  const parent = folder();
  rmSync(parent, { recursive: true });
  const message = `${parent}: no temporary folder can be created in it: it does not exist; free some space there, or set TMPDIR to another folder`;
  await expect(createScratchFolder(parent, 'x-')).rejects.toMatchObject({ kind: 'state', message });
  await expect(withSession({ scratchParent: parent }, () => Promise.resolve())).rejects.toThrow(message);
});

test('a file in place of the parent is an error with its name', async () => {
  const parent = join(folder(), 'file');
  writeFileSync(parent, '');
  await expect(createScratchFolder(parent, 'x-')).rejects.toThrow(`${parent}: no temporary folder`);
});

test('folders of processes that no longer run are removed, and no others', async () => {
  // Prepare
  const parent = folder();
  const here = thisProcess();
  const owners = {
    'x-killed': { ...here, pid: 2 ** 22 + 1 },
    'x-earlier-with-this-number': { ...here, started: '1' },
    'x-before-the-last-boot': { ...here, boot: 'another' },
    'x-of-another-host': { ...here, host: 'elsewhere', pid: 2 ** 22 + 1 },
    'x-of-another-container': { ...here, pidNamespace: 'pid:[1]', pid: 2 ** 22 + 1 },
    'x-not-an-owner': 'y',
    'y-killed': { ...here, pid: 2 ** 22 + 1 },
  };
  for (const [name, owner] of Object.entries(owners)) {
    mkdirSync(join(parent, name, 'spill'), { recursive: true });
    writeFileSync(join(parent, name, 'process.json'), JSON.stringify(owner));
  }
  mkdirSync(join(parent, 'x-without-owner'));
  symlinkSync(join(parent, 'y-killed'), join(parent, 'x-link'));
  const own = await createOwnedScratch(parent, 'x-');
  // Act
  await removeAbandonedScratch(parent, 'x-');
  // Assess
  const kept = ['x-link', 'x-not-an-owner', 'x-of-another-container', 'x-of-another-host', 'x-without-owner'];
  // Without an id of the machine, a folder from before its last start cannot be recognized.
  if (here.machine === undefined) kept.push('x-before-the-last-boot');
  expect(readdirSync(parent).sort()).toEqual([...kept, 'y-killed', own.slice(parent.length + 1)].sort());
});

test('a session removes what a killed process left, once it starts', async () => {
  const parent = folder();
  const left = join(parent, 'carbon-exports-scratch-abc');
  mkdirSync(left);
  writeFileSync(join(left, 'process.json'), JSON.stringify({ ...thisProcess(), pid: 2 ** 22 + 1 }));
  await withSession({ scratchParent: parent }, () => {
    expect(readdirSync(parent)).toEqual([expect.stringMatching(/^carbon-exports-scratch-(?!abc)/)]);
    return Promise.resolve();
  });
});

import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createScratchFolder } from '../../shared/base/scratch-folder';
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

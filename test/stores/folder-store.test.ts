import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { FolderStore } from '../../shared/stores/folder-store';
import { PreconditionFailedError } from '../../shared/stores/object-store';
import { scratch } from '../support/scratch';

const folder = scratch();

function storeIn(root = folder()): { root: string; store: FolderStore } {
  return { root, store: new FolderStore(root) };
}

test('an object is stored at the path that its key names', async () => {
  // Prepare
  const { root, store } = storeIn();
  // Act
  const tag = await store.put('a/b/c.json', 'content');
  // Assess
  expect(readFileSync(join(root, 'a', 'b', 'c.json'), 'utf8')).toBe('content');
  expect(await store.get('a/b/c.json')).toEqual({ body: Buffer.from('content'), etag: tag });
});

test('a missing object, folder or store is not an error', async () => {
  const { store } = storeIn(join(folder(), 'not', 'there'));
  expect(await store.get('a')).toBeUndefined();
  expect(await store.list('')).toEqual([]);
  expect(await store.list('a/b/')).toEqual([]);
  await expect(store.delete('a')).resolves.toBeUndefined();
});

test('a folder in place of an object is an error with its name', async () => {
  const { root, store } = storeIn();
  mkdirSync(join(root, 'a'));
  await expect(store.get('a')).rejects.toThrow('a: found a folder, expected a file');
});

describe('a file that cannot be opened is an error with its name', () => {
  test('a link to a file that does not exist', async () => {
    const { root, store } = storeIn();
    await store.put('usage/a.csv', '1');
    symlinkSync(join(root, 'not there'), join(root, 'usage', 'b.csv'));
    await expect(store.list('')).rejects.toMatchObject({
      kind: 'input',
      message:
        'usage/b.csv: found a link to a file that does not exist, expected a file: restore it, mount its volume or remove the link',
    });
  });

  test('a link to itself', async () => {
    const { root, store } = storeIn();
    symlinkSync(join(root, 'a'), join(root, 'a'));
    await expect(store.list('')).rejects.toThrow(
      /^a: it cannot be opened: it is a link that leads back to itself/,
    );
  });

  test('a name that is not valid UTF-8', async () => {
    const { root, store } = storeIn();
    writeFileSync(
      Buffer.concat([Buffer.from(`${root}/umsatz-`), Buffer.from([0xe4]), Buffer.from('.csv')]),
      '1',
    );
    await expect(store.list('')).rejects.toThrow(/^umsatz-.\.csv: found a name that is not valid UTF-8/);
  });

  test('a named pipe, which is neither listed nor read', async () => {
    const { root, store } = storeIn();
    execFileSync('mkfifo', [join(root, 'pipe.csv')]);
    const message = 'pipe.csv: found a named pipe (FIFO), expected a file';
    await expect(store.list('')).rejects.toThrow(message);
    await expect(store.get('pipe.csv')).rejects.toThrow(message);
    await expect(store.localCopy('pipe.csv')).rejects.toThrow(message);
  });

  test('a hidden link to nothing is a lock of an editor and is ignored', async () => {
    const { root, store } = storeIn();
    await store.put('a.csv', '1');
    symlinkSync('user@host.1', join(root, '.#a.csv'));
    expect(await store.list('')).toMatchObject([{ key: 'a.csv', size: 1 }]);
  });
});

test('lists by prefix, ordered by key, with sizes', async () => {
  // Prepare
  const { store } = storeIn();
  for (const key of ['b', 'a/2', 'a/10', 'a/1/x', 'ab', 'Z']) await store.put(key, key);
  // Act
  const keys = async (prefix: string): Promise<string[]> => (await store.list(prefix)).map(({ key }) => key);
  // Assess
  expect(await keys('')).toEqual(['Z', 'a/1/x', 'a/10', 'a/2', 'ab', 'b']);
  expect(await keys('a')).toEqual(['a/1/x', 'a/10', 'a/2', 'ab']);
  expect(await keys('a/1')).toEqual(['a/1/x', 'a/10']);
  expect(await store.list('a/10')).toMatchObject([{ key: 'a/10', size: 4 }]);
});

test('follows links to folders, as estates on mounted disks have them', async () => {
  const { root, store } = storeIn();
  const { root: other, store: elsewhere } = storeIn();
  await elsewhere.put('x/y', '1');
  symlinkSync(join(other, 'x'), join(root, 'linked'));
  expect((await store.list('')).map(({ key }) => key)).toEqual(['linked/y']);
});

test.each(['../outside', '/etc/passwd', 'a/../../outside'])('refuses the key %s', async (key) => {
  const { store } = storeIn();
  await expect(store.get(key)).rejects.toThrow('is outside');
  await expect(store.put(key, '')).rejects.toThrow('is outside');
});

describe('conditions', () => {
  test('ifNoneMatch puts only where nothing is', async () => {
    // Prepare
    const { store } = storeIn();
    await store.put('lock', 'first', { ifNoneMatch: '*' });
    // Act
    const second = store.put('lock', 'second', { ifNoneMatch: '*' });
    // Assess
    await expect(second).rejects.toThrow(PreconditionFailedError);
    await expect(second).rejects.toThrow('lock was changed by another run');
    expect((await store.get('lock'))?.body.toString()).toBe('first');
  });

  test('of many that create one object at once, exactly one succeeds and no reader sees a part', async () => {
    // Prepare
    const { root, store } = storeIn();
    const bodies = Array.from({ length: 20 }, (_, index) => String(index).repeat(10_000));
    // Act
    const puts = await Promise.allSettled(
      bodies.map((body) => store.put('a/lock', body, { ifNoneMatch: '*' })),
    );
    // Assess
    expect(puts.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(bodies).toContain((await store.get('a/lock'))?.body.toString());
    expect(readdirSync(join(root, '.uploads'))).toEqual([]);
  });

  test('an object that is created keeps no second name', async () => {
    const { root, store } = storeIn();
    await store.put('a', 'content', { ifNoneMatch: '*' });
    expect(statSync(join(root, 'a'))).toMatchObject({ nlink: 1, size: 7 });
  });

  test('ifMatch puts only over the content it names', async () => {
    // Prepare
    const { store } = storeIn();
    const tag = await store.put('state', 'one');
    await store.put('state', 'two');
    // Act and assess
    await expect(store.put('state', 'three', { ifMatch: tag })).rejects.toThrow(PreconditionFailedError);
    await expect(store.put('none', 'three', { ifMatch: tag })).rejects.toThrow(PreconditionFailedError);
    expect((await store.get('state'))?.body.toString()).toBe('two');
  });
});

describe('uploads', () => {
  test('a file replaces an object at once: who has the old one open reads it to its end', async () => {
    // Prepare
    const { root, store } = storeIn();
    await store.put('data', 'old');
    const before = statSync(join(root, 'data')).ino;
    const source = join(folder(), 'new');
    writeFileSync(source, 'new content');
    // Act
    await store.putFile('data', source);
    // Assess
    expect(readFileSync(join(root, 'data'), 'utf8')).toBe('new content');
    expect(statSync(join(root, 'data')).ino).not.toBe(before);
    expect(readFileSync(source, 'utf8')).toBe('new content');
  });

  test('a put that fails leaves the object as it was, and nothing beside it', async () => {
    // Prepare
    const { root, store } = storeIn();
    await store.put('data', 'old');
    // Act
    await expect(store.putFile('data', join(root, 'missing'))).rejects.toMatchObject({ code: 'ENOENT' });
    // Assess
    expect(readFileSync(join(root, 'data'), 'utf8')).toBe('old');
    expect(readdirSync(join(root, '.uploads'))).toEqual([]);
  });

  test('what a killed run left is in no listing, and is swept', async () => {
    // Prepare
    const { root, store } = storeIn();
    mkdirSync(join(root, '.uploads'));
    writeFileSync(join(root, '.uploads', 'half'), 'ha');
    // Act
    const listed = await store.list('');
    await store.sweep();
    // Assess
    expect(listed).toEqual([]);
    expect(existsSync(join(root, '.uploads'))).toBe(false);
  });
});

describe('a local copy', () => {
  test.each([
    {
      what: 'written to',
      change: (path: string) => {
        writeFileSync(path, 'x');
      },
    },
    {
      what: 'replaced by another of the same size',
      change: (path: string) => {
        writeFileSync(`${path}.new`, 'NEW');
        renameSync(`${path}.new`, path);
      },
    },
    {
      what: 'removed',
      change: (path: string) => {
        renameSync(path, `${path}.gone`);
      },
    },
  ])('is no longer current once the file was $what', async ({ change }) => {
    // Prepare
    const { root, store } = storeIn();
    await store.put('table.csv', 'old');
    const copy = await store.localCopy('table.csv');
    expect(await copy.isCurrent()).toBe(true);
    // Act
    change(join(root, 'table.csv'));
    // Assess
    expect(await copy.isCurrent()).toBe(false);
  });

  test('of a missing object is an error', async () => {
    const { store } = storeIn();
    await expect(store.localCopy('table.csv')).rejects.toMatchObject({ code: 'ENOENT' });
  });
});

describe('the version of a listed file', () => {
  test('is absent for a file that was changed just now, whose times may not change with the next change', async () => {
    const { root, store } = storeIn();
    writeFileSync(join(root, 'a.csv'), '1');
    const clock = jest.spyOn(Date, 'now').mockReturnValue(statSync(join(root, 'a.csv')).mtimeMs + 10);
    const [object] = await store.list('');
    clock.mockRestore();
    expect(object).toEqual({ key: 'a.csv', size: 1 });
  });

  test.each([
    ['a put', (store: FolderStore) => store.put('a.csv', '1')],
    ['a first put', (store: FolderStore) => store.put('a.csv', '1', { ifNoneMatch: '*' })],
    ['a file', (store: FolderStore, source: string) => store.putFile('a.csv', source)],
  ])(
    'is known at once after %s of the store itself, until another process changes the file',
    async (_, write) => {
      // Prepare
      const { root, store } = storeIn();
      const source = join(folder(), 'source.csv');
      writeFileSync(source, '1');
      // Act
      await write(store, source);
      // Assess
      const [object] = await store.list('');
      expect(object?.fileVersion).toBeDefined();
      expect(await new FolderStore(root).list('')).toEqual([{ key: 'a.csv', size: 1 }]);
      writeFileSync(join(root, 'a.csv'), '22');
      expect(await store.list('')).toEqual([{ key: 'a.csv', size: 2 }]);
    },
  );

  test('changes with the content, also where size and time of modification stay', async () => {
    // Prepare
    const { root, store } = storeIn();
    const path = join(root, 'a.csv');
    const later = Date.now() + 60_000;
    const versionLater = async (): Promise<string | undefined> => {
      const clock = jest.spyOn(Date, 'now').mockReturnValue(later);
      const [object] = await store.list('');
      clock.mockRestore();
      return object?.fileVersion;
    };
    writeFileSync(path, '1');
    utimesSync(path, 1_000, 1_000);
    const before = await versionLater();
    // Act
    await setTimeout(20);
    writeFileSync(path, '2');
    utimesSync(path, 1_000, 1_000);
    // Assess
    expect(before).toBeDefined();
    expect(await versionLater()).not.toBe(before);
    expect(await versionLater()).toBe(await versionLater());
  });
});

import { FolderStore } from '../../shared/stores/folder-store';
import type { StoredObject } from '../../shared/stores/object-store';
import { ListedExports, ListedInputs } from '../../shared/stores/remembered-listings';
import { scratch } from '../support/scratch';

const folder = scratch();

class CountingStore extends FolderStore {
  readonly listed: string[] = [];

  override list(prefix: string): Promise<StoredObject[]> {
    this.listed.push(prefix);
    return super.list(prefix);
  }
}

async function storeWith(...keys: readonly string[]): Promise<CountingStore> {
  const store = new CountingStore(folder());
  for (const key of keys) await store.put(key, key);
  return store;
}

const keysOf = (objects: readonly StoredObject[]): string[] => objects.map(({ key }) => key);

test('inputs are listed once', async () => {
  const store = await storeWith('a/1', 'a/2', 'b');
  const listed = new ListedInputs(store);
  expect(keysOf(await listed.list('a/'))).toEqual(['a/1', 'a/2']);
  await store.put('a/3', '3');
  expect(keysOf(await listed.list('a/2'))).toEqual(['a/2']);
  expect(keysOf(await listed.list(''))).toEqual(['a/1', 'a/2', 'b']);
  expect(store.listed).toEqual(['']);
});

test('exports below a prefix that was not listed are listed', async () => {
  const store = await storeWith('a/1', 'ab/1');
  const listed = new ListedExports(store);
  await listed.list('a/');
  expect(keysOf(await listed.list('a'))).toEqual(['a/1', 'ab/1']);
  expect(store.listed).toEqual(['a/', 'a']);
});

test.each([
  ['put', (exports: ListedExports) => exports.put('a/data/2', '2'), ['a/data/1', 'a/data/2']],
  ['deleted', (exports: ListedExports) => exports.delete('a/data/1'), []],
])('an object that is %s is listed as it is now, and other objects from memory', async (_, write, data) => {
  const store = await storeWith('a/data/1', 'a/state/1');
  const exports = new ListedExports(store);
  await exports.list('a/');
  await write(exports);
  expect(keysOf(await exports.list('a/state/'))).toEqual(['a/state/1']);
  expect(store.listed).toEqual(['a/']);
  expect(keysOf(await exports.list('a/data/'))).toEqual(data);
  expect(keysOf(await exports.list('a/data/'))).toEqual(data);
  expect(store.listed).toEqual(['a/', 'a/data/']);
});

test('an object that another run wrote first is listed as it is now', async () => {
  const store = await storeWith();
  const exports = new ListedExports(store);
  expect(await exports.list('')).toEqual([]);
  await store.put('a', '1');
  await expect(exports.put('a', '2', { ifNoneMatch: '*' })).rejects.toThrow('a was changed by another run');
  expect(keysOf(await exports.list(''))).toEqual(['a']);
});

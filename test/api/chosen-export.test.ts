import { chosenExport } from '../../api/chosen-export';
import { FolderStore } from '../../shared/stores/folder-store';
import { EstateFolder } from '../support/estate-folder';
import { scratch } from '../support/scratch';

const folder = scratch();

function storeOf(records: Readonly<Record<string, object>>): FolderStore {
  const exports = new EstateFolder(folder());
  for (const [exportName, more] of Object.entries(records)) {
    const record = { exportName, format: 'parquet', ...more };
    exports.write(`${exportName}/state/export.json`, JSON.stringify(record));
  }
  return new FolderStore(exports.path);
}

const BREAKDOWN = { splitBy: 'tag:team' };

test.each([
  ['the one that was asked for', { a: {}, b: {} }, 'x', 'x'],
  ['the only one', { 'carbon-emissions-aws': {} }, undefined, 'carbon-emissions-aws'],
  ['the only one that is not a breakdown', { a: {}, 'a-by-tag-team': BREAKDOWN }, undefined, 'a'],
  ['the only one that is not a companion', { a: {}, 'a-scope-3': {} }, undefined, 'a'],
  ['the default among several', { a: {}, 'carbon-emissions': {} }, undefined, 'carbon-emissions'],
  ['the default where the folder has no export', {}, undefined, 'carbon-emissions'],
])('%s', async (_, records, asked, expected) => {
  expect(await chosenExport(storeOf(records), 'out', asked)).toBe(expected);
});

test('several without the default are an error that lists them', async () => {
  const store = storeOf({ a: {}, b: {}, 'b-by-tag-team': BREAKDOWN });
  await expect(chosenExport(store, 'out', undefined)).rejects.toThrow(
    'out: found the exports a, b, expected one; set --export-name to one of them',
  );
});

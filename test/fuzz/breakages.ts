import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import type { Breakage, EstateFiles } from './breakage';
import { FILE_BREAKAGES } from './file-breakages';
import { NASTY_TEXTS } from './nasty-texts';

/** Picks by a number from 0 to 1, so that a breakage applies to an estate of any size. */
function at<T>(items: readonly T[], share: number): T | undefined {
  return items[Math.min(items.length - 1, Math.floor(share * items.length))];
}

const share = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
const nasty = fc.constantFrom(...NASTY_TEXTS);
const fileOf = (files: EstateFiles, place: number): string => at([...files.keys()].sort(), place) ?? '';

/** Fields of a plain CSV; the estates have no quotes. */
type Table = string[][];

function withTable(files: EstateFiles, file: string, change: (table: Table) => void): void {
  const content = files.get(file);
  if (content === undefined || !file.endsWith('.csv')) return;
  const table = content
    .toString('utf8')
    .trimEnd()
    .split('\n')
    .map((line) => line.split(','));
  change(table);
  files.set(file, Buffer.from(table.map((fields) => `${fields.map(quoted).join(',')}\n`).join('')));
}

function quoted(field: string): string {
  return /[",\r\n]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field;
}

const BYTES: fc.Arbitrary<Breakage> = fc
  .record({
    place: share,
    where: share,
    bytes: fc.uint8Array({ minLength: 1, maxLength: 4 }),
    kind: fc.constantFrom('replace', 'insert', 'cut', 'drop'),
  })
  .map(({ place, where, bytes, kind }) => ({
    name: `bytes ${kind}`,
    apply: (files) => {
      const file = fileOf(files, place);
      const content = files.get(file) ?? Buffer.alloc(0);
      const index = Math.floor(where * content.length);
      const [head, tail] = [content.subarray(0, index), content.subarray(index)];
      const broken = {
        replace: () => Buffer.concat([head, bytes, tail.subarray(bytes.length)]),
        insert: () => Buffer.concat([head, bytes, tail]),
        cut: () => head,
        drop: () => Buffer.concat([head, tail.subarray(bytes.length)]),
      };
      files.set(file, broken[kind]());
    },
  }));

const CELL: fc.Arbitrary<Breakage> = fc
  .record({ place: share, row: share, column: share, text: nasty })
  .map(({ place, row, column, text }) => ({
    name: `cell ${JSON.stringify(text.slice(0, 20))}`,
    apply: (files) => {
      withTable(files, fileOf(files, place), (table) => {
        const fields = at(table.slice(1), row);
        if (fields !== undefined) fields[Math.floor(column * fields.length)] = text;
      });
    },
  }));

const NUMBER: fc.Arbitrary<Breakage> = fc
  .record({
    place: share,
    row: share,
    column: share,
    value: fc.double({ noNaN: true, min: -1e22, max: 1e22 }),
    small: fc.boolean(),
  })
  .map(({ place, row, column, value, small }) => ({
    name: `number ${String(small ? value / 1e22 : value)}`,
    apply: (files) => {
      withTable(files, fileOf(files, place), (table) => {
        const fields = at(table.slice(1), row);
        if (fields !== undefined)
          fields[Math.floor(column * fields.length)] = String(small ? value / 1e22 : value);
      });
    },
  }));

const COLUMNS: fc.Arbitrary<Breakage> = fc
  .record({
    place: share,
    column: share,
    kind: fc.constantFrom('drop', 'twice', 'swap', 'rename', 'shout', 'many'),
    text: nasty,
  })
  .map(({ place, column, kind, text }) => ({
    name: `columns ${kind}`,
    apply: (files) => {
      withTable(files, fileOf(files, place), (table) => {
        const [header = []] = table;
        const index = Math.floor(column * header.length);
        for (const fields of table) {
          if (kind === 'drop') fields.splice(index, 1);
          if (kind === 'twice') fields.push(fields[index] ?? '');
          if (kind === 'swap') fields.reverse();
          if (kind === 'many') fields.push(...Array.from({ length: 500 }, (_, extra) => `x${String(extra)}`));
        }
        if (kind === 'rename') header[index] = text;
        if (kind === 'shout') header[index] = (header[index] ?? '').toUpperCase();
      });
    },
  }));

const ROWS: fc.Arbitrary<Breakage> = fc
  .record({
    place: share,
    row: share,
    kind: fc.constantFrom('twice', 'drop', 'short', 'long', 'none', 'thousand', 'shuffle'),
  })
  .map(({ place, row, kind }) => ({
    name: `rows ${kind}`,
    apply: (files) => {
      withTable(files, fileOf(files, place), (table) => {
        const index = 1 + Math.floor(row * Math.max(0, table.length - 1));
        const fields = table[index];
        if (fields === undefined) return;
        if (kind === 'twice') table.push([...fields]);
        if (kind === 'drop') table.splice(index, 1);
        if (kind === 'short') fields.pop();
        if (kind === 'long') fields.push('more');
        if (kind === 'none') table.splice(1);
        if (kind === 'thousand') table.push(...Array.from({ length: 1_000 }, () => [...fields]));
        if (kind === 'shuffle') table.push(...table.splice(1, index - 1));
      });
    },
  }));

/** Changes a name in all files: the estate stays valid unless the new name is invalid. */
const RENAME: fc.Arbitrary<Breakage> = fc
  .record({
    name: fc.constantFrom('A', 'B', 'c1', 's1', 'g1', 'r1', 'r2', 'oil', 'litre', 'k1', '000000000001'),
    text: nasty,
  })
  .map(({ name, text }) => ({
    name: `rename ${name} to ${JSON.stringify(text.slice(0, 20))}`,
    apply: (files) => {
      for (const file of [...files.keys()]) {
        withTable(files, file, (table) => {
          for (const fields of table.slice(1)) {
            fields.forEach((field, index) => {
              if (field === name) fields[index] = text;
            });
          }
        });
      }
    },
  }));

const ENCODING: fc.Arbitrary<Breakage> = fc
  .record({
    place: share,
    kind: fc.constantFrom(
      'bom',
      'crlf',
      'cr',
      'utf16',
      'latin1',
      'gzip',
      'cut gzip',
      'no gzip',
      'no parquet',
      'quotes',
    ),
  })
  .map(({ place, kind }) => ({
    name: `encoding ${kind}`,
    apply: (files) => {
      const file = fileOf(files, place);
      const text = (files.get(file) ?? Buffer.alloc(0)).toString('utf8');
      const renamed = (ending: string, content: Buffer): void => {
        files.delete(file);
        files.set(file.replace(/\.csv$/, ending), content);
      };
      const zipped = gzipSync(text);
      const encodings: Readonly<Record<typeof kind, () => void>> = {
        bom: () => files.set(file, Buffer.from(`\ufeff${text}`)),
        crlf: () => files.set(file, Buffer.from(text.replaceAll('\n', '\r\n'))),
        cr: () => files.set(file, Buffer.from(text.replaceAll('\n', '\r'))),
        utf16: () => files.set(file, Buffer.from(`\ufeff${text}`, 'utf16le')),
        latin1: () => files.set(file, Buffer.from(`${text}é`, 'latin1')),
        quotes: () => files.set(file, Buffer.from(text.replace(/[^,\n]+/g, '"$&"'))),
        gzip: () => {
          renamed('.csv.gz', zipped);
        },
        'cut gzip': () => {
          renamed('.csv.gz', zipped.subarray(0, zipped.length / 2));
        },
        'no gzip': () => {
          renamed('.csv.gz', Buffer.from(text));
        },
        'no parquet': () => {
          renamed('.parquet', Buffer.from(text));
        },
      };
      encodings[kind]();
    },
  }));

const FILES: fc.Arbitrary<Breakage> = fc
  .record({
    place: share,
    kind: fc.constantFrom('drop', 'copy', 'empty', 'move', 'stray', 'odd name'),
    name: fc.constantFrom(
      'a*b.csv',
      'a?[b].csv',
      "a'b.csv",
      'a b.csv',
      'usage_period=2030-01.csv',
      '$1.csv',
      'ü.csv',
      '-.csv',
      'x.parquet',
    ),
  })
  .map(({ place, kind, name }) => ({
    name: `files ${kind} ${name}`,
    apply: (files) => {
      const file = fileOf(files, place);
      const content = files.get(file) ?? Buffer.alloc(0);
      const folder = file.includes('/') ? file.slice(0, file.lastIndexOf('/') + 1) : '';
      if (kind === 'drop') files.delete(file);
      if (kind === 'copy') files.set(`${folder}copy-of.csv`, content);
      if (kind === 'empty') files.set(file, Buffer.alloc(0));
      if (kind === 'move') {
        files.delete(file);
        files.set(file.replace(/usage_period=[\d-]+/, 'usage_period=2025-1'), content);
      }
      if (kind === 'stray') files.set(`${folder}notes.txt`, content);
      if (kind === 'odd name') {
        files.delete(file);
        files.set(folder + name, content);
      }
    },
  }));

const SETTINGS: fc.Arbitrary<Breakage> = fc
  .record({
    text: fc.constantFrom(
      '',
      '{',
      '[]',
      'null',
      '1',
      '{"pad_account_ids":"yes"}',
      '{"x":1}',
      '{"__proto__":{"a":1}}',
      '{"pad_account_ids":true}',
      '\ufeff{}',
    ),
    file: fc.constantFrom('settings.json', 'accounts.json'),
  })
  .map(({ text, file }) => ({
    name: `${file} ${text}`,
    apply: (files) => {
      files.set(file, Buffer.from(text));
    },
  }));

/** One to three ways to break an estate. */
export const BREAKAGES: fc.Arbitrary<Breakage[]> = fc
  .array(
    fc.oneof(
      { weight: 3, arbitrary: BYTES },
      { weight: 6, arbitrary: CELL },
      { weight: 3, arbitrary: NUMBER },
      { weight: 2, arbitrary: COLUMNS },
      { weight: 2, arbitrary: ROWS },
      { weight: 4, arbitrary: RENAME },
      { weight: 2, arbitrary: ENCODING },
      { weight: 2, arbitrary: FILES },
      { weight: 1, arbitrary: SETTINGS },
      { weight: 4, arbitrary: FILE_BREAKAGES },
    ),
    { minLength: 1, maxLength: 3 },
  )
  .map((breakages) =>
    // Counterexamples are shown by their names.
    breakages.map((breakage) => ({ ...breakage, [fc.toStringMethod]: () => breakage.name })),
  );

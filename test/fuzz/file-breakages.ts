import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import type { Breakage, EstateFiles } from './breakage';

/** Bytes that no valid table has, or a record that is too long. */
const CONTENTS: Readonly<Record<string, (content: Buffer) => Buffer>> = {
  'NUL bytes at the end': (content) => Buffer.concat([content, Buffer.alloc(4_096)]),
  'NUL bytes in the middle': (content) => {
    const middle = Math.floor(content.length / 2);
    return Buffer.concat([content.subarray(0, middle), Buffer.alloc(16), content.subarray(middle)]);
  },
  'a field of 3 MB in the last record': (content) =>
    Buffer.concat([content.subarray(0, -1), Buffer.alloc(3_000_000, 'x'), Buffer.from('\n')]),
  'a record of 3 MB of commas': (content) =>
    Buffer.concat([content, Buffer.alloc(3_000_000, ','), Buffer.from('\n')]),
  'UTF-16 without a mark': (content) => Buffer.from(content.toString('utf8'), 'utf16le'),
};

/** Entries of a folder that are not files, in place of a file or next to it. */
const ENTRIES: Readonly<Record<string, (path: string) => void>> = {
  'a dangling link': (path) => {
    symlinkSync('/nowhere/at/all.csv', path);
  },
  'a FIFO': (path) => {
    execFileSync('mkfifo', [path]);
  },
  'a folder': (path) => {
    mkdirSync(path);
  },
  'a name that is not UTF-8': (path) => {
    writeFileSync(Buffer.concat([Buffer.from(dirname(path)), Buffer.from('/caf\xe9.csv', 'latin1')]), 'x\n');
  },
};

const keysOf = (kinds: object): fc.Arbitrary<string> => fc.constantFrom(...Object.keys(kinds));
const share = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
const fileAt = (files: EstateFiles, place: number): string => {
  const names = [...files.keys()].sort();
  return names[Math.floor(place * names.length)] ?? '';
};

const CONTENT: fc.Arbitrary<Breakage> = fc
  .record({ place: share, kind: keysOf(CONTENTS) })
  .map(({ place, kind }) => ({
    name: kind,
    apply: (files) => {
      const file = fileAt(files, place);
      const changed = CONTENTS[kind]?.(files.get(file) ?? Buffer.alloc(0));
      if (changed !== undefined) files.set(file, changed);
    },
  }));

const ENTRY: fc.Arbitrary<Breakage> = fc
  .record({ place: share, kind: keysOf(ENTRIES), isBeside: fc.boolean() })
  .map(({ place, kind, isBeside }) => ({
    name: `${kind} ${isBeside ? 'next to' : 'in place of'} a file`,
    apply: () => undefined,
    onDisk: (inputs, files) => {
      const file = fileAt(files, place);
      const path = join(inputs, isBeside ? join(dirname(file), 'part-9.csv') : file);
      rmSync(path, { recursive: true, force: true });
      ENTRIES[kind]?.(path);
    },
  }));

/** A column name that is there twice, with the same values. */
const HEADER: fc.Arbitrary<Breakage> = fc
  .record({ place: share, column: share, other: share })
  .map(({ place, column, other }) => ({
    name: 'a column name that is there twice',
    apply: (files) => {
      const file = fileAt(files, place);
      if (!file.endsWith('.csv')) return;
      const [first = '', ...lines] = (files.get(file) ?? '').toString().split('\n');
      const header = first.split(',');
      header[Math.floor(column * header.length)] = header[Math.floor(other * header.length)] ?? '';
      files.set(file, Buffer.from([header.join(','), ...lines].join('\n')));
    },
  }));

/** Returns the accounts of a file; undefined where an earlier breakage left no list of accounts. */
function accountsIn(content: Buffer | undefined): readonly unknown[] | undefined {
  try {
    const { Accounts: accounts } = JSON.parse(content?.toString() ?? '{}') as { Accounts?: unknown };
    return Array.isArray(accounts) ? accounts : undefined;
  } catch {
    return undefined;
  }
}

/** The list of accounts as two pages in one file, or only the first page. */
const PAGES: fc.Arbitrary<Breakage> = fc.boolean().map((isFirstAlone) => ({
  name: isFirstAlone ? 'only the first page of the accounts' : 'two pages of accounts in one file',
  apply: (files) => {
    const accounts = accountsIn(files.get('accounts.json'));
    if (accounts === undefined) return;
    const first = JSON.stringify({ Accounts: accounts.slice(0, 2), NextToken: 'token' });
    const second = JSON.stringify({ Accounts: accounts.slice(2) });
    files.set('accounts.json', Buffer.from(isFirstAlone ? first : `${first}\n${second}\n`));
  },
}));

/** A delivery of AWS Data Exports whose manifest names no file. */
const MANIFEST: fc.Arbitrary<Breakage> = fc.constantFrom('focus', 'cur').map((table) => ({
  name: `a manifest of ${table} with empty dataFiles`,
  apply: (files) => {
    const partition = table === 'focus' ? 'billing_period=2025-01' : 'BILLING_PERIOD=2025-01';
    const bill = files.get(`${table}/usage_period=2025-01/bill.csv`);
    if (bill === undefined) return;
    files.delete(`${table}/usage_period=2025-01/bill.csv`);
    files.set(`${table}/bills/data/${partition}/bill-00001.csv`, bill);
    files.set(`${table}/bills/metadata/${partition}/bills-Manifest.json`, Buffer.from('{"dataFiles":[]}'));
  },
}));

/** Ways to break the files of an estate rather than the values in them. */
export const FILE_BREAKAGES: fc.Arbitrary<Breakage> = fc.oneof(
  { weight: 3, arbitrary: CONTENT },
  { weight: 3, arbitrary: ENTRY },
  { weight: 1, arbitrary: HEADER },
  { weight: 1, arbitrary: PAGES },
  { weight: 1, arbitrary: MANIFEST },
);

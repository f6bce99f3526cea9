import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { RecordScan } from '../../shared/estate/record-scan';

/** Scans a text in pieces of so many bytes. */
function scanned(text: string, pieceBytes: number): RecordScan | ReturnType<RecordScan['take']> {
  const scan = new RecordScan();
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; at += pieceBytes) {
    const problem = scan.take(bytes.subarray(at, at + pieceBytes));
    if (problem !== undefined) return problem;
  }
  return scan;
}

const recordsIn = (text: string, pieceBytes = 7): unknown => {
  const scan = scanned(text, pieceBytes);
  return scan instanceof RecordScan ? scan.records() : scan;
};

test.each([
  ['a,b\n1,2\n', 1],
  ['a,b\n1,2', 1],
  ['a,b\r\n1,2\r\n3,4\r\n', 2],
  ['a,b\r1,2\r3,4\r', 2],
  ['a,b\n\n1,2\n\n\n3,4\n\n', 2],
  ['a,b\n"1\n2","3""\n4"\n', 1],
  ['a,b\n', 0],
  ['a,b', 0],
  ['', 0],
])('%j has %i records', (text, count) => {
  expect(recordsIn(text)).toBe(count);
});

test('counts as a CSV parser does, with pieces of any size', () => {
  const field = fc.string({ unit: fc.constantFrom('x', '"', ',', '\n', '\r', ' ', 'é'), maxLength: 6 });
  fc.assert(
    fc.property(
      fc.array(fc.tuple(field, field), { minLength: 1, maxLength: 8 }),
      fc.constantFrom('\n', '\r\n', '\r'),
      fc.integer({ min: 1, max: 9 }),
      (rows, lineBreak, pieceBytes) => {
        const quoted = (text: string): string => `"${text.replaceAll('"', '""')}"`;
        const text = rows.map((row) => row.map(quoted).join(',') + lineBreak).join('');
        const parsed: unknown[] = parse(text, { record_delimiter: ['\r\n', '\n', '\r'] });
        expect(recordsIn(text, pieceBytes)).toBe(parsed.length - 1);
      },
    ),
    { seed: 7, numRuns: 300 },
  );
});

test('a NUL byte is found with its record', () => {
  expect(recordsIn('a,b\n1,2\n3,\0\n')).toEqual({ expected: 'text in UTF-8; found a NUL byte', row: 2 });
  expect(recordsIn('a,\0b\n1,2\n')).toEqual({ expected: 'text in UTF-8; found a NUL byte', row: undefined });
});

test('a record over 2 MB is found, in one piece or in several', () => {
  const text = `a,b\n1,2\n3,${'x'.repeat(2_000_000)}\n`;
  const problem = { expected: 'a record of at most 2 MB; found a longer one', row: 2 };
  expect([recordsIn(text, 1 << 20), recordsIn(text, 1 << 22)]).toEqual([problem, problem]);
});

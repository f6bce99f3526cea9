import { z } from 'zod';
import { parseJson, readJson, whyUnreadable } from '../../shared/base/json';

const schema = z.object({ name: z.string() });

test('a document that fits the schema is its value', () => {
  expect(readJson('{"name":"a","other":1}', schema)).toEqual({ value: { name: 'a' } });
});

test.each([
  ['UTF-8', Buffer.from('{"name":"ä"}')],
  ['UTF-8 with a byte order mark', Buffer.from('\ufeff{"name":"ä"}')],
  ['UTF-16 with a byte order mark', Buffer.from('\ufeff{"name":"ä"}', 'utf16le')],
  ['UTF-16, the higher byte first', Buffer.from('\ufeff{"name":"ä"}', 'utf16le').swap16()],
])('%s is read', (_encoding, content) => {
  expect(parseJson(content, schema)).toEqual({ name: 'ä' });
});

test.each(['', '{', 'text', '{"name":1}', '[]'])('%j has no value and a reason', (text) => {
  const reading = readJson(text, schema);
  expect(parseJson(text, schema)).toBeUndefined();
  if ('value' in reading) throw new Error('it has a value');
  expect(whyUnreadable(reading)).toMatch(/./);
});

test('an issue names the member', () => {
  expect(readJson('{"name":1}', schema)).toEqual({
    issues: [expect.objectContaining({ path: ['name'] })],
  });
});

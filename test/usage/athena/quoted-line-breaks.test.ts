import fc from 'fast-check';
import { QuotedLineBreaks } from '../../../shared/usage/athena/quoted-line-breaks';

function found(...chunks: readonly string[]): boolean {
  const breaks = new QuotedLineBreaks();
  for (const chunk of chunks) breaks.take(Buffer.from(chunk));
  return breaks.found;
}

test.each([
  ['a plain file', 'a,b\n1,2\n', false],
  ['quotes', '"a","b"\n"1","2"\n', false],
  ['quotes within quotes', '"a ""x"" b"\n"1"\n', false],
  ['a line break within quotes', '"a\nb"\n', true],
  ['a line break within quotes after quotes within quotes', '"a ""x\n"" b"\n', true],
  ['a carriage return within quotes', '"a\rb"\n', true],
  ['line breaks as Windows has them', '"a","b"\r\n"1","2"\r\n', false],
])('%s', (_what, text, expected) => {
  expect(found(text)).toBe(expected);
});

test('it does not matter how the bytes are cut', () => {
  const piece = fc.constantFrom('a', ',', '"', '""', '\n', '\r\n', '"\n"');
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 30 }), fc.nat(), (pieces, at) => {
      const text = pieces.join('');
      const cut = text.length === 0 ? 0 : at % text.length;
      // The text before a line break holds an odd number of quotes where one is open.
      const expected = [...text].some(
        (character, index) =>
          /[\r\n]/.test(character) && (text.slice(0, index).split('"').length - 1) % 2 === 1,
      );
      expect(found(text)).toBe(expected);
      expect(found(text.slice(0, cut), text.slice(cut))).toBe(expected);
      expect(found(...text)).toBe(expected);
    }),
  );
});

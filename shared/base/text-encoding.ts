/** Encodings by the byte order mark that begins a text. */
const BYTE_ORDER_MARKS = [
  { mark: [0xff, 0xfe], encoding: 'utf-16le' },
  { mark: [0xfe, 0xff], encoding: 'utf-16be' },
] as const;

/** Encodings that a text of an input may have. */
export type TextEncoding = 'utf-8' | (typeof BYTE_ORDER_MARKS)[number]['encoding'];

/** Returns the encoding of a text by its first bytes: UTF-16 where its byte order mark is there, else UTF-8. */
export function encodingOf(start: Uint8Array): TextEncoding {
  const found = BYTE_ORDER_MARKS.find(({ mark }) => mark.every((byte, at) => start[at] === byte));
  return found?.encoding ?? 'utf-8';
}

/** Returns the text of bytes in UTF-8, or in UTF-16 with a byte order mark, which is not part of the text. */
export function decodeText(content: Uint8Array): string {
  return new TextDecoder(encodingOf(content)).decode(content);
}

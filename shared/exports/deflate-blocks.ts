import { Buffer } from 'node:buffer';
import { prefixCode, type PrefixCode, reversed } from './prefix-code';

/*
 * Deflate (RFC 1951) of literals and repetitions that the caller finds. The bytes depend on these alone: zlib writes other
 * bytes in other releases of Node and on other processors.
 */

/** Literals and repetitions of a block. Blocks end by their number, so the cut of the input has no effect. */
const BLOCK = 262_144;
const END_OF_BLOCK = 256;
/** Farthest and longest repetition. */
export const FARTHEST = 32_768;
export const LONGEST_REPETITION = 258;

/** Table of RFC 1951, 3.2.5: the first value of each code, and how many bits follow it. */
interface Ranges {
  readonly first: Uint16Array;
  readonly extra: Uint8Array;
  /** Code by value. */
  readonly codeOf: Uint8Array;
}

function ranges(extra: readonly number[], start: number, end: number): Ranges {
  const first = new Uint16Array(extra.length);
  const codeOf = new Uint8Array(end + 1);
  let value = start;
  for (const [code, bits] of extra.entries()) {
    first[code] = value;
    codeOf.fill(code, value, value + 2 ** bits);
    value += 2 ** bits;
  }
  return { first, extra: Uint8Array.from(extra), codeOf };
}

const steps = (count: number, each: number): number[] =>
  Array.from({ length: count }, (_, index) => Math.max(0, Math.floor(index / each) - 1));

const LENGTHS = lengthRanges();
const DISTANCES = ranges(steps(30, 2), 1, FARTHEST);

/** The longest repetition has its own code without further bits. */
function lengthRanges(): Ranges {
  const { first, extra, codeOf } = ranges([...steps(28, 4), 0], 3, LONGEST_REPETITION);
  first[28] = LONGEST_REPETITION;
  codeOf[LONGEST_REPETITION] = 28;
  return { first, extra, codeOf };
}

/** Collects literals and repetitions and returns them as deflate blocks. */
export class DeflateBlocks {
  /** A literal, or length * 65536 + distance. */
  private readonly tokens = new Uint32Array(BLOCK);
  private count = 0;
  private output = Buffer.allocUnsafe(BLOCK * 8);
  private written = 0;
  private bits = 0;
  private used = 0;

  /** Adds the bytes up to the first `last` as they are, and returns where they end. */
  literalsTo(last: number, data: Uint8Array, start: number, end: number): number {
    const { tokens } = this;
    let at = start;
    while (at < end) {
      const room = Math.min(end, at + BLOCK - this.count);
      let { count } = this;
      let byte = -1;
      while (at < room && byte !== last) {
        byte = data[at] ?? 0;
        tokens[count] = byte;
        at += 1;
        count += 1;
      }
      this.count = count;
      if (count === BLOCK) this.endBlock();
      if (byte === last) break;
    }
    return at;
  }

  /** @param length 3 to {@link LONGEST_REPETITION} */
  repetition(length: number, distance: number): void {
    this.tokens[this.count] = length * 65_536 + distance;
    this.count += 1;
    if (this.count === BLOCK) this.endBlock();
  }

  /** Returns the bytes of the blocks that ended since the last call. */
  take(): Buffer {
    const bytes = this.output.subarray(0, this.written);
    this.output = Buffer.allocUnsafe(BLOCK * 8);
    this.written = 0;
    return bytes;
  }

  /** Ends the last block and the stream: an empty block of fixed codes is the last one. */
  end(): Buffer {
    if (this.count > 0) this.endBlock();
    this.put(0b011, 3);
    this.put(0, 7);
    this.put(0, (8 - (this.used % 8)) % 8);
    while (this.used > 0) this.flushByte();
    return this.take();
  }

  private endBlock(): void {
    this.reserve(BLOCK * 8);
    const { literals, distances } = this.codes();
    this.putHeader(literals, distances);
    for (let index = 0; index < this.count;) {
      index = this.putLiterals(index, literals);
      if (index < this.count) this.putRepetition(this.tokens[index] ?? 0, literals, distances);
      index += 1;
    }
    this.put(literals.codes[END_OF_BLOCK] ?? 0, literals.lengths[END_OF_BLOCK] ?? 0);
    this.count = 0;
  }

  /** The codes of the block. Two distances occur in any, so that every code is complete. */
  private codes(): { literals: PrefixCode; distances: PrefixCode } {
    const literals = new Uint32Array(286);
    const distances = new Uint32Array(30).fill(1, 0, 2);
    const add = (counts: Uint32Array, symbol: number): void => {
      counts[symbol] = (counts[symbol] ?? 0) + 1;
    };
    add(literals, END_OF_BLOCK);
    for (let index = 0; index < this.count; index += 1) {
      const token = this.tokens[index] ?? 0;
      if (token < END_OF_BLOCK) add(literals, token);
      else {
        add(literals, END_OF_BLOCK + 1 + (LENGTHS.codeOf[token >>> 16] ?? 0));
        add(distances, DISTANCES.codeOf[token & 0xffff] ?? 0);
      }
    }
    return { literals: prefixCode(literals), distances: prefixCode(distances) };
  }

  /** The lengths of the codes, each in four bits: a code for them would save a ten-thousandth of a block. */
  private putHeader(literals: PrefixCode, distances: PrefixCode): void {
    this.put(0b100, 3);
    this.put(literals.lengths.length - 257, 5);
    this.put(distances.lengths.length - 1, 5);
    this.put(19 - 4, 4);
    // Lengths of 16 to 18 are abbreviations that are not used; the others have codes of four bits.
    for (let place = 0; place < 19; place += 1) this.put(place < 3 ? 0 : 4, 3);
    for (const length of [...literals.lengths, ...distances.lengths]) this.put(reversed(length, 4), 4);
  }

  /** Adds literals up to the next repetition and returns its place. Nearly all time is spent here, so all is at hand. */
  private putLiterals(first: number, { codes, lengths }: PrefixCode): number {
    const { tokens, output, count } = this;
    let { bits, used, written } = this;
    let index = first;
    for (; index < count; index += 1) {
      const token = tokens[index] ?? 0;
      if (token >= END_OF_BLOCK) break;
      bits |= (codes[token] ?? 0) << used;
      used += lengths[token] ?? 0;
      if (used < 16) continue;
      output[written] = bits & 0xff;
      output[written + 1] = (bits >>> 8) & 0xff;
      written += 2;
      bits >>>= 16;
      used -= 16;
    }
    this.bits = bits;
    this.used = used;
    this.written = written;
    return index;
  }

  private putRepetition(token: number, literals: PrefixCode, distances: PrefixCode): void {
    const [length, distance] = [token >>> 16, token & 0xffff];
    const code = LENGTHS.codeOf[length] ?? 0;
    const symbol = END_OF_BLOCK + 1 + code;
    this.put(literals.codes[symbol] ?? 0, literals.lengths[symbol] ?? 0);
    this.put(length - (LENGTHS.first[code] ?? 0), LENGTHS.extra[code] ?? 0);
    const far = DISTANCES.codeOf[distance] ?? 0;
    this.put(distances.codes[far] ?? 0, distances.lengths[far] ?? 0);
    this.put(distance - (DISTANCES.first[far] ?? 0), DISTANCES.extra[far] ?? 0);
  }

  /** Adds up to 16 bits, lowest first. */
  private put(value: number, length: number): void {
    this.bits |= value << this.used;
    this.used += length;
    if (this.used < 16) return;
    this.flushByte();
    this.flushByte();
  }

  private flushByte(): void {
    this.output[this.written] = this.bits & 0xff;
    this.written += 1;
    this.bits >>>= 8;
    this.used -= 8;
  }

  private reserve(bytes: number): void {
    if (this.output.length - this.written >= bytes) return;
    const larger = Buffer.allocUnsafe(2 * this.output.length + bytes);
    this.output.copy(larger, 0, 0, this.written);
    this.output = larger;
  }
}

import { Buffer } from 'node:buffer';
import { prefixCode, type PrefixCode, reversed } from './prefix-code';

/*
 * Deflate (RFC 1951) of literals and repetitions that the caller finds. The bytes depend on these alone: zlib writes other
 * bytes in other releases of Node and on other processors.
 */

/**
 * Literals and repetitions of the first block, how much larger the next one is, and of the largest. Blocks end by their number,
 * so the cut of the input has no effect.
 */
const FIRST_BLOCK = 1_024;
const GROWTH = 4;
const LARGEST_BLOCK = 262_144;
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

/** Occurrences that the codes of the first block suit: many digits, some small letters. */
const USUAL = new Uint32Array(286).fill(1).fill(16, 48, 58).fill(4, 97, 123);

/** Bytes of output that a buffer has at first, and that are free whenever something is added. */
const OUTPUT = 1_048_576;
const FREE = 4_096;

/**
 * Writes literals and repetitions as deflate blocks. A block has the codes that suit the block before, so that each byte is
 * written at once.
 */
export class DeflateBlocks {
  private literals = prefixCode(USUAL);
  private distances = prefixCode(new Uint32Array(30).fill(1));
  /** Occurrences in the block. They begin at 1, because any symbol may occur in the next block. */
  private readonly literalCounts = new Uint32Array(286).fill(1);
  private readonly distanceCounts = new Uint32Array(30).fill(1);
  private size = FIRST_BLOCK;
  /** Literals and repetitions until the block ends. */
  private left = FIRST_BLOCK;
  private output = Buffer.alloc(OUTPUT);
  private written = 0;
  private bits = 0;
  private used = 0;

  constructor() {
    this.putHeader();
  }

  /** Adds the bytes up to the first `last` as they are, and returns where they end. */
  literalsTo(last: number, data: Uint8Array, start: number, end: number): number {
    let at = start;
    do at = this.addLiterals(last, data, at, end);
    while (at < end && data[at - 1] !== last);
    return at;
  }

  /** Adds as many of these bytes as the block and the buffer hold. Much of the time is spent here, so all is at hand. */
  private addLiterals(last: number, data: Uint8Array, start: number, end: number): number {
    const { literalCounts, output } = this;
    const { codes, lengths } = this.literals;
    let { bits, used, written } = this;
    const stop = Math.min(end, start + this.left, start + FREE / 4);
    let at = start;
    for (let byte = -1; at < stop && byte !== last; at += 1) {
      byte = data[at] ?? 0;
      literalCounts[byte] = (literalCounts[byte] ?? 0) + 1;
      bits |= (codes[byte] ?? 0) << used;
      used += lengths[byte] ?? 0;
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
    this.count(at - start);
    return at;
  }

  /** @param length 3 to {@link LONGEST_REPETITION} */
  repetition(length: number, distance: number): void {
    const { literals, distances, literalCounts, distanceCounts } = this;
    const code = LENGTHS.codeOf[length] ?? 0;
    const symbol = END_OF_BLOCK + 1 + code;
    literalCounts[symbol] = (literalCounts[symbol] ?? 0) + 1;
    this.putSymbol(literals, symbol);
    this.put(length - (LENGTHS.first[code] ?? 0), LENGTHS.extra[code] ?? 0);
    const far = DISTANCES.codeOf[distance] ?? 0;
    distanceCounts[far] = (distanceCounts[far] ?? 0) + 1;
    this.putSymbol(distances, far);
    this.put(distance - (DISTANCES.first[far] ?? 0), DISTANCES.extra[far] ?? 0);
    this.count(1);
  }

  /** Returns the bytes that are complete since the last call. */
  take(): Buffer {
    const bytes = Buffer.from(this.output.subarray(0, this.written));
    this.written = 0;
    return bytes;
  }

  /** Ends the stream: an empty block of fixed codes is the last one. */
  end(): Buffer {
    this.putSymbol(this.literals, END_OF_BLOCK);
    this.put(0b011, 3);
    this.put(0, 7);
    this.put(0, (8 - (this.used % 8)) % 8);
    while (this.used > 0) this.flushByte();
    return this.take();
  }

  /** Counts what was added. Makes the buffer larger, and begins the next block, where needed. */
  private count(added: number): void {
    if (this.output.length - this.written < FREE)
      this.output = Buffer.concat([this.output], 2 * this.output.length);
    this.left -= added;
    if (this.left > 0) return;
    this.putSymbol(this.literals, END_OF_BLOCK);
    this.literals = prefixCode(this.literalCounts);
    this.distances = prefixCode(this.distanceCounts);
    this.literalCounts.fill(1);
    this.distanceCounts.fill(1);
    this.size = Math.min(LARGEST_BLOCK, GROWTH * this.size);
    this.left = this.size;
    this.putHeader();
  }

  /** The lengths of the codes, each in four bits: a code for them would save a ten-thousandth of a block. */
  private putHeader(): void {
    const { literals, distances } = this;
    this.put(0b100, 3);
    this.put(literals.lengths.length - 257, 5);
    this.put(distances.lengths.length - 1, 5);
    this.put(19 - 4, 4);
    // Lengths of 16 to 18 are abbreviations that are not used; the others have codes of four bits.
    for (let place = 0; place < 19; place += 1) this.put(place < 3 ? 0 : 4, 3);
    for (const length of [...literals.lengths, ...distances.lengths]) this.put(reversed(length, 4), 4);
  }

  private putSymbol({ codes, lengths }: PrefixCode, symbol: number): void {
    this.put(codes[symbol] ?? 0, lengths[symbol] ?? 0);
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
}

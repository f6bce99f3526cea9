import { CarbonError } from '../base/carbon-error';
import type { StoredObject } from '../stores/object-store';

/** Memory and disk that a function has for one month. */
export interface Capacity {
  /** Bytes of memory for the engine. */
  readonly memoryBytes: number;
  /** Bytes free in the scratch folder. */
  readonly diskBytes: number;
}

/** Memory and disk that a month is expected to need. */
export interface MonthSize {
  /** Bytes of input as stored, compressed or not. */
  readonly inputBytes: number;
  /** Bytes of disk: the inputs' copies, the engine's spill and the data file. */
  readonly diskBytes: number;
  /** Bytes of memory below which the engine would mostly spill to disk. */
  readonly memoryBytes: number;
}

/** Per byte of input: its copy, the engine's spill and the data file. An estimate, not measured at a function's limit. */
const DISK_PER_INPUT_BYTE = 3;

/** Per byte of input, in addition to the least memory. */
const MEMORY_PER_INPUT_BYTE = 1;
const LEAST_MEMORY_BYTES = 256 * 2 ** 20;

/** The month's inputs are too large for the function. Retrying does not help; the limits must be raised. */
export class MonthTooLargeError extends CarbonError {
  constructor(message: string, options?: ErrorOptions) {
    super('state', message, options);
  }
}

/** Returns the memory and disk that a month with these inputs is expected to need. */
export function monthSizeOf(objects: readonly StoredObject[]): MonthSize {
  const inputBytes = objects.reduce((sum, { size }) => sum + size, 0);
  return {
    inputBytes,
    diskBytes: inputBytes * DISK_PER_INPUT_BYTE,
    memoryBytes: LEAST_MEMORY_BYTES + inputBytes * MEMORY_PER_INPUT_BYTE,
  };
}

/** Returns true when a month is expected to fit into the function. */
export function monthFits(size: MonthSize, capacity: Capacity): boolean {
  return shortages(size, capacity).length === 0;
}

/**
 * @param alternative what helps other than higher limits
 * @throws MonthTooLargeError when a month is expected to need more than the function has
 */
export function assertMonthFits(
  month: string,
  size: MonthSize,
  capacity: Capacity,
  alternative: string,
): void {
  const short = shortages(size, capacity);
  if (short.length === 0) return;
  throw new MonthTooLargeError(
    `${month} has ${inMb(size.inputBytes)} of input and needs ${short.join(' and ')}: raise the limits in cdk.json, ${alternative}`,
  );
}

function shortages(size: MonthSize, capacity: Capacity): string[] {
  return [
    ...(size.diskBytes > capacity.diskBytes
      ? [`${inMb(size.diskBytes)} of disk where ${inMb(capacity.diskBytes)} are free (limits.storageMb)`]
      : []),
    ...(size.memoryBytes > capacity.memoryBytes
      ? [
          `${inMb(size.memoryBytes)} of memory where the engine has ${inMb(capacity.memoryBytes)} (limits.memoryMb)`,
        ]
      : []),
  ];
}

function inMb(bytes: number): string {
  return `${Math.ceil(bytes / 1e6).toLocaleString('en-US')} MB`;
}

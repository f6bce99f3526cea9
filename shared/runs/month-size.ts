import { CarbonError } from '../base/carbon-error';
import type { StoredObject } from '../stores/object-store';

/** What a function can use for one month. */
export interface Capacity {
  /** Bytes of memory for the engine. */
  readonly memoryBytes: number;
  /** Bytes free in the scratch folder. */
  readonly diskBytes: number;
}

/** What a month is expected to take. */
export interface MonthSize {
  /** Bytes of input as stored, compressed or not. */
  readonly inputBytes: number;
  /** Bytes of disk: the inputs' copies, the engine's spill and the data file. */
  readonly diskBytes: number;
  /** Bytes of memory below which the engine would do little but spill. */
  readonly memoryBytes: number;
}

/**
 * Per byte of input: its copy, the engine's spill and the data file. A conservative estimate, not measured at the limit
 * of a function.
 */
const DISK_PER_INPUT_BYTE = 3;

/** Per byte of input, over what any month takes. */
const MEMORY_PER_INPUT_BYTE = 1;
const LEAST_MEMORY_BYTES = 256 * 2 ** 20;

/** The month's inputs are larger than what the function has. Retrying does not help; the limits have to be raised. */
export class MonthTooLargeError extends CarbonError {
  constructor(message: string, options?: ErrorOptions) {
    super('state', message, options);
  }
}

/** What a month with these inputs is expected to take. */
export function monthSizeOf(objects: readonly StoredObject[]): MonthSize {
  const inputBytes = objects.reduce((sum, { size }) => sum + size, 0);
  return {
    inputBytes,
    diskBytes: inputBytes * DISK_PER_INPUT_BYTE,
    memoryBytes: LEAST_MEMORY_BYTES + inputBytes * MEMORY_PER_INPUT_BYTE,
  };
}

/** True when a month is expected to take no more than there is. */
export function monthFits(size: MonthSize, capacity: Capacity): boolean {
  return shortages(size, capacity).length === 0;
}

/**
 * @param wayOut what helps beside higher limits
 * @throws MonthTooLargeError when a month is expected to take more than there is
 */
export function assertMonthFits(month: string, size: MonthSize, capacity: Capacity, wayOut: string): void {
  const short = shortages(size, capacity);
  if (short.length === 0) return;
  throw new MonthTooLargeError(
    `${month} has ${inMb(size.inputBytes)} of input and needs ${short.join(' and ')}: raise the limits in cdk.json, ${wayOut}`,
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

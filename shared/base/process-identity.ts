import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';
import { z } from 'zod';
import { defined } from './defined';
import { errorCode } from './error-info';

/**
 * What identifies a process beyond its number, which the kernel uses again. Members that the operating system does not
 * offer are absent: macOS and Windows have no /proc.
 */
export const processIdentitySchema = z.object({
  host: z.string(),
  pid: z.number(),
  /** Start of the process in clock ticks since the boot. */
  started: z.string().exactOptional(),
  /** Changes with every boot. */
  boot: z.string().exactOptional(),
  /** Containers have separate process numbers. */
  pidNamespace: z.string().exactOptional(),
  /** Stays the same over boots. */
  machine: z.string().exactOptional(),
});

/** See {@link processIdentitySchema}. */
export type ProcessIdentity = Readonly<z.infer<typeof processIdentitySchema>>;

/** Returns the identity of this process. */
export function thisProcess(): ProcessIdentity {
  const identity = {
    started: startOf('self'),
    boot: textOf(() => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8')),
    pidNamespace: textOf(() => readlinkSync('/proc/self/ns/pid')),
    machine: textOf(() => readFileSync('/etc/machine-id', 'utf8')),
  };
  return { host: hostname(), pid: process.pid, ...defined(identity) };
}

/**
 * Says whether a process still runs.
 *
 * @param here the process that asks
 * @returns undefined where it cannot be known from here, as for a process of another machine or container
 */
export function isRunning(other: ProcessIdentity, here: ProcessIdentity): boolean | undefined {
  if (other.host !== here.host) return undefined;
  if (other.boot !== here.boot) {
    const isSameMachine = other.machine !== undefined && other.machine === here.machine;
    return isSameMachine && other.boot !== undefined && here.boot !== undefined ? false : undefined;
  }
  if (other.pidNamespace !== here.pidNamespace) return undefined;
  if (!isProcessNumberInUse(other.pid)) return false;
  const started = startOf(String(other.pid));
  if (other.started !== undefined && started !== undefined) return started === other.started;
  // It is this process, or an earlier one with the same number, which this process knows.
  return other.pid === here.pid ? true : undefined;
}

/** Returns true while a process of this machine has this number. */
export function isProcessNumberInUse(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return errorCode(error) !== 'ESRCH';
  }
}

/** Field 22 of /proc/PID/stat. The name of the program, field 2, is in parentheses and may contain spaces. */
function startOf(pid: string): string | undefined {
  const stat = textOf(() => readFileSync(`/proc/${pid}/stat`, 'utf8'));
  return stat?.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
}

function textOf(read: () => string): string | undefined {
  try {
    const text = read().trim();
    return text === '' ? undefined : text;
  } catch {
    return undefined;
  }
}

import { z } from 'zod';
import { parseJson } from '../base/json';
import { modelVersionSchema } from '../base/model-version-id';
import { monthSchema } from '../base/value-schemas';
import { warningSchema } from '../base/warning';
import type { ObjectStore } from '../stores/object-store';
import { type ExportMonth, stateKey } from './layout';
import { monthSummarySchema } from './manifest-summary';

/** {@link MonthState} as it is stored. */
export const stateSchema = z.object({
  modelVersion: modelVersionSchema,
  month: monthSchema,
  status: z.enum(['pending', 'running', 'done', 'failed']),
  /** Digest of the inputs with which it was done or failed; absent where they could not be read. */
  fingerprint: z.string().optional(),
  /** Digest of the list of its inputs when it was last done. While it is the same, the inputs need not be read. */
  listing: z.string().optional(),
  executionId: z.string().optional(),
  asOf: z.string(),
  file: z.object({ key: z.string(), sha256: z.string(), bytes: z.number() }).optional(),
  /** Data file of the companion export, where the month has one. */
  companion: z.object({ exportName: z.string(), key: z.string(), bytes: z.number() }).exactOptional(),
  summary: monthSummarySchema.optional(),
  warnings: z.array(warningSchema).readonly().optional(),
  /** Why it failed. */
  error: z.string().optional(),
});

/** The state of a month of an export: whether it is done, and for which inputs. */
export type MonthState = z.infer<typeof stateSchema>;

/** Returns the state of a month, or undefined where it is missing or unreadable; the manifest then decides. */
export async function readState(
  store: ObjectStore,
  exportName: string,
  at: ExportMonth,
): Promise<MonthState | undefined> {
  const content = await store.get(stateKey(exportName, at));
  return content === undefined ? undefined : parseJson(content.body, stateSchema);
}

/** Writes the state of a month unless it is unchanged. */
export async function writeState(store: ObjectStore, exportName: string, state: MonthState): Promise<void> {
  const key = stateKey(exportName, state);
  const body = Buffer.from(`${JSON.stringify(state, undefined, 1)}\n`);
  const present = await store.get(key);
  if (present === undefined) await store.put(key, body, { ifNoneMatch: '*' });
  else if (!present.body.equals(body)) await store.put(key, body, { ifMatch: present.etag });
}

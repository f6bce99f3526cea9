import { z } from 'zod';
import { exportRecordKey } from '../exports/layout';
import type { ObjectStore } from '../stores/object-store';
import { PreconditionFailedError } from '../stores/object-store';
import { parseSplit, splitText } from '../usage/usage-split';
import type { UsageSplit } from '../usage/usage-split';
import type { ExportSettings } from './export-settings';

/** The export was set up otherwise than it is asked for now. */
export class ExportMismatchError extends Error {
  override readonly name = 'ExportMismatchError';
}

const recordSchema = z.object({ splitBy: z.string().optional() });

/** What the rows of an export are split by; undefined where they are not, or no record tells it. */
export async function splitOfExport(
  exports: ObjectStore,
  exportName: string,
): Promise<UsageSplit | undefined> {
  const present = await exports.get(exportRecordKey(exportName));
  if (present === undefined) return undefined;
  const { splitBy } = recordSchema.parse(JSON.parse(present.body.toString('utf8')));
  return splitBy === undefined ? undefined : parseSplit(splitBy);
}

/**
 * One format per export: Athena reads every file below data/, so a second format would be read as the first.
 *
 * @throws ExportMismatchError when the export holds another file format, other totals, or rows split by something else
 */
export async function assertSameFormat(exports: ObjectStore, settings: ExportSettings): Promise<void> {
  const key = exportRecordKey(settings.exportName);
  const { exportName, format, split, totals } = settings;
  const splitBy = split === undefined ? {} : { splitBy: splitText(split) };
  const record = `${JSON.stringify({ exportName, format, ...(totals === undefined ? {} : { totals }), ...splitBy }, undefined, 1)}\n`;
  try {
    await exports.put(key, record, { ifNoneMatch: '*' });
  } catch (error) {
    if (!(error instanceof PreconditionFailedError)) throw error;
    const present = await exports.get(key);
    if (present?.body.toString('utf8') !== record) {
      throw new ExportMismatchError(
        `export ${settings.exportName} holds another file format than ${format}, or ${totals === 'aws' ? "other totals than AWS's" : "AWS's totals"}${split === undefined ? '' : `, or another split than ${splitText(split)}`}: choose another export name (${exports.describe(key)})`,
      );
    }
  }
}

import { z } from 'zod';
import { CarbonError } from '../base/carbon-error';
import { defined } from '../base/defined';
import { parseJson, readJson, whyUnreadable } from '../base/json';
import { type ObjectStore, PreconditionFailedError, type StoredContent } from '../stores/object-store';
import { parseBreakdown, breakdownText, type Breakdown } from './breakdown';
import type { ExportSettings } from './export-settings';
import { exportRecordKey } from './layout';

/** The export was created with another file format, other totals or another breakdown. */
export class ExportMismatchError extends CarbonError {
  constructor(message: string, options?: ErrorOptions) {
    super('state', message, options);
  }
}

const recordSchema = z.object({
  exportName: z.string(),
  format: z.string(),
  /** Origin of the totals: `aws` is AWS's own export. @default - this program calculates them */
  totals: z.string().exactOptional(),
  splitBy: z.string().exactOptional(),
});

type ExportRecord = z.infer<typeof recordSchema>;

/**
 * Returns the breakdown of an export; undefined where its rows are not broken down, or it has no record.
 *
 * @throws CarbonError when the record cannot be read
 */
export async function breakdownOfExport(
  exports: ObjectStore,
  exportName: string,
): Promise<Breakdown | undefined> {
  const present = await exports.get(exportRecordKey(exportName));
  if (present === undefined) return undefined;
  const reading = readJson(present.body, recordSchema);
  if ('value' in reading) {
    const { splitBy } = reading.value;
    return splitBy === undefined ? undefined : parseBreakdown(splitBy);
  }
  throw new CarbonError(
    'state',
    `${exports.describe(exportRecordKey(exportName))}: found ${whyUnreadable(reading)}, expected the record that this program wrote; restore it from a copy`,
  );
}

/**
 * Records the settings that an export keeps, or checks them where they are recorded. Athena reads every file below data/,
 * so a second file format would be read as the first.
 *
 * @throws ExportMismatchError when the export holds another file format, other totals, or rows broken down by something else
 */
export async function assertFixedSettings(exports: ObjectStore, settings: ExportSettings): Promise<void> {
  const { exportName, format, breakdown, totals } = settings;
  const key = exportRecordKey(exportName);
  const record: ExportRecord = {
    ...{ exportName, format },
    ...defined({ totals, splitBy: breakdown && breakdownText(breakdown) }),
  };
  const present = (await exports.get(key)) ?? (await recorded(exports, key, record));
  const other = present && mismatchOf(parseJson(present.body, recordSchema), record);
  if (other === undefined) return;
  throw new ExportMismatchError(
    `export ${exportName} holds ${other}: choose another export name (${exports.describe(key)})`,
  );
}

/** Writes the record; returns the one that another run wrote at the same time. */
async function recorded(
  exports: ObjectStore,
  key: string,
  record: ExportRecord,
): Promise<StoredContent | undefined> {
  try {
    await exports.put(key, `${JSON.stringify(record, undefined, 1)}\n`, { ifNoneMatch: '*' });
    return undefined;
  } catch (error) {
    if (!(error instanceof PreconditionFailedError)) throw error;
    return exports.get(key);
  }
}

/** Returns what an export holds where it differs from the settings, or undefined where they agree. */
function mismatchOf(
  held: ExportRecord | undefined,
  { format, totals, splitBy }: ExportRecord,
): string | undefined {
  if (held === undefined) return 'a record that this program did not write';
  if (held.format !== format) return `another file format than ${format}`;
  if (held.totals !== totals) return totals === undefined ? "AWS's totals" : "other totals than AWS's";
  if (held.splitBy === splitBy) return undefined;
  return splitBy === undefined ? 'rows that are broken down' : `another breakdown than ${splitBy}`;
}

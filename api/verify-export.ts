import type { PackRequest } from '../shared/audit/pack/pack-sources';
import type { Verification, VerifiedMonth } from '../shared/audit/verify/verification';
import { verifyExport as verifyStore } from '../shared/audit/verify/verify-export';
import { defined } from '../shared/base/defined';
import { dayOf } from '../shared/base/instant';
import type { Progress } from '../shared/base/progress';
import { openInputs } from '../shared/estate/open-inputs';
import { assertFolder, assertPlaces, EXPORTS_FOLDER } from '../shared/runs/check-places';
import { openStore } from '../shared/stores/open-store';
import { chosenExport } from './chosen-export';
import { optionValue, VALUES } from './values';
import { withScratch } from './with-scratch';
import { assertPackFolder, writePack } from './write-pack';

/** What is verified. */
export interface VerifyOptions {
  /** The estate that the export was computed from: a folder, or `s3://bucket/prefix`. */
  readonly inputs: string;
  /** Folder of the exports, or `s3://bucket/prefix`. */
  readonly out: string;
  /** @default - the only export, or carbon-emissions among several */
  readonly exportName?: string;
  /** Only this month, `YYYY-MM`. @default - every published month */
  readonly month?: string;
  /** To be set where the run had it. @default - as settings.json says */
  readonly padAccountIds?: boolean;
  /** New or empty folder into which the files that a verifier asks for are written. @default - none is written */
  readonly pack?: string;
  /** Number of rows that the pack explains. @default - 10 */
  readonly sample?: number;
  /** Decides which rows are drawn. @default - the digest of the data files */
  readonly seed?: string;
  /** Called with the number of months, then after each month. @default - no one is informed */
  readonly progress?: Progress<VerifiedMonth>;
}

/**
 * Recomputes an export from its inputs in exact arithmetic, by code that is separate from the calculation, and compares
 * every published value. A difference is part of the result and not an error.
 *
 * @throws CarbonError of kind usage for a wrong option or location
 */
export async function verifyExport(options: VerifyOptions): Promise<Verification> {
  const { padAccountIds, progress, pack } = options;
  const month = optionValue('month', options.month, VALUES.month);
  await assertPlaces(options.inputs);
  await assertFolder(options.out, EXPORTS_FOLDER);
  if (pack !== undefined) await assertPackFolder(pack);
  return withScratch(async (scratch) => {
    const exports = await openStore(options.out, scratch);
    const overrides = defined({ padAccountIds });
    const verification = await verifyStore({
      inputs: () => openInputs(options.inputs, scratch),
      exports,
      exportName: await chosenExport(exports, options.out, options.exportName),
      overrides,
      ...defined({ month, progress }),
    });
    if (pack !== undefined) {
      const inputs = await openInputs(options.inputs, scratch);
      await writePack(pack, { verification, inputs, exports, overrides, ...packOf(options) });
    }
    return verification;
  });
}

/** Rows that a pack explains, where the number is not set. */
const SAMPLE = 10;

function packOf({
  inputs,
  out,
  sample = SAMPLE,
  seed,
}: VerifyOptions): Pick<PackRequest, 'places' | 'on' | 'sample' | 'seed'> {
  return { places: { inputs, out }, on: dayOf(new Date()), sample, ...defined({ seed }) };
}
